#include <cerrno>
#include <map>
#include <mutex>

#include "base/time.h"
#include "delta/src/store_error.h"
#include "delta/store.h"

namespace delta {
namespace {

class MemoryStore final : public Store {
 public:
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
    return files_.try_emplace(path, File{std::string(bytes), base::now_ms()}).second;
  }

  void put(const std::string& path, std::string_view bytes) override {
    const std::lock_guard lock(mutex_);
    files_.insert_or_assign(path, File{std::string(bytes), base::now_ms()});
  }

  void remove(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    files_.erase(path);
  }

 private:
  struct File {
    std::string bytes;
    std::int64_t modification_time = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::string, File> files_;
};

}  // namespace

std::shared_ptr<Store> memory_store() { return std::make_shared<MemoryStore>(); }

}  // namespace delta
