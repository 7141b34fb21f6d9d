// What extraction noticed and went on from.
#pragma once

#include <string>

namespace extract {

struct ExtractWarning {
  std::string code;     // FILE_UNREADABLE, FILE_NOT_UTF8, …: see extract/extract.h
  std::string path;     // relative to the source folder, as far as it is UTF-8
  std::string message;  // one line for a person, names the path

  auto operator<=>(const ExtractWarning&) const = default;
};

}  // namespace extract
