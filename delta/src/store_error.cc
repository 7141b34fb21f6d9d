#include "delta/src/store_error.h"

#include <cerrno>
#include <system_error>

#include "base/error.h"

namespace delta {
namespace {

std::string_view name_of(int error_number) {
  switch (error_number) {
    case ENOENT:
      return "NOT_FOUND";
    case ENOTDIR:
      return "NOT_A_DIRECTORY";
    case EISDIR:
      return "IS_A_DIRECTORY";
    case EACCES:
    case EPERM:
    case EROFS:
      return "PERMISSION_DENIED";
    case ENOSPC:
    case EDQUOT:
      return "NO_SPACE";
    case EFBIG:
      return "FILE_TOO_LARGE";
    case ENAMETOOLONG:
      return "NAME_TOO_LONG";
    case EMFILE:
    case ENFILE:
      return "TOO_MANY_OPEN_FILES";
    default:
      return "IO_ERROR";
  }
}

}  // namespace

void throw_store_error(std::string_view verb, const std::string& path, int error_number) {
  throw_store_error(name_of(error_number), verb, path,
                    std::generic_category().message(error_number));
}

void throw_store_error(std::string_view what, std::string_view verb, const std::string& path,
                       const std::string& words) {
  throw base::Error(base::Stage::kRuntime, "DELTA_STORE_" + std::string(what),
                    "cannot " + std::string(verb) + " '" + path + "': " + words,
                    {{"path", path}, {"error", words}});
}

}  // namespace delta
