// The texts of small commits between two passes over one log.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace delta {

// Opening a table reads its newest commits for protocol and metadata, listing its files reads them
// again: what is kept here need not be fetched twice. Holds a bounded number of bytes, so that
// not every text that was offered is there. Not thread-safe.
class CommitTexts {
 public:
  static constexpr std::size_t kMaxText = 1 << 20;
  static constexpr std::size_t kMaxBytes = 16 << 20;

  // Keeps a copy if there is room.
  void offer(const std::string& path, const std::string& text) {
    if (text.size() > kMaxText || bytes_ + text.size() > kMaxBytes) return;
    if (texts_.try_emplace(path, text).second) bytes_ += text.size();
  }

  // Gives a text away.
  std::optional<std::string> take(const std::string& path) {
    const auto found = texts_.find(path);
    if (found == texts_.end()) return std::nullopt;
    std::string text = std::move(found->second);
    texts_.erase(found);
    bytes_ -= text.size();
    return text;
  }

  void clear() {
    texts_.clear();
    bytes_ = 0;
  }

 private:
  std::unordered_map<std::string, std::string> texts_;
  std::size_t bytes_ = 0;
};

}  // namespace delta
