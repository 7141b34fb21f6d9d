// One thread's stream of facts into data files.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "duck/database.h"
#include "duck/parquet_appender.h"
#include "extract/fact_batch.h"
#include "extract/output_tables.h"

namespace extract {

// Not thread-safe. What finish() has not given away the destructor removes.
class FactWriter {
 public:
  FactWriter(duck::Database& database, const OutputTables& tables);

  // Appends the batch's rows to the tables' files and clears them.
  void write(FactBatch& batch);

  // Closes the files of one table after the other, and gives each table's to `keep`, which takes
  // them over: a later table may fail.
  void finish(const std::function<void(std::size_t table, std::vector<delta::AddFile>)>& keep);

  // Rows written to each table so far.
  const std::array<std::int64_t, kFactTableCount>& rows() const { return rows_; }

 private:
  std::vector<duck::ParquetAppender> appenders_;  // in the order of fact_tables()
  std::array<std::int64_t, kFactTableCount> rows_ = {};
};

}  // namespace extract
