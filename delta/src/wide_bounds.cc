#include "delta/src/wide_bounds.h"

#include <simdjson.h>

#include <string_view>

namespace delta {

std::string with_wide_bounds(const std::string& stats) {
  constexpr std::string_view kTight = "tightBounds";
  constexpr std::string_view kFalse = "false";
  const simdjson::padded_string json(stats);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  std::string wide = stats;
  simdjson::ondemand::value value;
  if (!parser.iterate(json).get(document) && !document[kTight].get(value)) {
    const std::string_view token = value.raw_json_token();
    const auto at = static_cast<std::size_t>(token.data() - json.data());
    wide.replace(at, token.find_last_not_of(" \t\r\n") + 1, kFalse);
    return wide;
  }
  const std::size_t end = wide.rfind('}');
  if (end == std::string::npos) return wide;
  const bool is_empty = wide.find_last_not_of(" \t\r\n", end - 1) == wide.find('{');
  wide.insert(end, (is_empty ? "\"" : ",\"") + std::string(kTight) + "\":" + std::string(kFalse));
  return wide;
}

}  // namespace delta
