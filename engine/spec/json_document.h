// JSON text as a tree that keeps what a map would lose: the order of fields and repeated ones.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace engine {

struct JsonNode;
struct JsonField;
using JsonArray = std::vector<JsonNode>;
using JsonObject = std::vector<JsonField>;

// Integers that fit are std::uint64_t, or std::int64_t when negative; every other number is a
// double.
struct JsonNode {
  std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, JsonArray,
               JsonObject>
      value;

  // "an integer", "an object", …, for messages.
  std::string_view describe() const;

  // The same value where the order of fields does not matter; of a repeated field, the last one.
  nlohmann::json to_json() const;
};

struct JsonField {
  std::string name;
  JsonNode value;
};

// Parses strict JSON: valid UTF-8, no byte order mark, no lone surrogates, numbers within a
// double's range, at most kMaxJsonDepth arrays and objects inside each other. Throws base::Error
// INVALID_SPEC_JSON with details["path"] = `path`, details["line"] and details["column"] (in
// characters, from 1).
inline constexpr int kMaxJsonDepth = 127;
JsonNode parse_json(std::string_view text, const std::string& path);

// A name as a JSON string, as messages show it.
std::string in_quotes(std::string_view name);

}  // namespace engine
