#include "delta/schema.h"

#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "base/error.h"
#include "delta/src/json_text.h"

namespace delta {

struct DataType::Parts {
  std::vector<StructField> fields;   // of a struct
  std::vector<DataType> components;  // element of an array; value and key of a map
};

DataType DataType::primitive(TypeKind kind) { return DataType(kind); }

DataType DataType::decimal(int precision, int scale) {
  DataType type(TypeKind::kDecimal);
  type.precision_ = precision;
  type.scale_ = scale;
  return type;
}

DataType DataType::struct_of(std::vector<StructField> fields) {
  DataType type(TypeKind::kStruct);
  type.parts_ = std::make_shared<const Parts>(Parts{std::move(fields), {}});
  return type;
}

DataType DataType::array_of(DataType element, bool contains_null) {
  DataType type(TypeKind::kArray);
  type.contains_null_ = contains_null;
  type.parts_ = std::make_shared<const Parts>(Parts{{}, {std::move(element)}});
  return type;
}

DataType DataType::map_of(DataType key, DataType value, bool value_contains_null) {
  DataType type(TypeKind::kMap);
  type.contains_null_ = value_contains_null;
  type.parts_ = std::make_shared<const Parts>(Parts{{}, {std::move(value), std::move(key)}});
  return type;
}

const std::vector<StructField>& DataType::fields() const { return parts_->fields; }
const DataType& DataType::element() const { return parts_->components[0]; }
const DataType& DataType::key() const { return parts_->components[1]; }

bool DataType::operator==(const DataType& other) const {
  if (kind_ != other.kind_ || precision_ != other.precision_ || scale_ != other.scale_ ||
      contains_null_ != other.contains_null_) {
    return false;
  }
  if (parts_ == other.parts_) return true;
  return parts_ && other.parts_ && parts_->fields == other.parts_->fields &&
         parts_->components == other.parts_->components;
}

namespace {

struct NamedKind {
  std::string_view name;
  TypeKind kind;
};

constexpr NamedKind kPrimitives[] = {
    {"string", TypeKind::kString},       {"long", TypeKind::kLong},
    {"integer", TypeKind::kInteger},     {"short", TypeKind::kShort},
    {"byte", TypeKind::kByte},           {"float", TypeKind::kFloat},
    {"double", TypeKind::kDouble},       {"boolean", TypeKind::kBoolean},
    {"binary", TypeKind::kBinary},       {"date", TypeKind::kDate},
    {"timestamp", TypeKind::kTimestamp}, {"timestamp_ntz", TypeKind::kTimestampNtz},
    {"variant", TypeKind::kVariant},     {"void", TypeKind::kVoid},
};

// Deeper types are a sign of a broken log rather than of a table.
constexpr int kMaxDepth = 200;

[[noreturn]] void invalid(const std::string& column, const std::string& what) {
  const std::string place = column.empty() ? "" : "column '" + column + "': ";
  throw base::Error(
      base::Stage::kRuntime, "DELTA_SCHEMA_INVALID", "invalid schema: " + place + what,
      column.empty() ? base::Error::Details{} : base::Error::Details{{"column", column}});
}

const nlohmann::json& member(const nlohmann::json& object, const char* key,
                             const std::string& column) {
  const auto found = object.find(key);
  if (found == object.end()) invalid(column, std::string("'") + key + "' is missing");
  return *found;
}

bool bool_member(const nlohmann::json& object, const char* key, const std::string& column) {
  const nlohmann::json& value = member(object, key, column);
  if (!value.is_boolean()) invalid(column, std::string("'") + key + "' is not a boolean");
  return value.get<bool>();
}

DataType parse_decimal_type(std::string_view name, const std::string& column) {
  if (name == "decimal") return DataType::decimal(10, 0);
  int precision = 0;
  int scale = 0;
  const char* const end = name.data() + name.size();
  auto [comma, error] =
      std::from_chars(name.data() + std::string_view("decimal(").size(), end, precision);
  if (error == std::errc() && comma != end && *comma == ',') {
    ++comma;
    while (comma != end && *comma == ' ') ++comma;
    const auto [close, scale_error] = std::from_chars(comma, end, scale);
    const bool closed = scale_error == std::errc() && close + 1 == end && *close == ')';
    if (closed && precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision) {
      return DataType::decimal(precision, scale);
    }
  }
  invalid(column, "'" + std::string(name) + "' is not a decimal type");
}

DataType parse_primitive(const std::string& name, const std::string& column) {
  for (const NamedKind& primitive : kPrimitives) {
    if (primitive.name == name) return DataType::primitive(primitive.kind);
  }
  if (name == "decimal" || name.starts_with("decimal(")) return parse_decimal_type(name, column);
  // Spark's own spellings: texts of a length, and what it called void before its version 3.
  if (name.starts_with("char(") || name.starts_with("varchar(")) {
    return DataType::primitive(TypeKind::kString);
  }
  if (name == "null") return DataType::primitive(TypeKind::kVoid);
  invalid(column, "unknown type '" + name + "'");
}

DataType parse_type(const nlohmann::json& json, const std::string& column, int depth);

std::vector<StructField> parse_fields(const nlohmann::json& json, const std::string& column,
                                      int depth) {
  const nlohmann::json& list = member(json, "fields", column);
  if (!list.is_array()) invalid(column, "'fields' is not an array");
  std::vector<StructField> fields;
  fields.reserve(list.size());
  for (const nlohmann::json& entry : list) {
    if (!entry.is_object()) invalid(column, "a field is not an object");
    const nlohmann::json& name = member(entry, "name", column);
    if (!name.is_string()) invalid(column, "a field's 'name' is not a string");
    const std::string path =
        column.empty() ? name.get<std::string>() : column + "." + name.get<std::string>();
    StructField field{name.get<std::string>(),
                      parse_type(member(entry, "type", path), path, depth)};
    field.nullable = bool_member(entry, "nullable", path);
    if (const auto metadata = entry.find("metadata"); metadata != entry.end()) {
      if (!metadata->is_object()) invalid(path, "'metadata' is not an object");
      field.metadata = *metadata;
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

DataType parse_type(const nlohmann::json& json, const std::string& column, int depth) {
  if (depth > kMaxDepth) invalid(column, "types are nested too deeply");
  if (json.is_string()) return parse_primitive(json.get<std::string>(), column);
  if (!json.is_object()) invalid(column, "a type is neither a string nor an object");
  const nlohmann::json& name = member(json, "type", column);
  if (name == "struct") return DataType::struct_of(parse_fields(json, column, depth + 1));
  if (name == "array") {
    return DataType::array_of(parse_type(member(json, "elementType", column), column, depth + 1),
                              bool_member(json, "containsNull", column));
  }
  if (name == "map") {
    return DataType::map_of(parse_type(member(json, "keyType", column), column, depth + 1),
                            parse_type(member(json, "valueType", column), column, depth + 1),
                            bool_member(json, "valueContainsNull", column));
  }
  // A type of some program's own, such as Spark's vectors, is stored as the type that it tells.
  if (name == "udt") return parse_type(member(json, "sqlType", column), column, depth + 1);
  invalid(column, "unknown type " + name.dump());
}

std::string primitive_name(const DataType& type) {
  if (type.kind() == TypeKind::kDecimal) {
    return "decimal(" + std::to_string(type.precision()) + "," + std::to_string(type.scale()) + ")";
  }
  for (const NamedKind& primitive : kPrimitives) {
    if (primitive.kind == type.kind()) return std::string(primitive.name);
  }
  return "unknown";
}

void append_type(std::string& out, const DataType& type);

void append_bool(std::string& out, bool value) { out += value ? "true" : "false"; }

// The order of members is Spark's.
void append_struct(std::string& out, const std::vector<StructField>& fields) {
  out += R"({"type":"struct","fields":[)";
  bool first = true;
  for (const StructField& field : fields) {
    if (!first) out += ',';
    first = false;
    out += R"({"name":)";
    append_json_string(out, field.name);
    out += R"(,"type":)";
    append_type(out, field.type);
    out += R"(,"nullable":)";
    append_bool(out, field.nullable);
    out += R"(,"metadata":)";
    out += field.metadata.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    out += '}';
  }
  out += "]}";
}

void append_type(std::string& out, const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kStruct:
      append_struct(out, type.fields());
      return;
    case TypeKind::kArray:
      out += R"({"type":"array","elementType":)";
      append_type(out, type.element());
      out += R"(,"containsNull":)";
      append_bool(out, type.contains_null());
      out += '}';
      return;
    case TypeKind::kMap:
      out += R"({"type":"map","keyType":)";
      append_type(out, type.key());
      out += R"(,"valueType":)";
      append_type(out, type.element());
      out += R"(,"valueContainsNull":)";
      append_bool(out, type.contains_null());
      out += '}';
      return;
    default:
      append_json_string(out, primitive_name(type));
  }
}

}  // namespace

std::string DataType::to_string() const {
  switch (kind_) {
    case TypeKind::kStruct: {
      std::string text = "struct<";
      for (const StructField& field : fields()) {
        if (text.back() != '<') text += ',';
        text += field.name + ":" + field.type.to_string();
      }
      return text + ">";
    }
    case TypeKind::kArray:
      return "array<" + element().to_string() + ">";
    case TypeKind::kMap:
      return "map<" + key().to_string() + "," + element().to_string() + ">";
    default:
      return primitive_name(*this);
  }
}

const StructField* Schema::find(std::string_view name) const {
  for (const StructField& field : fields) {
    if (base::equal_ignoring_case(field.name, name)) return &field;
  }
  return nullptr;
}

DataType parse_type(const nlohmann::json& json) { return parse_type(json, "", 0); }

Schema parse_schema(std::string_view json) {
  nlohmann::json document;
  try {
    document = nlohmann::json::parse(json);
  } catch (const nlohmann::json::exception& error) {
    invalid("", error.what());
  }
  if (!document.is_object() || document.value("type", nlohmann::json()) != "struct") {
    invalid("", "it is not a struct");
  }
  return Schema{parse_fields(document, "", 0)};
}

std::string to_json(const Schema& schema) {
  std::string out;
  append_struct(out, schema.fields);
  return out;
}

}  // namespace delta
