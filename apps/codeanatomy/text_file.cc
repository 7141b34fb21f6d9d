#include "apps/codeanatomy/text_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/error.h"

namespace apps {
namespace {

base::Error file_error(base::Stage stage, const std::string& code, const std::string& what,
                       const std::string& path, int number) {
  return {stage, code, what + " " + path + ": " + std::strerror(number), {{"path", path}}};
}

}  // namespace

std::string read_text_file(const std::string& path) {
  const auto fail = [&](int number) {
    return file_error(base::Stage::kValidation, "FILE_NOT_READABLE", "cannot read", path, number);
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw fail(EISDIR);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw fail(errno);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (file.bad()) throw fail(errno);
  return text;
}

void check_writable(const std::string& path) {
  if (path == "-") return;
  const auto fail = [&](int number) {
    return file_error(base::Stage::kValidation, "FILE_NOT_WRITABLE", "cannot write", path, number);
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw fail(EISDIR);
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const bool exists = std::filesystem::exists(path, ignored);
  const std::string target = exists ? path : folder.empty() ? "." : folder.string();
  if (!exists && std::filesystem::exists(target, ignored) &&
      !std::filesystem::is_directory(target, ignored)) {
    throw fail(ENOTDIR);
  }
  if (access(target.c_str(), W_OK) != 0) throw fail(errno);
}

void write_text_file(const std::string& path, std::string_view text) {
  if (path == "-") return write_standard_output(text);
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (file.fail()) {
    throw file_error(base::Stage::kRuntime, "FILE_NOT_WRITABLE", "cannot write", path, errno);
  }
}

void write_standard_output(std::string_view text) {
  errno = 0;
  const bool written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (written || errno == EPIPE) return;
  throw file_error(base::Stage::kRuntime, "FILE_NOT_WRITABLE", "cannot write", "standard output",
                   errno);
}

}  // namespace apps
