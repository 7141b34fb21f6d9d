// The Delta table that one output is written to.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "delta/transaction.h"
#include "duck/copy_to_parquet.h"
#include "duck/database.h"
#include "duck/table_writer.h"
#include "engine/compiler/compile.h"

namespace engine {

// An output's table from before its first row to its commit. The table is looked at when the
// object is made, so that what cannot be written is refused before anything is computed.
//
// Append: the rows must fit the table's columns (append_columns.h); its partitioning stays.
// Overwrite: the table becomes what the spec says, all in one version: schema and partitioning
// are replaced when they differ, name, id and properties stay.
//
// A table that is not committed leaves no file and no new folder behind. Errors of the Delta
// library and of duck::TableWriter come through as they are; OUTPUT_SCHEMA_MISMATCH at
// Stage::kMaterialization when rows cannot be appended.
class OutputTable {
 public:
  // `run_id` (run_journal.h) makes a run that is tried again append nothing twice; empty:
  // each run appends.
  OutputTable(const CompiledOutput& output, std::string location, const std::string& run_id,
              duck::Database& database);

  // The version at which the rows of this very run were found in the table: there is nothing left
  // to do then.
  std::optional<std::int64_t> written_version() const { return writer_->written_version(); }

  // Streams the output's rows into data files.
  const duck::CopiedFiles& write(duck::Connection& connection);

  // Makes the files the table's next version. Afterwards they are the table's.
  delta::CommitResult commit(const std::map<std::string, std::string>& properties);

  const std::string& name() const { return output_->target.table_name; }
  const std::string& location() const { return location_; }

 private:
  const CompiledOutput* output_;
  std::string location_;
  std::unique_ptr<duck::TableWriter> writer_;
};

}  // namespace engine
