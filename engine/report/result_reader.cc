#include "engine/report/result_reader.h"

#include "base/error.h"

namespace engine {
namespace {

using Json = nlohmann::json;

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw base::Error(base::Stage::kValidation, "RESULT_INVALID",
                    "this is no RunResult: " + path + " " + what, {{"path", path}});
}

const Json& checked(const Json& value, const std::string& path, bool fits, const char* what) {
  if (!fits) refuse(path, std::string("is ") + value.type_name() + ", and not " + what);
  return value;
}
const Json& checked(Json&& value, const std::string& path, bool fits, const char* what) = delete;

}  // namespace

ResultReader::ResultReader(const Json& json, std::string path)
    : json_(&json), path_(std::move(path)) {
  checked(json, path_, json.is_object(), "an object");
}

std::string ResultReader::path_of(std::string_view field) const {
  return path_ + "." + std::string(field);
}

const Json* ResultReader::find(std::string_view field) const {
  const auto found = json_->find(field);
  return found == json_->end() || found->is_null() ? nullptr : &*found;
}

bool ResultReader::has(std::string_view field) const { return find(field) != nullptr; }

const ResultReader& ResultReader::need(std::string_view field) const {
  if (!json_->contains(field)) refuse(path_of(field), "is missing");
  return *this;
}

ResultReader ResultReader::object(std::string_view field) const {
  static const Json empty = Json::object();
  const Json* value = find(field);
  return {value == nullptr ? empty : *value, path_of(field)};
}

std::vector<ResultReader> ResultReader::array(std::string_view field) const {
  std::vector<ResultReader> items;
  const Json* value = find(field);
  if (value == nullptr) return items;
  const std::string path = path_of(field);
  for (const Json& item : checked(*value, path, value->is_array(), "an array")) {
    items.emplace_back(item, path + "[" + std::to_string(items.size()) + "]");
  }
  return items;
}

std::vector<std::string> ResultReader::texts(std::string_view field) const {
  std::vector<std::string> items;
  const Json* value = find(field);
  if (value == nullptr) return items;
  const std::string path = path_of(field);
  for (const Json& item : checked(*value, path, value->is_array(), "an array")) {
    items.push_back(checked(item, path, item.is_string(), "a string").get<std::string>());
  }
  return items;
}

std::string ResultReader::text(std::string_view field) const {
  const Json* value = find(field);
  if (value == nullptr) return "";
  return checked(*value, path_of(field), value->is_string(), "a string").get<std::string>();
}

std::int64_t ResultReader::integer(std::string_view field) const {
  const Json* value = find(field);
  if (value == nullptr) return 0;
  return checked(*value, path_of(field), value->is_number_integer(), "an integer")
      .get<std::int64_t>();
}

double ResultReader::number(std::string_view field) const {
  const Json* value = find(field);
  if (value == nullptr) return 0;
  return checked(*value, path_of(field), value->is_number(), "a number").get<double>();
}

bool ResultReader::flag(std::string_view field) const {
  const Json* value = find(field);
  if (value == nullptr) return false;
  return checked(*value, path_of(field), value->is_boolean(), "true or false").get<bool>();
}

std::string ResultReader::hash(std::string_view field) const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::size_t kHashBytes = 32;
  const Json* value = find(field);
  if (value == nullptr) return "";
  const std::string path = path_of(field);
  const bool fits = value->is_array() && value->size() == kHashBytes;
  std::string hex;
  for (const Json& item : checked(*value, path, fits, "an array of 32 integers")) {
    const bool is_byte = item.is_number_integer() && item >= 0 && item <= 255;
    const auto byte = checked(item, path, is_byte, "a byte").get<unsigned>();
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

}  // namespace engine
