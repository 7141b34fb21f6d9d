// The Parquet files of one write into a table's folder: opened, rolled, finished, or all removed.
#pragma once

#include <atomic>
#include <duckdb.hpp>
#include <duckdb/function/copy_function.hpp>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/schema.h"
#include "delta/store.h"
#include "duck/copy_to_parquet.h"
#include "duck/write_back.h"

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
  duckdb::idx_t row_group_rows() const { return row_group_rows_; }
  // In memory, as far as the rows are not enough for one.
  duckdb::idx_t row_group_bytes() const { return row_group_bytes_; }
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
  duckdb::idx_t row_group_rows_;
  duckdb::idx_t row_group_bytes_;
  duckdb::idx_t target_file_bytes_;
  duckdb::idx_t uncompressed_file_bytes_;
  std::string extension_;
  bool chooses_dictionary_limit_;
  duckdb::case_insensitive_map_t<duckdb::vector<duckdb::Value>> options_;
  const duckdb::CopyFunction* function_;
  std::shared_ptr<duckdb::FunctionData> bind_data_;
};

// Where the rows of one partition go.
struct Partition {
  std::filesystem::path folder;  // below the table's; empty when it is not partitioned
  delta::PartitionValues values;
};

// A data file that is being written.
struct OpenDataFile {
  std::filesystem::path path;  // below the table's folder
  delta::PartitionValues partition_values;
  ParquetFormat::DictionaryLimit dictionary_limit;
  std::shared_ptr<duckdb::FunctionData> bind_data;
  duckdb::unique_ptr<duckdb::GlobalFunctionData> writer;
  std::uint64_t written_back = 0;  // bytes of it that are being written to disk
  duckdb::idx_t uncompressed_bytes = 0;
};

// The files of one write, on the local file system or in a bucket. Unless they are kept, the
// destructor removes them and the folders made for them. Thread-safe.
class DataFiles {
 public:
  // All files go below `folder`, a path relative to the table's `directory`, often empty.
  explicit DataFiles(std::filesystem::path directory, std::filesystem::path folder = {});
  ~DataFiles();
  DataFiles(const DataFiles&) = delete;
  DataFiles& operator=(const DataFiles&) = delete;

  std::unique_ptr<OpenDataFile> open(duckdb::ClientContext& context, const ParquetFormat& format,
                                     const Partition& partition,
                                     ParquetFormat::DictionaryLimit dictionary_limit);

  // Has what `file` has grown by written to disk meanwhile. Not for two threads with one file.
  void grown(OpenDataFile& file);

  // Writes the rest and the footer, and records the file with its statistics.
  void finish(duckdb::ClientContext& context, const ParquetFormat& format,
              std::unique_ptr<OpenDataFile> file);

  // The finished files by path, durable with their folders. They stay.
  std::vector<delta::AddFile> keep();

  // Removes what was written so far.
  void remove_all() noexcept;

 private:
  void make_folder(const std::filesystem::path& folder);
  void sync_all() const;
  void remove_file(const std::filesystem::path& file) const noexcept;

  const std::filesystem::path directory_;
  const std::filesystem::path folder_;
  const std::shared_ptr<delta::Store> bucket_;  // null on the local file system
  const std::string name_prefix_;
  std::mutex mutex_;
  std::size_t next_number_ = 0;
  std::vector<std::filesystem::path> created_files_;
  std::vector<std::filesystem::path> created_folders_;  // parents first
  std::vector<delta::AddFile> finished_;
  bool kept_ = false;
  WriteBack write_back_;
};

// The current file of a partition, that any number of threads write to; a new one begins when it
// has the size aimed at. Thread-safe.
class RollingFile {
 public:
  RollingFile(DataFiles& files, const ParquetFormat& format, Partition partition);

  // Takes the rows of `chunk` into `buffer` and, when that makes a row group, into the file.
  void sink(duckdb::ExecutionContext& context, duckdb::LocalFunctionData& buffer,
            duckdb::DataChunk& chunk);
  // Takes what is left in `buffer`, which is not used again. Rows too few for a row group are
  // gathered; DuckDB moves them to disk when memory is short.
  void combine(duckdb::ExecutionContext& context, duckdb::LocalFunctionData& buffer);
  // Writes what was gathered, and finishes the current file. Nobody may be writing any more.
  void finish(duckdb::ClientContext& context);
  // Finishes the current file, if there is one and nobody is writing to it. True if it did.
  bool close(duckdb::ClientContext& context);

  bool is_open() const { return open_; }

 private:
  struct Current {
    std::unique_ptr<OpenDataFile> file;
    int users = 0;
    bool retired = false;
  };

  // The file to write `rows` to, which come next: a whole row group, or a smaller one.
  std::shared_ptr<Current> acquire(duckdb::ClientContext& context,
                                   const duckdb::ColumnDataCollection& rows, bool is_whole);
  void write_row_group(duckdb::ClientContext& context, duckdb::ColumnDataCollection& rows,
                       bool is_whole);
  // Rows that are not gathered any longer.
  bool makes_row_group(const duckdb::ColumnDataCollection& rows) const;
  void release(duckdb::ClientContext& context, const std::shared_ptr<Current>& current);
  void choose_dictionary_limit(const duckdb::ColumnDataCollection& rows);
  bool is_full(const OpenDataFile& file) const;

  DataFiles& files_;
  const ParquetFormat& format_;
  const Partition partition_;
  std::mutex mutex_;
  std::shared_ptr<Current> current_;
  duckdb::unique_ptr<duckdb::ColumnDataCollection> gathered_;
  std::atomic<bool> open_ = false;
  std::size_t row_groups_ = 0;
  ParquetFormat::DictionaryLimit dictionary_limit_;
};

}  // namespace duck
