// Table schemas: PROTOCOL.md, "Schema Serialization Format".
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace delta {

enum class TypeKind {
  kString,
  kLong,
  kInteger,
  kShort,
  kByte,
  kFloat,
  kDouble,
  kDecimal,
  kBoolean,
  kBinary,
  kDate,
  kTimestamp,
  kTimestampNtz,
  kVariant,
  kVoid,  // only nulls, never in a data file
  kStruct,
  kArray,
  kMap,
};

struct StructField;

// A type of a column or of a part of one. An immutable value: copies are cheap and share parts.
class DataType {
 public:
  // Any kind without parameters.
  static DataType primitive(TypeKind kind);
  static DataType decimal(int precision, int scale);
  static DataType struct_of(std::vector<StructField> fields);
  static DataType array_of(DataType element, bool contains_null);
  static DataType map_of(DataType key, DataType value, bool value_contains_null);

  TypeKind kind() const { return kind_; }
  bool is_nested() const {
    return kind_ == TypeKind::kStruct || kind_ == TypeKind::kArray || kind_ == TypeKind::kMap;
  }
  // Decimal only.
  int precision() const { return precision_; }
  int scale() const { return scale_; }
  // Struct only.
  const std::vector<StructField>& fields() const;
  // Array: the element. Map: the value.
  const DataType& element() const;
  // Map only.
  const DataType& key() const;
  // Array elements or map values may be null.
  bool contains_null() const { return contains_null_; }

  // The protocol's name: "long", "decimal(10,2)", "struct<a:long>" (nested ones for messages only).
  std::string to_string() const;

  bool operator==(const DataType& other) const;

 private:
  struct Parts;
  explicit DataType(TypeKind kind) : kind_(kind) {}

  TypeKind kind_;
  int precision_ = 0;
  int scale_ = 0;
  bool contains_null_ = true;
  std::shared_ptr<const Parts> parts_;
};

struct StructField {
  std::string name;
  DataType type;
  bool nullable = true;
  // The field's metadata object: column mapping ids, invariants, generation expressions, ….
  nlohmann::json metadata = nlohmann::json::object();

  bool operator==(const StructField&) const = default;
};

// The columns of a table, in order.
struct Schema {
  std::vector<StructField> fields;

  // The column of that name, compared case-insensitively as Delta does; null when there is none.
  const StructField* find(std::string_view name) const;
  bool operator==(const Schema&) const = default;
};

// The `schemaString` of a metaData action. Throws base::Error DELTA_SCHEMA_INVALID.
Schema parse_schema(std::string_view json);
std::string to_json(const Schema& schema);

// A type as it stands in a schema: a name or an object. Throws base::Error DELTA_SCHEMA_INVALID.
DataType parse_type(const nlohmann::json& json);

}  // namespace delta
