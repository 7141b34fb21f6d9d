#include "delta/src/file_action_reader.h"

#include <algorithm>
#include <string_view>
#include <thread>
#include <utility>

#include "delta/src/commit_reader.h"

namespace delta {
namespace {

// Enough lines for a thread to be worth its start, few enough to be forgotten soon.
constexpr std::size_t kPartBytes = 2 << 20;
constexpr std::size_t kWorthAThread = 256 << 10;
// One thread hands out what the others parse; more than a few wait for it.
constexpr std::size_t kMaxThreads = 8;

class ActionList final : public ActionSink {
 public:
  explicit ActionList(std::size_t expected) { actions_.reserve(expected); }

  void on_add(AddFile&& add) override { actions_.emplace_back(std::move(add)); }
  void on_remove(RemoveFile&& remove) override { actions_.emplace_back(std::move(remove)); }
  std::vector<FileAction> finish() { return std::move(actions_); }

 private:
  std::vector<FileAction> actions_;
};

// Where the last part of text[0, end) begins: at the start of a line.
std::size_t begin_of_last_part(std::string_view text, std::size_t end) {
  if (end <= kPartBytes) return 0;
  const std::size_t feed = text.substr(0, end - kPartBytes).rfind('\n');
  return feed == std::string_view::npos ? 0 : feed + 1;
}

}  // namespace

FileActionReader::FileActionReader(Take take)
    : take_(std::move(take)),
      ahead_(std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMaxThreads)) {}

void FileActionReader::read(std::string text, const std::string& path) {
  CommitReader::make_room(text);
  const auto shared = std::make_shared<const std::string>(std::move(text));
  std::size_t end = shared->size();
  do {
    const std::size_t begin = begin_of_last_part(*shared, end);
    const auto parse = [shared, begin, end, path] {
      const auto lines = std::count(shared->data() + begin, shared->data() + end, '\n') + 1;
      ActionList list(static_cast<std::size_t>(lines));
      CommitReader().read_part(*shared, begin, end, path, {.files = true}, list);
      return Part{list.finish(), end - begin, path};
    };
    if (parts_.size() >= ahead_) take_first();
    const bool large = ahead_ > 1 && end - begin >= kWorthAThread;
    parts_.push_back(std::async(large ? std::launch::async : std::launch::deferred, parse));
    end = begin;
  } while (end > 0);
}

void FileActionReader::take_first() {
  std::future<Part> first = std::move(parts_.front());
  parts_.pop_front();
  take_(first.get());
}

void FileActionReader::finish() {
  while (!parts_.empty()) take_first();
}

}  // namespace delta
