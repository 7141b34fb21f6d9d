// How the data files of a table are written by DuckDB's Parquet writer.
#pragma once

#include <cstdint>
#include <duckdb.hpp>
#include <duckdb/function/copy_function.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delta/schema.h"
#include "duck/copy_to_parquet.h"
#include "duck/null_counts_internal.h"

namespace duck {

// A limit of distinct values by which columns that hardly repeat are found out early: looking for
// repetitions is what writing costs most.
inline constexpr duckdb::idx_t kSmallDictionary = 4096;

// DuckDB's Parquet writer, bound to the columns of a table's data files. Thread-safe.
class ParquetFormat {
 public:
  // A column with more distinct values in a row group than this is written without a dictionary.
  using DictionaryLimit = std::optional<duckdb::idx_t>;

  // Needs an active transaction. `schema` has the columns that the files hold, by their logical
  // names. Without a limit, it is chosen for each file; never more than DuckDB's own, a fifth of
  // the row group.
  ParquetFormat(duckdb::ClientContext& context, const delta::Schema& schema,
                const CopyOptions& options, DictionaryLimit dictionary_limit = std::nullopt);

  const duckdb::CopyFunction& function() const { return *function_; }
  const std::shared_ptr<duckdb::FunctionData>& bind_data() const { return bind_data_; }
  // The same with a limit of its own; absent: bind_data().
  std::shared_ptr<duckdb::FunctionData> bind_data(duckdb::ClientContext& context,
                                                  DictionaryLimit dictionary_limit) const;
  // Begins a file there; its writer goes by `bind_data`.
  duckdb::unique_ptr<duckdb::GlobalFunctionData> begin_file(duckdb::ClientContext& context,
                                                            duckdb::FunctionData& bind_data,
                                                            const std::string& path) const;
  bool chooses_dictionary_limit() const { return chooses_dictionary_limit_; }
  const duckdb::vector<duckdb::LogicalType>& types() const { return types_; }
  // What statistics are kept of, by physical names.
  const delta::Schema& statistics() const { return statistics_; }
  // Those of them whose nulls are counted before they are in a file.
  const std::vector<UncountedColumn>& uncounted_columns() const { return uncounted_columns_; }
  duckdb::idx_t row_group_rows() const { return row_group_rows_; }
  // How much of that `rows` take up: of the vectors that they lie in only the part that is filled.
  duckdb::idx_t bytes_of(const duckdb::ColumnDataCollection& rows) const;
  // How many row groups `rows` are: 1 when they are enough for one, by number or by bytes.
  double row_groups(const duckdb::ColumnDataCollection& rows) const;
  // What the vectors of the columns take up, each filled once, without texts.
  duckdb::idx_t vector_bytes() const { return vector_bytes_; }
  duckdb::idx_t target_file_bytes() const { return target_file_bytes_; }
  duckdb::idx_t uncompressed_file_bytes() const { return uncompressed_file_bytes_; }
  // ".zstd.parquet"
  const std::string& extension() const { return extension_; }

 private:
  std::shared_ptr<duckdb::FunctionData> bind(duckdb::ClientContext& context,
                                             DictionaryLimit dictionary_limit) const;

  duckdb::vector<std::string> names_;
  duckdb::vector<duckdb::LogicalType> types_;
  delta::Schema statistics_;
  std::vector<UncountedColumn> uncounted_columns_;
  duckdb::idx_t row_group_rows_;
  duckdb::idx_t row_group_bytes_;
  duckdb::idx_t vector_bytes_ = 0;
  duckdb::idx_t target_file_bytes_;
  duckdb::idx_t uncompressed_file_bytes_;
  std::string extension_;
  bool chooses_dictionary_limit_;
  duckdb::case_insensitive_map_t<duckdb::vector<duckdb::Value>> options_;
  const duckdb::CopyFunction* function_;
  std::shared_ptr<duckdb::FunctionData> bind_data_;
};

}  // namespace duck
