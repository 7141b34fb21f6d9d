#include <cerrno>
#include <map>
#include <mutex>
#include <utility>

#include "base/time.h"
#include "delta/src/folder_walk.h"
#include "delta/src/store_error.h"
#include "delta/store.h"

namespace delta {
namespace {

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(Clock clock) : clock_(std::move(clock)) {}

  std::string read(const std::string& path) const override {
    const std::lock_guard lock(mutex_);
    const auto file = files_.find(path);
    if (file == files_.end()) throw_store_error("read", path, ENOENT);
    return file->second.bytes;
  }

  std::vector<FileStatus> list(const std::string& directory,
                               std::string_view first_name) const override {
    const std::lock_guard lock(mutex_);
    if (files_.contains(directory)) throw_store_error("list", directory, ENOTDIR);
    const std::string prefix = directory + "/";
    std::vector<FileStatus> found;
    for (auto file = files_.lower_bound(prefix + std::string(first_name));
         file != files_.end() && file->first.starts_with(prefix); ++file) {
      if (file->first.find('/', prefix.size()) != std::string::npos) continue;
      found.push_back({file->first, static_cast<std::int64_t>(file->second.bytes.size()),
                       file->second.modification_time});
    }
    return found;
  }

  bool put_if_absent(const std::string& path, std::string_view bytes) override {
    const std::lock_guard lock(mutex_);
    return files_.try_emplace(path, File{std::string(bytes), clock_()}).second;
  }

  void put(const std::string& path, std::string_view bytes) override {
    const std::lock_guard lock(mutex_);
    files_.insert_or_assign(path, File{std::string(bytes), clock_()});
  }

  void remove(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    files_.erase(path);
  }

  std::vector<FileStatus> list_tree(const std::string& directory,
                                    const FolderFilter& enters) const override {
    const std::lock_guard lock(mutex_);
    const std::string prefix = directory + "/";
    std::vector<FileStatus> found;
    for (auto file = files_.lower_bound(prefix);
         file != files_.end() && file->first.starts_with(prefix); ++file) {
      const std::string_view below = std::string_view(file->first).substr(prefix.size());
      if (!enters_all(below, enters)) continue;
      found.push_back({file->first, static_cast<std::int64_t>(file->second.bytes.size()),
                       file->second.modification_time});
    }
    return found;
  }

 private:
  struct File {
    std::string bytes;
    std::int64_t modification_time = 0;
  };

  const Clock clock_;
  mutable std::mutex mutex_;
  std::map<std::string, File> files_;
};

}  // namespace

std::shared_ptr<Store> memory_store(Clock clock) {
  return std::make_shared<MemoryStore>(clock ? std::move(clock) : Clock(base::now_ms));
}

}  // namespace delta
