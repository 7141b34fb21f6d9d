#include "delta/src/file_key_set.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

#include "delta/store.h"

namespace delta {
namespace {

constexpr std::size_t kFirstSlots = 64;

std::uint32_t hash_of(std::string_view key) {
  return static_cast<std::uint32_t>(std::hash<std::string_view>{}(key));
}

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

std::string_view FileKeySet::stored(std::uint32_t number) const {
  const std::size_t begin = number == 1 ? 0 : ends_[number - 2];
  return std::string_view(bytes_).substr(begin, ends_[number - 1] - begin);
}

FileKeySet::Slot& FileKeySet::find(std::string_view key, Hash hash) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    Slot& slot = slots_[i];
    if (slot.number == 0 || (slot.hash == hash && stored(slot.number) == key)) return slot;
  }
}

void FileKeySet::resize(std::size_t slots) {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots));
  const std::size_t mask = slots - 1;
  for (const Slot& slot : old) {
    if (slot.number == 0) continue;
    std::size_t i = slot.hash & mask;
    while (slots_[i].number != 0) i = (i + 1) & mask;
    slots_[i] = slot;
  }
}

void FileKeySet::prefetch(std::string_view path_in_log) const {
  // A path in another spelling has another hash, and is waited for.
  if (!slots_.empty()) __builtin_prefetch(&slots_[hash_of(path_in_log) & (slots_.size() - 1)]);
}

void FileKeySet::reserve(std::size_t count) {
  const std::size_t slots = std::max(kFirstSlots, std::bit_ceil(count * 2));
  if (slots > slots_.size()) resize(slots);
  ends_.reserve(count);
}

std::optional<std::uint32_t> FileKeySet::find_or_insert(
    std::string_view path_in_log, const std::optional<DeletionVectorDescriptor>& deletion_vector) {
  if (size() * 2 >= slots_.size()) resize(std::max(kFirstSlots, slots_.size() * 2));
  const std::string_view key = make_key(path_in_log, deletion_vector);
  const Hash hash = hash_of(key);
  Slot& slot = find(key, hash);
  if (slot.number != 0) return slot.number;
  bytes_ += key;
  ends_.push_back(bytes_.size());
  slot = {hash, static_cast<std::uint32_t>(size())};
  return std::nullopt;
}

bool FileKeySet::contains(std::string_view path_in_log,
                          const std::optional<DeletionVectorDescriptor>& deletion_vector) {
  if (slots_.empty()) return false;
  const std::string_view key = make_key(path_in_log, deletion_vector);
  return find(key, hash_of(key)).number != 0;
}

}  // namespace delta
