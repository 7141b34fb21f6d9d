// One thread's stream of facts into data files.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "duck/database.h"
#include "duck/parquet_appender.h"
#include "extract/fact_batch.h"
#include "extract/output_tables.h"

namespace extract {

// Not thread-safe. Without finish() the destructor removes what was written.
class FactWriter {
 public:
  FactWriter(duck::Database& database, const OutputTables& tables);

  // Appends the batch's rows to the tables' files and clears them.
  void write(FactBatch& batch);

  // Closes the files. They are the caller's from then on.
  TableFiles finish();

  // Rows written to each table so far.
  const std::array<std::int64_t, kFactTableCount>& rows() const { return rows_; }

 private:
  std::vector<duck::ParquetAppender> appenders_;  // in the order of fact_tables()
  std::array<std::int64_t, kFactTableCount> rows_ = {};
};

}  // namespace extract
