// Where a COPY statement's rows go: the data files of a Delta table.
#pragma once

#include <atomic>
#include <duckdb.hpp>
#include <duckdb/main/client_context_state.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <memory>
#include <string>

#include "delta/schema.h"
#include "duck/copy_to_parquet.h"
#include "duck/data_files_internal.h"
#include "duck/row_check_internal.h"

namespace duck {

// The format's name in `COPY … TO … (FORMAT …)`. It works inside of copy_to_parquet only, which
// puts a CopyJob into the connection under the same name.
inline constexpr char kCopyFormat[] = "codeanatomy_data_files";

// One call of copy_to_parquet.
struct CopyJob : duckdb::ClientContextState {
  CopyJob(const delta::Schema& table_schema, const CopyOptions& copy_options)
      : schema(table_schema),
        options(copy_options),
        files(copy_options.directory, copy_options.folder),
        checkpoint(options.directory, schema, options.rules.checks) {}

  const delta::Schema schema;
  const CopyOptions options;
  DataFiles files;
  const RowCheckpoint checkpoint;
  std::atomic<std::int64_t> rows = 0;
};

// Adds the format to the database of `loader`.
void add_copy_format(duckdb::ExtensionLoader& loader);

}  // namespace duck
