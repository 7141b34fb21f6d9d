#include "engine/spec/json_document.h"

#include <algorithm>
#include <array>

#include "base/canonical_json.h"
#include "base/error.h"

namespace engine {
namespace {

struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
};

// Of the byte at `offset`; columns count code points.
Position position_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, std::min(offset, text.size()));
  const auto line_start = before.rfind('\n');
  const auto line = line_start == std::string_view::npos ? before : before.substr(line_start + 1);
  const auto starts_character = [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  };
  return {1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')),
          1 + static_cast<std::size_t>(std::count_if(line.begin(), line.end(), starts_character))};
}

// The tail of nlohmann's message, which says what was expected and what was found.
std::string reason_in(std::string message) {
  if (const auto bracket = message.find("] "); bracket != std::string::npos) {
    message.erase(0, bracket + 2);
  }
  for (const std::string_view introduction : {"syntax error ", "parsing error "}) {
    if (const auto at = message.find(introduction); at != std::string::npos) {
      message.erase(0, at + introduction.size());
      break;
    }
  }
  return message;
}

[[noreturn]] void throw_syntax_error(std::string_view text, std::size_t offset,
                                     const std::string& reason, const std::string& path) {
  const auto [line, column] = position_of(text, offset);
  throw base::Error(
      base::Stage::kValidation, "INVALID_SPEC_JSON",
      "not valid JSON at line " + std::to_string(line) + ", column " + std::to_string(column) +
          ": " + reason,
      {{"path", path}, {"line", std::to_string(line)}, {"column", std::to_string(column)}});
}

// Builds the tree from the parser's events, without recursion.
class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit TreeBuilder(JsonNode& root) : root_(root) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override {
    // Only "-0" comes here as a zero, and it is not an integer.
    return value == 0 ? add(-0.0) : add(value);
  }
  bool number_unsigned(std::uint64_t value) override { return add(value); }
  bool number_float(double value, const std::string& /*text*/) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(nlohmann::json::binary_t& /*value*/) override { return false; }

  bool start_object(std::size_t /*size*/) override { return open<JsonObject>(); }
  bool start_array(std::size_t /*size*/) override { return open<JsonArray>(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string& /*last_token*/,
                   const nlohmann::json::exception& error) override {
    offset_ = position == 0 ? 0 : position - 1;
    reason_ = reason_in(error.what());
    return false;
  }

  std::size_t offset() const { return offset_; }
  const std::string& reason() const { return reason_; }
  bool too_deep() const { return too_deep_; }

 private:
  template <class Value>
  bool add(Value value) {
    slot().value.emplace<Value>(std::move(value));
    return true;
  }

  template <class Container>
  bool open() {
    if (open_.size() == kMaxJsonDepth) {
      too_deep_ = true;
      return false;
    }
    auto& node = slot();
    node.value.emplace<Container>();
    open_.push_back(&node);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  // The place of the next value.
  JsonNode& slot() {
    if (open_.empty()) return root_;
    auto& container = open_.back()->value;
    if (auto* array = std::get_if<JsonArray>(&container)) return array->emplace_back();
    auto& [name, value] = std::get<JsonObject>(container).emplace_back();
    name = std::move(key_);
    return value;
  }

  JsonNode& root_;
  // From the outermost on; only the last one grows, so that the others stay where they are.
  std::vector<JsonNode*> open_;
  std::string key_;
  std::size_t offset_ = 0;
  std::string reason_;
  bool too_deep_ = false;
};

// The JSON library leaves out a byte order mark and stops at a NUL byte; neither is JSON.
void refuse_stray_bytes(std::string_view text, const std::string& path) {
  if (text.starts_with("\xef\xbb\xbf")) {
    throw_syntax_error(text, 0, "a byte order mark is not JSON", path);
  }
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    throw_syntax_error(text, nul, "a NUL byte is not JSON", path);
  }
}

}  // namespace

std::string_view JsonNode::describe() const {
  constexpr std::array<std::string_view, 8> kNames = {"null",       "a boolean", "an integer",
                                                      "an integer", "a number",  "a string",
                                                      "an array",   "an object"};
  return kNames[value.index()];
}

nlohmann::json JsonNode::to_json() const {
  if (const auto* array = std::get_if<JsonArray>(&value)) {
    auto result = nlohmann::json::array();
    for (const auto& element : *array) result.push_back(element.to_json());
    return result;
  }
  if (const auto* object = std::get_if<JsonObject>(&value)) {
    auto result = nlohmann::json::object();
    for (const auto& [key, member] : *object) result[key] = member.to_json();
    return result;
  }
  return std::visit(
      [](const auto& scalar) -> nlohmann::json {
        using Scalar = std::decay_t<decltype(scalar)>;
        if constexpr (std::is_same_v<Scalar, JsonArray> || std::is_same_v<Scalar, JsonObject>) {
          return nullptr;
        } else {
          return scalar;
        }
      },
      value);
}

JsonNode parse_json(std::string_view text, const std::string& path) {
  refuse_stray_bytes(text, path);
  JsonNode root;
  TreeBuilder builder(root);
  if (!nlohmann::json::sax_parse(text, &builder)) {
    if (builder.too_deep()) {
      throw base::Error(base::Stage::kValidation, "INVALID_SPEC_JSON",
                        "not valid JSON: more than " + std::to_string(kMaxJsonDepth) +
                            " arrays and objects inside each other",
                        {{"path", path}});
    }
    throw_syntax_error(text, builder.offset(), builder.reason(), path);
  }
  return root;
}

std::string in_quotes(std::string_view name) { return base::canonical_json(nlohmann::json(name)); }

}  // namespace engine
