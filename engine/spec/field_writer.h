// Writes typed fields into a JSON object, as FieldReader reads them.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/spec/enum_names.h"

namespace engine {

// Every field is written, defaults included.
class FieldWriter {
 public:
  static constexpr bool kReads = false;

  template <class T>
  void required(std::string_view name, const T& value) {
    object_[std::string(name)] = write(value);
  }

  template <class T>
  void optional(std::string_view name, const T& value) {
    required(name, value);
  }

  template <class T>
  void optional(std::string_view name, const T& value, const T& /*fallback*/) {
    required(name, value);
  }

  template <class Fields>
  void required_object(std::string_view name, Fields fields) {
    FieldWriter writer;
    fields(writer);
    object_[std::string(name)] = writer.take();
  }

  void tag(std::string_view name, std::string_view value) { object_[std::string(name)] = value; }

  nlohmann::json take() { return std::move(object_); }

  template <class T>
  static nlohmann::json write(const T& value) {
    if constexpr (NamedEnum<T>) {
      return to_string(value);
    } else if constexpr (std::is_constructible_v<nlohmann::json, const T&> && !std::is_class_v<T>) {
      return value;
    } else {
      return write_object(value);
    }
  }
  static nlohmann::json write(const std::string& value) { return value; }
  static nlohmann::json write(const nlohmann::json& value) { return value; }
  static nlohmann::json write(const SpanColumns& value) {
    return nlohmann::json::array({value.start, value.end});
  }

  template <class T>
  static nlohmann::json write(const std::optional<T>& value) {
    return value ? write(*value) : nlohmann::json();
  }

  template <class T>
  static nlohmann::json write(const std::vector<T>& values) {
    auto array = nlohmann::json::array();
    for (const auto& value : values) array.push_back(write(value));
    return array;
  }

  template <class T>
  static nlohmann::json write(const std::map<std::string, T>& values) {
    auto object = nlohmann::json::object();
    for (const auto& [key, value] : values) object[key] = write(value);
    return object;
  }

 private:
  template <class T>
  static nlohmann::json write_object(const T& value) {
    FieldWriter writer;
    fields(writer, value);
    return writer.take();
  }

  nlohmann::json object_ = nlohmann::json::object();
};

}  // namespace engine
