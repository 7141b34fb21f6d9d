#include "engine/spec/field_reader.h"

#include "base/error.h"

namespace engine {
namespace {

bool is_plain_word(std::string_view name) {
  const auto is_word_character = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !name.empty() && (name[0] < '0' || name[0] > '9') &&
         std::ranges::all_of(name, is_word_character);
}

std::string list_of(std::span<const std::string_view> names) {
  std::string list;
  for (const auto name : names) {
    if (!list.empty()) list += ", ";
    list += name;
  }
  return list;
}

}  // namespace

std::string field_path(const std::string& path, std::string_view name) {
  return is_plain_word(name) ? path + "." + std::string(name) : path + "[" + in_quotes(name) + "]";
}

std::string element_path(const std::string& path, std::size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

void Faults::wrong_field(const std::string& path, const std::string& message) {
  if (!wrong_field_) wrong_field_ = {path, message};
}

void Faults::wrong_type(const std::string& path, const std::string& message) {
  if (!wrong_type_) wrong_type_ = {path, message};
}

void Faults::raise() const {
  const auto& fault = wrong_field_ ? wrong_field_ : wrong_type_;
  if (!fault) return;
  throw base::Error(base::Stage::kValidation, "INVALID_SPEC_JSON",
                    fault->path + ": " + fault->message, {{"path", fault->path}});
}

FieldReader::FieldReader(const JsonNode& node, std::string path, Faults& faults)
    : object_(std::get_if<JsonObject>(&node.value)), path_(std::move(path)), faults_(&faults) {
  if (object_ == nullptr) expected(node, path_, "an object");
}

const JsonNode* FieldReader::take(std::string_view name, bool required) {
  known_.push_back(name);
  if (object_ == nullptr) return nullptr;
  const auto found = std::ranges::find(*object_, name, &JsonField::name);
  if (found != object_->end()) return &found->value;
  if (required) {
    faults_->wrong_field(field_path(path_, name), "the field " + in_quotes(name) + " is missing");
  }
  return nullptr;
}

std::optional<std::size_t> FieldReader::tag(std::string_view name,
                                            std::span<const std::string_view> known) {
  const auto* node = take(name, true);
  const auto place = node ? name_place(*node, field_path(path_, name), known) : std::nullopt;
  if (!place) object_ = nullptr;
  return place;
}

void FieldReader::finish() {
  if (object_ == nullptr) return;
  for (auto field = object_->begin(); field != object_->end(); ++field) {
    const auto& name = field->name;
    if (std::ranges::find(known_, name) == known_.end()) {
      faults_->wrong_field(field_path(path_, name), "unknown field " + in_quotes(name) +
                                                        "; the fields here are " + list_of(known_));
    } else if (std::any_of(object_->begin(), field,
                           [&](const auto& earlier) { return earlier.name == name; })) {
      repeated(path_, name);
    }
  }
}

void FieldReader::expected(const JsonNode& node, const std::string& path, std::string_view what) {
  faults_->wrong_type(path,
                      "expected " + std::string(what) + ", found " + std::string(node.describe()));
}

void FieldReader::repeated(const std::string& path, const std::string& name) {
  faults_->wrong_field(field_path(path, name), "the field " + in_quotes(name) + " is repeated");
}

void FieldReader::read_bool(const JsonNode& node, const std::string& path, bool& value) {
  if (const auto* boolean = std::get_if<bool>(&node.value)) {
    value = *boolean;
  } else {
    expected(node, path, "a boolean");
  }
}

void FieldReader::read_double(const JsonNode& node, const std::string& path, double& value) {
  if (const auto* number = std::get_if<double>(&node.value)) {
    value = *number;
  } else if (const auto* positive = std::get_if<std::uint64_t>(&node.value)) {
    value = static_cast<double>(*positive);
  } else if (const auto* negative = std::get_if<std::int64_t>(&node.value)) {
    value = static_cast<double>(*negative);
  } else {
    expected(node, path, "a number");
  }
}

void FieldReader::read_string(const JsonNode& node, const std::string& path, std::string& value) {
  if (const auto* text = std::get_if<std::string>(&node.value)) {
    value = *text;
  } else {
    expected(node, path, "a string");
  }
}

std::uint64_t FieldReader::read_unsigned(const JsonNode& node, const std::string& path,
                                         std::uint64_t greatest) {
  if (const auto* number = std::get_if<std::uint64_t>(&node.value)) {
    if (*number <= greatest) return *number;
  } else if (!std::holds_alternative<std::int64_t>(node.value)) {
    expected(node, path, "an integer");
    return 0;
  }
  faults_->wrong_type(path, "expected an integer from 0 to " + std::to_string(greatest) +
                                ", found " + node.to_json().dump());
  return 0;
}

std::int64_t FieldReader::read_signed(const JsonNode& node, const std::string& path,
                                      std::int64_t least, std::int64_t greatest) {
  if (const auto* negative = std::get_if<std::int64_t>(&node.value)) {
    if (*negative >= least) return *negative;
  } else if (const auto* positive = std::get_if<std::uint64_t>(&node.value)) {
    if (std::cmp_less_equal(*positive, greatest)) return static_cast<std::int64_t>(*positive);
  } else {
    expected(node, path, "an integer");
    return 0;
  }
  faults_->wrong_type(path, "expected an integer from " + std::to_string(least) + " to " +
                                std::to_string(greatest) + ", found " + node.to_json().dump());
  return 0;
}

std::optional<std::size_t> FieldReader::name_place(const JsonNode& node, const std::string& path,
                                                   std::span<const std::string_view> known) {
  const auto* text = std::get_if<std::string>(&node.value);
  if (text == nullptr) {
    expected(node, path, "a string");
    return std::nullopt;
  }
  const auto found = std::ranges::find(known, *text);
  if (found == known.end()) {
    faults_->wrong_type(path, in_quotes(*text) + " is not one of " + list_of(known));
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - known.begin());
}

void FieldReader::read(const JsonNode& node, const std::string& path, SpanColumns& value) {
  std::vector<std::string> pair;
  read(node, path, pair);
  if (pair.size() == 2) {
    value = {pair[0], pair[1]};
  } else if (std::holds_alternative<JsonArray>(node.value)) {
    faults_->wrong_type(path,
                        "expected two columns, [start, end], found " + std::to_string(pair.size()));
  }
}

}  // namespace engine
