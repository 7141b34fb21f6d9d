// Streaming a query into the Parquet files of a Delta table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/column_mapping.h"
#include "delta/schema.h"
#include "duck/database.h"
#include "duck/query_profile.h"
#include "duck/row_rules.h"

namespace duck {

struct CopyOptions {
  std::string directory;  // the table's folder; data files go below it
  std::vector<std::string> partition_by = {};
  std::int64_t target_file_bytes = 512LL << 20;
  // A file also ends when its rows, as they were in memory, were this large: however well they
  // compress, no reader gets more than that from one file, but for a row group.
  std::int64_t uncompressed_file_bytes = 16LL << 30;
  std::int64_t row_group_rows = 122880;
  // A row group also ends when its rows are this large in memory. Absent: 128 MiB, or less where
  // all threads together would hold more than an eighth of the memory limit, and never more than a
  // quarter of target_file_bytes.
  std::optional<std::int64_t> row_group_bytes = std::nullopt;
  std::string compression = "zstd";
  // Each thread has files of its own, from half a row group on; what is left over of all threads
  // is put together. Threads share the files of a partition where those met so far, times the
  // threads, are more than can be open: 256, fewer in a bucket. True: they always share them, so
  // that there are as few files as can be.
  bool share_files = false;
  std::string folder = {};  // below the directory, where all files go
  // How columns are named in files, partition values and statistics; mapped fields have their ids
  // in Parquet, too.
  delta::ColumnMapping column_mapping = delta::ColumnMapping::kNone;
  // The (logical) columns that statistics are kept of; absent: all.
  std::optional<delta::Schema> statistics = std::nullopt;
  RowRules rules = {};
};

struct CopiedFiles {
  std::vector<delta::AddFile> files;  // with partition values and full statistics
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  QueryProfile profile;
};

// Runs `query` and writes its rows as Parquet files under options.directory; memory does not grow
// with the rows. Columns are cast to `schema` (same names, same order unless options.rules takes
// them by name; case kept). A NULL where `schema` says that there is none, however deep, is
// DELTA_NOT_NULL_VIOLATED, a row that does not meet a check DELTA_CONSTRAINT_VIOLATED. When
// anything fails, the files written so far are removed and the error names the folder. No Delta
// commit is made.
CopiedFiles copy_to_parquet(Connection& connection, const std::string& query,
                            const std::vector<delta::Value>& parameters,
                            const delta::Schema& schema, const CopyOptions& options);

}  // namespace duck
