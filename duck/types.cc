#include "duck/types_internal.h"

#include <utility>
#include <vector>

namespace duck {
namespace {

using delta::DataType;
using delta::TypeKind;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;

LogicalType struct_to_duckdb(const DataType& type) {
  duckdb::child_list_t<LogicalType> children;
  for (const delta::StructField& field : type.fields()) {
    children.emplace_back(field.name, to_duckdb(field.type));
  }
  return LogicalType::STRUCT(std::move(children));
}

std::optional<DataType> struct_to_delta(const LogicalType& type) {
  std::vector<delta::StructField> fields;
  for (const auto& [name, child] : duckdb::StructType::GetChildTypes(type)) {
    auto child_type = to_delta(child);
    if (!child_type) return std::nullopt;
    fields.push_back({.name = name, .type = *child_type});
  }
  return DataType::struct_of(std::move(fields));
}

std::optional<DataType> array_to_delta(const LogicalType& element) {
  auto type = to_delta(element);
  if (!type) return std::nullopt;
  return DataType::array_of(*type, true);
}

std::optional<DataType> map_to_delta(const LogicalType& type) {
  auto key = to_delta(duckdb::MapType::KeyType(type));
  auto value = to_delta(duckdb::MapType::ValueType(type));
  if (!key || !value) return std::nullopt;
  return DataType::map_of(*key, *value, true);
}

}  // namespace

DataType variant_parts() {
  const DataType binary = DataType::primitive(TypeKind::kBinary);
  return DataType::struct_of(
      {{.name = "value", .type = binary}, {.name = "metadata", .type = binary}});
}

LogicalType to_duckdb(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kString:
      return LogicalType::VARCHAR;
    case TypeKind::kLong:
      return LogicalType::BIGINT;
    case TypeKind::kInteger:
      return LogicalType::INTEGER;
    case TypeKind::kShort:
      return LogicalType::SMALLINT;
    case TypeKind::kByte:
      return LogicalType::TINYINT;
    case TypeKind::kFloat:
      return LogicalType::FLOAT;
    case TypeKind::kDouble:
      return LogicalType::DOUBLE;
    case TypeKind::kDecimal:
      return LogicalType::DECIMAL(type.precision(), type.scale());
    case TypeKind::kBoolean:
      return LogicalType::BOOLEAN;
    case TypeKind::kBinary:
      return LogicalType::BLOB;
    case TypeKind::kDate:
      return LogicalType::DATE;
    case TypeKind::kTimestamp:
      return LogicalType::TIMESTAMP_TZ;
    case TypeKind::kTimestampNtz:
      return LogicalType::TIMESTAMP;
    case TypeKind::kVariant:
      return struct_to_duckdb(variant_parts());
    case TypeKind::kVoid:
      return LogicalType::SQLNULL;
    case TypeKind::kStruct:
      return struct_to_duckdb(type);
    case TypeKind::kArray:
      return LogicalType::LIST(to_duckdb(type.element()));
    case TypeKind::kMap:
      return LogicalType::MAP(to_duckdb(type.key()), to_duckdb(type.element()));
  }
  throw duckdb::InternalException("Delta type without a DuckDB type");
}

std::optional<DataType> to_delta(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
      return DataType::primitive(TypeKind::kBoolean);
    case LogicalTypeId::TINYINT:
      return DataType::primitive(TypeKind::kByte);
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::UTINYINT:
      return DataType::primitive(TypeKind::kShort);
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::USMALLINT:
      return DataType::primitive(TypeKind::kInteger);
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::UINTEGER:
      return DataType::primitive(TypeKind::kLong);
    case LogicalTypeId::UBIGINT:
      return DataType::decimal(20, 0);
    case LogicalTypeId::FLOAT:
      return DataType::primitive(TypeKind::kFloat);
    case LogicalTypeId::DOUBLE:
      return DataType::primitive(TypeKind::kDouble);
    case LogicalTypeId::DECIMAL:
      return DataType::decimal(duckdb::DecimalType::GetWidth(type),
                               duckdb::DecimalType::GetScale(type));
    case LogicalTypeId::VARCHAR:
    case LogicalTypeId::STRING_LITERAL:
    case LogicalTypeId::ENUM:
    case LogicalTypeId::UUID:
      return DataType::primitive(TypeKind::kString);
    case LogicalTypeId::INTEGER_LITERAL:
      return to_delta(duckdb::IntegerLiteral::GetType(type));
    case LogicalTypeId::BLOB:
      return DataType::primitive(TypeKind::kBinary);
    case LogicalTypeId::DATE:
      return DataType::primitive(TypeKind::kDate);
    case LogicalTypeId::TIMESTAMP_TZ:
      return DataType::primitive(TypeKind::kTimestamp);
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_SEC:
      return DataType::primitive(TypeKind::kTimestampNtz);
    case LogicalTypeId::VARIANT:
      return DataType::primitive(TypeKind::kVariant);
    case LogicalTypeId::STRUCT:
      return struct_to_delta(type);
    case LogicalTypeId::LIST:
      return array_to_delta(duckdb::ListType::GetChildType(type));
    case LogicalTypeId::ARRAY:
      return array_to_delta(duckdb::ArrayType::GetChildType(type));
    case LogicalTypeId::MAP:
      return map_to_delta(type);
    default:
      // HUGEINT, TIME, INTERVAL, TIMESTAMP_NS, …: no Delta type holds all their values.
      return std::nullopt;
  }
}

}  // namespace duck
