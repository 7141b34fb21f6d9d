// The files of a snapshot.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "delta/actions.h"

namespace delta {

// A list that never changes, shared by its copies: it lives as long as any of them, whatever
// becomes of the snapshot. A loop over `load()->files()` is safe therefore, while a reference into
// such a temporary list is not, and does not compile.
class SnapshotFiles {
 public:
  using const_iterator = std::vector<AddFile>::const_iterator;

  explicit SnapshotFiles(std::shared_ptr<const std::vector<AddFile>> files)
      : files_(std::move(files)) {}

  const_iterator begin() const { return files_->begin(); }
  const_iterator end() const { return files_->end(); }
  std::size_t size() const { return files_->size(); }
  bool empty() const { return files_->empty(); }

  const AddFile& operator[](std::size_t i) const& { return (*files_)[i]; }
  const AddFile& front() const& { return files_->front(); }
  const AddFile& operator[](std::size_t i) const&& = delete;
  const AddFile& front() const&& = delete;

 private:
  std::shared_ptr<const std::vector<AddFile>> files_;
};

}  // namespace delta
