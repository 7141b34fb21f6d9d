// The files that hold the changes of a Delta table.
#pragma once

#include <cstddef>
#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_list.hpp>
#include <memory>
#include <string>
#include <utility>

#include "delta/table_changes.h"

namespace duck {

// One file may be there several times. It never changes once `open` was called.
class ChangeFileList final : public duckdb::MultiFileList {
 public:
  // A list of nothing yet, for the table at `location`.
  explicit ChangeFileList(std::string location) : location_(std::move(location)) {}

  const std::string& location() const { return location_; }
  void open(std::shared_ptr<const delta::TableChanges> changes) { changes_ = std::move(changes); }

  // The index in the changes of a file of this list.
  static std::size_t file_index(const duckdb::OpenFileInfo& file);

  duckdb::vector<duckdb::OpenFileInfo> GetAllFiles() const override;
  duckdb::FileExpandResult GetExpandResult() const override;
  duckdb::idx_t GetTotalFileCount() const override;
  duckdb::vector<duckdb::OpenFileInfo> GetDisplayFileList(
      duckdb::optional_idx max_files) const override;
  duckdb::unique_ptr<duckdb::NodeStatistics> GetCardinality(
      duckdb::ClientContext& context) const override;
  duckdb::unique_ptr<duckdb::MultiFileList> Copy() const override;

 protected:
  duckdb::OpenFileInfo GetFile(duckdb::idx_t i) const override;

 private:
  std::string location_;
  std::shared_ptr<const delta::TableChanges> changes_;
};

}  // namespace duck
