#include "apps/codeanatomy/written_files.h"

#include <filesystem>

#include "base/error.h"

namespace apps {
namespace {

namespace fs = std::filesystem;

// Where a file is made that is written under a path with nothing behind it: links lead there too.
fs::path new_file_place(fs::path path) {
  constexpr int kMostLinks = 40;  // as the system follows
  std::error_code ignored;
  for (int i = 0; i < kMostLinks && fs::is_symlink(path, ignored); ++i) {
    path = path.parent_path() / fs::read_symlink(path, ignored);
  }
  return fs::weakly_canonical(fs::absolute(path, ignored), ignored);
}

bool is_same_file(const std::string& a, const std::string& b) {
  if (a == "-" || b == "-") return a == b;
  std::error_code ignored;
  if (fs::exists(a, ignored) && fs::exists(b, ignored)) {
    return fs::is_regular_file(a, ignored) && fs::equivalent(a, b, ignored);
  }
  return new_file_place(a) == new_file_place(b);
}

void check_pair(const NamedFile& written, const NamedFile& other, bool is_read) {
  if (written.path.empty() || other.path.empty() || !is_same_file(written.path, other.path)) return;
  throw base::Error(base::Stage::kValidation, "USAGE",
                    written.name + " would write over " + other.name +
                        (is_read ? ", which is read: " : ", which is written too: ") + written.path,
                    {{"path", written.path}});
}

}  // namespace

void check_written_files(const std::vector<NamedFile>& written,
                         const std::vector<NamedFile>& read) {
  for (std::size_t i = 0; i < written.size(); ++i) {
    for (const NamedFile& file : read) {
      // "-" is a file's name for what is read.
      if (written[i].path != "-") check_pair(written[i], file, true);
    }
    for (std::size_t j = 0; j < i; ++j) check_pair(written[i], written[j], false);
  }
}

}  // namespace apps
