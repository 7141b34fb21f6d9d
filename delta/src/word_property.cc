#include "delta/word_property.h"

#include "base/ascii.h"

namespace delta {

bool is_enabled(const Metadata& metadata, const std::string& key) {
  return word_property(metadata, key, "false") == "true";
}

std::string word_property(const Metadata& metadata, const std::string& key,
                          const std::string& otherwise) {
  const auto entry = metadata.configuration.find(key);
  return entry == metadata.configuration.end() ? otherwise : base::lower_case(entry->second);
}

}  // namespace delta
