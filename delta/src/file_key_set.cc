#include "delta/src/file_key_set.h"

#include <functional>
#include <utility>

#include "delta/src/path_encoding.h"

namespace delta {
namespace {

constexpr std::size_t kFirstSlots = 64;

}  // namespace

std::string_view FileKeySet::make_key(
    std::string_view path_in_log, const std::optional<DeletionVectorDescriptor>& deletion_vector) {
  const bool plain =
      path_in_log.find('%') == std::string_view::npos && !path_in_log.starts_with("file:");
  if (plain && !deletion_vector) return path_in_log;
  key_ = plain ? std::string(path_in_log) : canonical_path(path_in_log);
  if (deletion_vector) {
    key_ += '\0';  // no part of a path
    key_ += deletion_vector->unique_id();
  }
  return key_;
}

FileKeySet::Slot& FileKeySet::find(std::string_view key, std::size_t hash) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    Slot& slot = slots_[i];
    if (!slot.used) return slot;
    const bool same = slot.hash == hash && slot.length == key.size() &&
                      std::string_view(bytes_).substr(slot.offset, slot.length) == key;
    if (same) return slot;
  }
}

void FileKeySet::grow() {
  std::vector<Slot> old = std::exchange(slots_, {});
  slots_.resize(old.empty() ? kFirstSlots : old.size() * 2);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (!slot.used) continue;
    std::size_t i = slot.hash & mask;
    while (slots_[i].used) i = (i + 1) & mask;
    slots_[i] = slot;
  }
}

bool FileKeySet::insert(std::string_view path_in_log,
                        const std::optional<DeletionVectorDescriptor>& deletion_vector) {
  if (count_ * 2 >= slots_.size()) grow();
  const std::string_view key = make_key(path_in_log, deletion_vector);
  const std::size_t hash = std::hash<std::string_view>{}(key);
  Slot& slot = find(key, hash);
  if (slot.used) return false;
  slot = {hash, bytes_.size(), key.size(), true};
  bytes_ += key;
  ++count_;
  return true;
}

bool FileKeySet::contains(std::string_view path_in_log,
                          const std::optional<DeletionVectorDescriptor>& deletion_vector) {
  if (slots_.empty()) return false;
  const std::string_view key = make_key(path_in_log, deletion_vector);
  return find(key, std::hash<std::string_view>{}(key)).used;
}

}  // namespace delta
