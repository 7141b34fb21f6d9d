// Writing the rows of a table anew into fewer, larger files, and together where they belong
// together: PROTOCOL.md, "Add File and Remove File" (dataChange) and "Clustered Table".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "duck/database.h"

namespace duck {

struct TableOptimizeOptions {
  std::string location;
  // Absent: what the table property delta.targetFileSize says, else 512 MiB.
  std::optional<std::int64_t> target_file_bytes = std::nullopt;
  // Top-level columns (logical names) by which rows are to lie together; not for clustered tables,
  // which have columns of their own for that.
  std::vector<std::string> zorder_by = {};
  std::stop_token stop = {};
  // How often what concurrent commits came before is tried again.
  int max_retries = 15;
};

struct TableOptimizeReport {
  std::optional<std::int64_t> version;  // absent: nothing was to be done, or nothing was left of it
  std::int64_t files_removed = 0;
  std::int64_t bytes_removed = 0;
  std::int64_t files_added = 0;
  std::int64_t bytes_added = 0;
  std::int64_t rows = 0;  // written anew
  std::int64_t bins = 0;  // in how many pieces, each of one partition
  std::int64_t deletion_vectors_removed = 0;
  std::vector<std::string> warnings;  // of delta::CommitResult
};

// Rewrites small files and those with deleted rows into files of the target size, partition by
// partition; with zorder_by, or in a clustered table, along a Hilbert curve through the columns,
// where files that are clustered already stay as they are. The commit, operation OPTIMIZE, changes
// no data (dataChange is false). The table's rows stay the same, and a second run finds nothing to
// do.
//
// Commits that only add files never stand in the way. Where another one has removed a file or
// deleted rows of it meanwhile, the piece that holds the file is done again, up to
// max_retries times; DELTA_COMMIT_CONFLICT after that. When anything fails, table and folder are as
// before. Rows stream: memory does not grow with the table, sorting spills.
//
// Errors: those of delta::Snapshot::load, delta::Transaction and copy_to_parquet; USAGE for
// zorder_by columns that are not there, partition the table or have no order, and for zorder_by in
// a clustered table; INTERRUPTED.
TableOptimizeReport optimize_table(Database& database, const TableOptimizeOptions& options);

// The two halves of optimize_table. Not thread-safe.
class TableOptimization {
 public:
  // Reads the table and chooses the files.
  TableOptimization(Database& database, TableOptimizeOptions options);
  // Removes the new files unless a commit names them.
  ~TableOptimization();
  TableOptimization(const TableOptimization&) = delete;
  TableOptimization& operator=(const TableOptimization&) = delete;

  // Of the table that was read.
  std::int64_t base_version() const;
  void write_files();
  // Commits them, once; writes files again where that is needed.
  TableOptimizeReport commit();

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace duck
