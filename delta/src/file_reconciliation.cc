#include "delta/src/file_reconciliation.h"

#include "delta/src/log_error.h"

namespace delta {

void FileReconciliation::begin_commit(const std::string& path) {
  if (path == commit_) return;
  commit_ = path;
  seen_before_commit_ = seen_.size();
}

bool FileReconciliation::is_newest(const std::string& path,
                                   const std::optional<DeletionVectorDescriptor>& vector,
                                   bool is_add) {
  if (in_checkpoint_) return seen_.empty() || !seen_.contains(path, vector);
  const auto number = seen_.find_or_insert(path, vector);
  if (!number) {
    added_.push_back(is_add);
    return true;
  }
  if (*number > seen_before_commit_ && is_add && added_[*number - 1]) {
    throw_log_corrupt(commit_, std::nullopt, "it adds the file '" + path + "' twice");
  }
  return false;
}

}  // namespace delta
