// Stands in for an engine that reads and writes Parquet, in tests without one.
#pragma once

#include <memory>
#include <string>

#include "delta/parquet_engine.h"
#include "delta/schema.h"
#include "delta/store.h"
#include "delta/testing/arrow_builder.h"

namespace delta {

// The columns of a checkpoint of a table with the column `a` of longs: PROTOCOL.md, "Checkpoint
// Schema".
Schema checkpoint_schema();

// A "Parquet file" is JSON lines in `store`, one row each, its columns those of
// checkpoint_schema() that one row has at least.
class JsonParquetEngine final : public ParquetEngine {
 public:
  explicit JsonParquetEngine(std::shared_ptr<Store> store,
                             ArrowStrings strings = ArrowStrings::kUtf8,
                             std::size_t rows_per_batch = 1024)
      : store_(std::move(store)), strings_(strings), rows_per_batch_(rows_per_batch) {}

  void read_parquet(const std::string& path, std::span<const std::string> columns,
                    const std::function<void(const ArrowSchema& schema, const ArrowArray& batch)>&
                        consume) override;

  // The file is put into the store when it is published.
  std::unique_ptr<ParquetFile> create_parquet(const std::string& path,
                                              const Schema& columns) override;

 private:
  std::shared_ptr<Store> store_;
  ArrowStrings strings_;
  std::size_t rows_per_batch_;
};

}  // namespace delta
