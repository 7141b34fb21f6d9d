// The logical files that a replay has met: PROTOCOL.md, "Action Reconciliation".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delta/actions.h"

namespace delta {

// A set of (file, deletion vector) keys, made for hundreds of thousands of them: a look-up touches
// eight bytes, and those of the key when it is there. Paths count as equal when they name one file,
// however they are escaped.
class FileKeySet {
 public:
  // False when the key was there already.
  bool insert(std::string_view path_in_log,
              const std::optional<DeletionVectorDescriptor>& deletion_vector) {
    return !find_or_insert(path_in_log, deletion_vector);
  }
  // The key's number, when it was there already: keys are counted from 1 as they are inserted.
  std::optional<std::uint32_t> find_or_insert(
      std::string_view path_in_log, const std::optional<DeletionVectorDescriptor>& deletion_vector);
  bool contains(std::string_view path_in_log,
                const std::optional<DeletionVectorDescriptor>& deletion_vector);

  bool empty() const { return ends_.empty(); }
  std::size_t size() const { return ends_.size(); }

  // Lets the processor fetch what a look-up of this path will touch; half of its time is waiting.
  void prefetch(std::string_view path_in_log) const;

  // Makes room for so many keys.
  void reserve(std::size_t count);

 private:
  // Places keys: its lower bits say where to look first.
  using Hash = std::uint32_t;
  struct Slot {
    Hash hash = 0;
    std::uint32_t number = 0;  // of the key, from 1 on; 0: free
  };

  std::string_view make_key(std::string_view path_in_log,
                            const std::optional<DeletionVectorDescriptor>& deletion_vector);
  std::string_view stored(std::uint32_t number) const;
  Slot& find(std::string_view key, Hash hash);
  void resize(std::size_t slots);

  std::vector<Slot> slots_;        // a power of two of them, at most half of them used
  std::string bytes_;              // of all keys, one after another
  std::vector<std::size_t> ends_;  // where each of them ends
  std::string key_;                // the one at hand, when it is not the path itself
};

}  // namespace delta
