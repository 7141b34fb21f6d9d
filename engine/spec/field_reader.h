// Reads typed fields from a JSON tree and remembers the first fault of each sort with its path.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/spec/enum_names.h"
#include "engine/spec/json_document.h"

namespace engine {

// `path` extended by a field: "$.a", or "$[\"a b\"]" when the name is not a plain word.
std::string field_path(const std::string& path, std::string_view name);
std::string element_path(const std::string& path, std::size_t index);

// Reading goes on after a fault, since the contract ranks faults: an unknown, repeated or missing
// field anywhere comes before a wrong type anywhere.
class Faults {
 public:
  void wrong_field(const std::string& path, const std::string& message);
  void wrong_type(const std::string& path, const std::string& message);

  // Throws base::Error INVALID_SPEC_JSON for the fault that ranks first, if there is any.
  void raise() const;

 private:
  struct Fault {
    std::string path;
    std::string message;
  };
  std::optional<Fault> wrong_field_;
  std::optional<Fault> wrong_type_;
};

// The fields of one JSON object. Each is named once; finish() then finds those that were not.
class FieldReader {
 public:
  static constexpr bool kReads = true;

  // `node` must outlive the reader. Anything but an object is a wrong type.
  FieldReader(const JsonNode& node, std::string path, Faults& faults);

  template <class T>
  void required(std::string_view name, T& value) {
    if (const auto* node = take(name, true)) read(*node, field_path(path_, name), value);
  }

  // A field that may be left out: `value` then stays as it is.
  template <class T>
  void optional(std::string_view name, T& value) {
    if (const auto* node = take(name, false)) read(*node, field_path(path_, name), value);
  }

  // A field that becomes `fallback` when it is left out.
  template <class T>
  void optional(std::string_view name, T& value, const T& fallback) {
    value = fallback;
    optional(name, value);
  }

  // An object within this one, whose fields `fields` names on the reader that it is given.
  template <class Fields>
  void required_object(std::string_view name, Fields fields) {
    if (const auto* node = take(name, true)) {
      FieldReader reader(*node, field_path(path_, name), *faults_);
      fields(reader);
      reader.finish();
    }
  }

  // The place among `known` of a required string field that selects among alternatives. Nothing
  // when it is at fault: the other fields cannot be judged then, and are not.
  std::optional<std::size_t> tag(std::string_view name, std::span<const std::string_view> known);

  // Records unknown and repeated fields.
  void finish();

  // Reads an object and all within it.
  template <class T>
  static void read_object(const JsonNode& root, const std::string& path, Faults& faults, T& value) {
    FieldReader reader(root, path, faults);
    fields(reader, value);
    reader.finish();
  }

 private:
  template <class T>
  void read(const JsonNode& node, const std::string& path, T& value);
  const JsonNode* take(std::string_view name, bool required);
  void expected(const JsonNode& node, const std::string& path, std::string_view what);
  void repeated(const std::string& path, const std::string& name);
  void read_bool(const JsonNode& node, const std::string& path, bool& value);
  void read_double(const JsonNode& node, const std::string& path, double& value);
  void read_string(const JsonNode& node, const std::string& path, std::string& value);
  std::int64_t read_signed(const JsonNode& node, const std::string& path, std::int64_t least,
                           std::int64_t greatest);
  std::uint64_t read_unsigned(const JsonNode& node, const std::string& path,
                              std::uint64_t greatest);
  // Where the string `node` stands in `known`; recorded as a wrong type when it does not.
  std::optional<std::size_t> name_place(const JsonNode& node, const std::string& path,
                                        std::span<const std::string_view> known);

  void read(const JsonNode& node, const std::string& path, SpanColumns& value);
  template <class T>
  void read(const JsonNode& node, const std::string& path, std::optional<T>& value);
  template <class T>
  void read(const JsonNode& node, const std::string& path, std::vector<T>& value);
  template <class T>
  void read(const JsonNode& node, const std::string& path, std::map<std::string, T>& value);

  const JsonObject* object_ = nullptr;
  std::string path_;
  Faults* faults_;
  std::vector<std::string_view> known_;
};

template <class T>
void FieldReader::read(const JsonNode& node, const std::string& path, T& value) {
  if constexpr (std::same_as<T, nlohmann::json>) {
    value = node.to_json();
  } else if constexpr (std::same_as<T, bool>) {
    read_bool(node, path, value);
  } else if constexpr (std::same_as<T, double>) {
    read_double(node, path, value);
  } else if constexpr (std::same_as<T, std::string>) {
    read_string(node, path, value);
  } else if constexpr (std::unsigned_integral<T>) {
    value = static_cast<T>(read_unsigned(node, path, std::numeric_limits<T>::max()));
  } else if constexpr (std::signed_integral<T>) {
    value = static_cast<T>(
        read_signed(node, path, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
  } else if constexpr (NamedEnum<T>) {
    std::vector<std::string_view> known;
    for (const auto& pair : kEnumNames<T>) known.push_back(pair.first);
    if (const auto place = name_place(node, path, known)) value = kEnumNames<T>[*place].second;
  } else {
    read_object(node, path, *faults_, value);
  }
}

template <class T>
void FieldReader::read(const JsonNode& node, const std::string& path, std::optional<T>& value) {
  value.reset();
  if (!std::holds_alternative<std::nullptr_t>(node.value)) read(node, path, value.emplace());
}

template <class T>
void FieldReader::read(const JsonNode& node, const std::string& path, std::vector<T>& value) {
  value.clear();
  const auto* array = std::get_if<JsonArray>(&node.value);
  if (array == nullptr) {
    expected(node, path, "an array");
    return;
  }
  value.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    read((*array)[i], element_path(path, i), value.emplace_back());
  }
}

template <class T>
void FieldReader::read(const JsonNode& node, const std::string& path,
                       std::map<std::string, T>& value) {
  value.clear();
  const auto* object = std::get_if<JsonObject>(&node.value);
  if (object == nullptr) {
    expected(node, path, "an object");
    return;
  }
  for (const auto& [key, member] : *object) {
    if (value.contains(key)) repeated(path, key);
    read(member, field_path(path, key), value[key]);
  }
}

}  // namespace engine
