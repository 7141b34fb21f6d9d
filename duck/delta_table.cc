#include "duck/delta_table.h"

#include "delta/file_rows.h"

namespace duck {

const delta::SnapshotFiles& DeltaTable::files() const {
  std::call_once(listed_, [this] { files_ = snapshot_->files(); });
  return *files_;
}

const std::vector<std::optional<std::int64_t>>& DeltaTable::file_rows() const {
  std::call_once(counted_, [this] { file_rows_ = delta::file_rows(snapshot_->files()); });
  return file_rows_;
}

}  // namespace duck
