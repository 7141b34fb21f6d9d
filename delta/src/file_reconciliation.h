// Which file actions of a log count: PROTOCOL.md, "Action Reconciliation".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "delta/actions.h"
#include "delta/src/file_key_set.h"

namespace delta {

// Is given the file actions of a log, from the newest commit to the oldest, then those of the
// checkpoint before them.
class FileReconciliation {
 public:
  // The actions of this commit follow. In one that is valid no file is added twice. That one is
  // removed twice, or added and removed, is not valid either, but delta-rs has written such: what
  // stands last counts.
  void begin_commit(const std::string& path);
  // Those of a checkpoint follow, which names no file twice, and nothing after them.
  void begin_checkpoint() { in_checkpoint_ = true; }

  // Whether nothing newer concerns the file. Throws DELTA_LOG_CORRUPT for a commit that is not
  // valid.
  bool is_newest(const AddFile& add) { return is_newest(add.path, add.deletion_vector, true); }
  bool is_newest(const RemoveFile& remove) {
    return is_newest(remove.path, remove.deletion_vector, false);
  }

  // As for FileKeySet.
  void prefetch(std::string_view path_in_log) const { seen_.prefetch(path_in_log); }
  void reserve(std::size_t count) { seen_.reserve(count); }

 private:
  bool is_newest(const std::string& path, const std::optional<DeletionVectorDescriptor>& vector,
                 bool is_add);

  FileKeySet seen_;
  std::vector<bool> added_;  // by the number of the key: whether an add was the newest action
  bool in_checkpoint_ = false;
  std::string commit_;
  std::size_t seen_before_commit_ = 0;
};

}  // namespace delta
