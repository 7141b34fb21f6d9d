// Walks through stores that have no folders.
#pragma once

#include <string_view>

#include "delta/store.h"

namespace delta {

// Whether a walk gets to the file at `path`, the path from where the walk started.
inline bool enters_all(std::string_view path, const FolderFilter& enters) {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    if (!enters(path.substr(0, slash))) return false;
  }
  return true;
}

}  // namespace delta
