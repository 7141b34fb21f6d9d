// A file that tells whether its owner lives.
#pragma once

#include <string>

namespace engine {

// A file of the local file system, locked (flock) for as long as this object or its process lives,
// whatever ends it; the file itself stays. As far as the file system's locks reach: where it has
// none, every file can be taken. Not thread-safe. Throws base::Error RUN_JOURNAL_FAILED at
// Stage::kMaterialization (details path, error).
class HeldFile {
 public:
  // None.
  HeldFile() = default;
  HeldFile(HeldFile&& other) noexcept;
  HeldFile& operator=(HeldFile&& other) noexcept;
  ~HeldFile();

  // The file at `path`; none when somebody holds it, or when it is gone.
  static HeldFile take(const std::string& path);
  // The file `from` under the name `path` in the same folder, which it replaces. It is held before
  // it has that name, so that nobody takes it in between, and the name is on the disk.
  static HeldFile rename(const std::string& from, const std::string& path);

  bool is_held() const { return number_ >= 0; }

 private:
  explicit HeldFile(int number) : number_(number) {}

  int number_ = -1;
};

}  // namespace engine
