// What the library asks of whoever reads and writes Parquet for it. duck/ implements it on DuckDB.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "delta/arrow_c_data.h"
#include "delta/schema.h"

namespace delta {

// A Parquet file in the making. Not thread-safe, nor bound to one thread. Destroyed before it is
// published, it leaves nothing behind.
class ParquetFile {
 public:
  virtual ~ParquetFile() = default;

  // Appends rows: a struct array with a child for each of the file's columns, in their order. It
  // stays the caller's and is read during the call only. A map has no key twice.
  virtual void append(const ArrowSchema& schema, const ArrowArray& batch) = 0;

  // Ends the file and gives it its name, whole and durable, replacing a file that has it. Says how
  // many bytes it has.
  virtual std::int64_t publish() = 0;
};

// Thread-safe. Errors are base::Error with the file's path in details["path"].
class ParquetEngine {
 public:
  virtual ~ParquetEngine() = default;

  // Reads the top-level `columns` of one Parquet file, in file order, as Arrow record batches
  // (struct arrays) given to `consume` one by one; the batch and its schema are released by the
  // engine after each call. Columns that the file lacks are left out of the batches.
  virtual void read_parquet(
      const std::string& path, std::span<const std::string> columns,
      const std::function<void(const ArrowSchema& schema, const ArrowArray& batch)>& consume) = 0;

  // Begins a file with these columns, in folders that are made as needed. Nobody finds it under
  // `path` until it is published.
  virtual std::unique_ptr<ParquetFile> create_parquet(const std::string& path,
                                                      const Schema& columns) = 0;
};

}  // namespace delta
