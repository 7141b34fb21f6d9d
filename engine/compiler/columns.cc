#include "engine/compiler/columns.h"

#include <algorithm>

#include "base/ascii.h"

namespace engine {

const duck::ResultColumn* find_column(const Columns& columns, std::string_view name) {
  const auto found = std::ranges::find(columns, name, &duck::ResultColumn::name);
  return found == columns.end() ? nullptr : &*found;
}

const duck::ResultColumn* find_but_for_case(const Columns& columns, std::string_view name) {
  const auto found = std::ranges::find_if(columns, [&](const duck::ResultColumn& column) {
    return base::equal_ignoring_case(column.name, name);
  });
  return found == columns.end() ? nullptr : &*found;
}

std::string list_of_names(const Columns& columns) {
  constexpr std::size_t kMost = 12;
  std::string list;
  for (std::size_t i = 0; i < columns.size() && i < kMost; ++i) {
    if (i > 0) list += ", ";
    list += columns[i].name;
  }
  if (columns.size() > kMost) list += ", …";
  return list;
}

}  // namespace engine
