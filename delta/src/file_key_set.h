// The logical files that a replay has met: PROTOCOL.md, "Action Reconciliation".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delta/actions.h"

namespace delta {

// A set of (file, deletion vector) keys, made for hundreds of thousands of them: the bytes lie in
// one block. Paths count as equal when they name one file, however they are escaped.
class FileKeySet {
 public:
  // False when the key was there already.
  bool insert(std::string_view path_in_log,
              const std::optional<DeletionVectorDescriptor>& deletion_vector);
  bool contains(std::string_view path_in_log,
                const std::optional<DeletionVectorDescriptor>& deletion_vector);

  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }

 private:
  struct Slot {
    std::size_t hash = 0;
    std::size_t offset = 0;
    std::size_t length = 0;
    bool used = false;
  };

  std::string_view make_key(std::string_view path_in_log,
                            const std::optional<DeletionVectorDescriptor>& deletion_vector);
  Slot& find(std::string_view key, std::size_t hash);
  void grow();

  std::vector<Slot> slots_;
  std::string bytes_;  // of all keys
  std::string key_;    // the one at hand, when it is not the path itself
  std::size_t count_ = 0;
};

}  // namespace delta
