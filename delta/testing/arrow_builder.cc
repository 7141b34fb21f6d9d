#include "delta/testing/arrow_builder.h"

#include <map>
#include <stdexcept>
#include <string_view>
#include <type_traits>

namespace delta {
namespace {

using Values = std::vector<nlohmann::json>;

template <typename T>
void append(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

std::string bits(const Values& values, bool (*is_set)(const nlohmann::json&)) {
  std::string bytes(values.size() / 8 + 1, '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_set(values[i])) bytes[i / 8] = static_cast<char>(bytes[i / 8] | 1 << i % 8);
  }
  return bytes;
}

// The widest decimal has 38 digits; an int128 holds them all.
__int128 to_int128(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  if (text.size() > 38) throw std::invalid_argument("a decimal of more than 38 digits");
  __int128 number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') throw std::invalid_argument("a decimal that is not all digits");
    number = number * 10 + (c - '0');
  }
  return is_negative ? -number : number;
}

template <typename T>
T number(const nlohmann::json& value) {
  if (value.is_null()) return T{};
  if (std::is_integral_v<T> && value.is_number_float()) {
    throw std::invalid_argument("a whole number is wanted, not " + value.dump());
  }
  return value.get<T>();
}

template <typename T>
std::string numbers(const Values& values) {
  std::string bytes;
  for (const nlohmann::json& value : values) append(bytes, number<T>(value));
  return bytes;
}

std::string decimals(const Values& values) {
  std::string bytes;
  for (const nlohmann::json& value : values) {
    append(bytes, value.is_null() ? __int128{0} : to_int128(value.get_ref<const std::string&>()));
  }
  return bytes;
}

}  // namespace

ArrowBuilder::ArrowBuilder(const DataType& type, const Values& values, ArrowStrings strings,
                           std::int64_t offset)
    : strings_(strings) {
  Node& root = build(type, "", values);
  root.array.offset = offset;
  root.array.length -= offset;
  schema_ = &root.schema;
  array_ = &root.array;
}

void ArrowBuilder::add_child(Node& node, Node& child) {
  node.schema_children.push_back(&child.schema);
  node.array_children.push_back(&child.array);
}

void ArrowBuilder::build_strings(Node& node, const Values& values) {
  if (strings_ == ArrowStrings::kView) return build_views(node, values);
  if (strings_ == ArrowStrings::kDictionary) return build_dictionary(node, values);
  const bool is_large = strings_ == ArrowStrings::kLargeUtf8;
  node.format = is_large ? "U" : "u";
  std::string offsets;
  std::string text;
  const auto mark = [&] {
    if (is_large) {
      append(offsets, static_cast<std::int64_t>(text.size()));
    } else {
      append(offsets, static_cast<std::int32_t>(text.size()));
    }
  };
  mark();
  for (const nlohmann::json& value : values) {
    if (!value.is_null()) text += value.get<std::string>();
    mark();
  }
  node.bytes.push_back(std::move(offsets));
  node.bytes.push_back(std::move(text));
}

void ArrowBuilder::build_views(Node& node, const Values& values) {
  constexpr std::size_t kInline = 12;
  node.format = "vu";
  std::string views;
  std::string text;
  for (const nlohmann::json& value : values) {
    const std::string string = value.is_null() ? "" : value.get<std::string>();
    append(views, static_cast<std::int32_t>(string.size()));
    if (string.size() <= kInline) {
      views += string + std::string(kInline - string.size(), '\0');
      continue;
    }
    views += string.substr(0, 4);
    append(views, std::int32_t{0});
    append(views, static_cast<std::int32_t>(text.size()));
    text += string;
  }
  std::string sizes;
  append(sizes, static_cast<std::int64_t>(text.size()));
  node.bytes.push_back(std::move(views));
  node.bytes.push_back(std::move(text));
  node.bytes.push_back(std::move(sizes));
}

void ArrowBuilder::build_dictionary(Node& node, const Values& values) {
  node.format = "i";
  std::string indices;
  std::map<std::string, std::int32_t> known;
  Values entries;
  for (const nlohmann::json& value : values) {
    const std::string string = value.is_null() ? "" : value.get<std::string>();
    const auto [entry, is_new] =
        known.try_emplace(string, static_cast<std::int32_t>(entries.size()));
    if (is_new) entries.emplace_back(string);
    append(indices, entry->second);
  }
  node.bytes.push_back(std::move(indices));
  strings_ = ArrowStrings::kUtf8;
  Node& dictionary = build(DataType::primitive(TypeKind::kString), "", entries);
  strings_ = ArrowStrings::kDictionary;
  node.schema.dictionary = &dictionary.schema;
  node.array.dictionary = &dictionary.array;
}

void ArrowBuilder::build_lists(Node& node, const DataType& type, const Values& values) {
  const bool is_map = type.kind() == TypeKind::kMap;
  node.format = is_map ? "+m" : "+l";
  std::string offsets;
  Values elements;
  append(offsets, std::int32_t{0});
  for (const nlohmann::json& value : values) {
    for (const auto& [key, element] : value.items()) {
      elements.push_back(is_map ? nlohmann::json{{"key", key}, {"value", element}} : element);
    }
    append(offsets, static_cast<std::int32_t>(elements.size()));
  }
  node.bytes.push_back(std::move(offsets));
  if (!is_map) return add_child(node, build(type.element(), "element", elements));
  const DataType entries = DataType::struct_of({{"key", type.key()}, {"value", type.element()}});
  add_child(node, build(entries, "entries", elements));
}

void ArrowBuilder::build_struct(Node& node, const DataType& type, const Values& values) {
  node.format = "+s";
  for (const StructField& field : type.fields()) {
    Values members;
    for (const nlohmann::json& value : values) {
      members.push_back(value.is_object() ? value.value(field.name, nlohmann::json())
                                          : nlohmann::json());
    }
    add_child(node, build(field.type, field.name, members));
  }
}

void ArrowBuilder::fill(Node& node, const DataType& type, const Values& values) {
  switch (type.kind()) {
    case TypeKind::kBoolean:
      node.format = "b";
      node.bytes.push_back(bits(values, [](const nlohmann::json& value) {
        return !value.is_null() && value.get<bool>();
      }));
      break;
    case TypeKind::kInteger:
    case TypeKind::kDate:
      node.format = type.kind() == TypeKind::kDate ? "tdD" : "i";
      node.bytes.push_back(numbers<std::int32_t>(values));
      break;
    case TypeKind::kShort:
      node.format = "s";
      node.bytes.push_back(numbers<std::int16_t>(values));
      break;
    case TypeKind::kByte:
      node.format = "c";
      node.bytes.push_back(numbers<std::int8_t>(values));
      break;
    case TypeKind::kLong:
      node.format = "l";
      node.bytes.push_back(numbers<std::int64_t>(values));
      break;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      node.format = type.kind() == TypeKind::kTimestamp ? "tsu:UTC" : "tsu:";
      node.bytes.push_back(numbers<std::int64_t>(values));
      break;
    case TypeKind::kFloat:
      node.format = "f";
      node.bytes.push_back(numbers<float>(values));
      break;
    case TypeKind::kDouble:
      node.format = "g";
      node.bytes.push_back(numbers<double>(values));
      break;
    case TypeKind::kDecimal:
      node.format = "d:" + std::to_string(type.precision()) + "," + std::to_string(type.scale());
      node.bytes.push_back(decimals(values));
      break;
    case TypeKind::kString:
      build_strings(node, values);
      break;
    case TypeKind::kStruct:
      build_struct(node, type, values);
      break;
    case TypeKind::kArray:
    case TypeKind::kMap:
      build_lists(node, type, values);
      break;
    default:
      throw std::invalid_argument("no Arrow array is made of " + type.to_string());
  }
}

ArrowBuilder::Node& ArrowBuilder::build(const DataType& type, const std::string& name,
                                        const Values& values) {
  nodes_.push_back(std::make_unique<Node>());
  Node& node = *nodes_.back();
  node.name = name;
  node.bytes.push_back(bits(values, [](const nlohmann::json& value) { return !value.is_null(); }));
  fill(node, type, values);
  for (const std::string& bytes : node.bytes) node.buffers.push_back(bytes.data());
  node.schema.format = node.format.c_str();
  node.schema.name = node.name.c_str();
  node.schema.flags = ARROW_FLAG_NULLABLE;
  node.schema.n_children = static_cast<std::int64_t>(node.schema_children.size());
  node.schema.children = node.schema_children.data();
  node.array.length = static_cast<std::int64_t>(values.size());
  node.array.null_count = -1;
  node.array.n_buffers = static_cast<std::int64_t>(node.buffers.size());
  node.array.buffers = node.buffers.data();
  node.array.n_children = static_cast<std::int64_t>(node.array_children.size());
  node.array.children = node.array_children.data();
  return node;
}

}  // namespace delta
