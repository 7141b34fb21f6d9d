// What the program tells a person beside its output.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "apps/codeanatomy/error_line.h"

namespace apps {

// Prints to standard error. What cannot be written there, as on a full disk, is lost: the work that
// it tells of goes on.
template <typename... T>
void tell(fmt::format_string<T...> format, T&&... values) {
  const std::string text = fmt::format(format, std::forward<T>(values)...);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

// What a commit should have been followed by and was not, a line each.
inline void tell_warnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) {
    tell("{}\n", one_line("warning[MaintenanceFailed] Maintenance: " + warning));
  }
}

}  // namespace apps
