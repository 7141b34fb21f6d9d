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
  std::error_code ignored;
  if (fs::exists(a, ignored) && fs::exists(b, ignored)) {
    return fs::is_regular_file(a, ignored) && fs::equivalent(a, b, ignored);
  }
  return new_file_place(a) == new_file_place(b);
}

[[noreturn]] void refuse(const NamedFile& written, const NamedFile& other, const char* use) {
  throw base::Error(
      base::Stage::kValidation, "USAGE",
      written.name + " would write over " + other.name + ", which is " + use + ": " + written.path,
      {{"path", written.path}});
}

bool is_named(const NamedFile& file) { return !file.path.empty() && file.path != "-"; }

// "-" is standard output only where something is written.
bool is_written_twice(const NamedFile& a, const NamedFile& b) {
  if (is_named(a) && is_named(b)) return is_same_file(a.path, b.path);
  return a.path == "-" && b.path == "-";
}

}  // namespace

void check_written_files(const std::vector<NamedFile>& written,
                         const std::vector<NamedFile>& read) {
  for (std::size_t i = 0; i < written.size(); ++i) {
    for (const NamedFile& file : read) {
      if (file.path.empty() || !is_named(written[i])) continue;
      if (is_same_file(written[i].path, file.path)) refuse(written[i], file, "read");
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (is_written_twice(written[i], written[j])) refuse(written[i], written[j], "written too");
    }
  }
}

}  // namespace apps
