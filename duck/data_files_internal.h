// The Parquet files of one write into a table's folder: opened, finished, or all removed.
#pragma once

#include <cstdint>
#include <duckdb.hpp>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/store.h"
#include "duck/parquet_format_internal.h"
#include "duck/write_back.h"

namespace duck {

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
  duckdb::idx_t known_bytes = 0;  // its size, with the row groups that are written
  duckdb::idx_t uncompressed_bytes = 0;
  NullCounts null_counts;  // of format.uncounted_columns()
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

  bool are_in_bucket() const { return bucket_ != nullptr; }

  std::unique_ptr<OpenDataFile> open(duckdb::ClientContext& context, const ParquetFormat& format,
                                     const Partition& partition,
                                     ParquetFormat::DictionaryLimit dictionary_limit);

  // How many bytes `file` has grown by, which are written to disk meanwhile. Not for two threads
  // with one file.
  duckdb::idx_t grown(OpenDataFile& file);

  // Writes the rest and the footer, and records the file with its statistics.
  void finish(duckdb::ClientContext& context, const ParquetFormat& format, OpenDataFile& file);

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

}  // namespace duck
