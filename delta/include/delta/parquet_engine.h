// What the library asks of whoever reads and writes Parquet for it. duck/ implements it on DuckDB.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "delta/arrow_c_data.h"

namespace delta {

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
};

}  // namespace delta
