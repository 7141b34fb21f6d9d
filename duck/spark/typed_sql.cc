#include "duck/spark/typed_sql.h"

#include <algorithm>

#include "duck/spark/unsupported.h"
#include "duck/sql_text.h"

namespace duck::spark {

using delta::DataType;
using delta::TypeKind;

DataType boolean_type() { return DataType::primitive(TypeKind::kBoolean); }
DataType string_type() { return DataType::primitive(TypeKind::kString); }
DataType integer_type() { return DataType::primitive(TypeKind::kInteger); }
DataType long_type() { return DataType::primitive(TypeKind::kLong); }
DataType double_type() { return DataType::primitive(TypeKind::kDouble); }
DataType date_type() { return DataType::primitive(TypeKind::kDate); }
DataType timestamp_type() { return DataType::primitive(TypeKind::kTimestamp); }

bool is_integral(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kByte:
    case TypeKind::kShort:
    case TypeKind::kInteger:
    case TypeKind::kLong:
      return true;
    default:
      return false;
  }
}

bool is_numeric(const DataType& type) {
  return is_integral(type) || type.kind() == TypeKind::kFloat || type.kind() == TypeKind::kDouble ||
         type.kind() == TypeKind::kDecimal;
}

bool is_string(const DataType& type) { return type.kind() == TypeKind::kString; }

bool is_temporal(const DataType& type) {
  return type.kind() == TypeKind::kDate || type.kind() == TypeKind::kTimestamp ||
         type.kind() == TypeKind::kTimestampNtz;
}

bool is_void(const DataType& type) { return type.kind() == TypeKind::kVoid; }

std::string duckdb_type(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kString:
      return "VARCHAR";
    case TypeKind::kLong:
      return "BIGINT";
    case TypeKind::kInteger:
      return "INTEGER";
    case TypeKind::kShort:
      return "SMALLINT";
    case TypeKind::kByte:
      return "TINYINT";
    case TypeKind::kFloat:
      return "FLOAT";
    case TypeKind::kDouble:
      return "DOUBLE";
    case TypeKind::kDecimal:
      return "DECIMAL(" + std::to_string(type.precision()) + ", " + std::to_string(type.scale()) +
             ")";
    case TypeKind::kBoolean:
      return "BOOLEAN";
    case TypeKind::kBinary:
      return "BLOB";
    case TypeKind::kDate:
      return "DATE";
    case TypeKind::kTimestamp:
      return "TIMESTAMPTZ";
    case TypeKind::kTimestampNtz:
      return "TIMESTAMP";
    default:
      unsupported("a value of the type " + type.to_string() + " stands where a simple one must");
  }
}

std::string cast_sql(const std::string& sql, const DataType& type) {
  return "CAST(" + sql + " AS " + duckdb_type(type) + ")";
}

std::string guarded_sql(const std::string& condition, const std::string& sql,
                        const std::string& message) {
  return "CASE WHEN (" + condition + ") IS NOT FALSE THEN " + sql + " ELSE error(" +
         quote_string(message) + ") END";
}

bool any_may_fail(const Operands& operands) {
  return std::ranges::any_of(operands, [](const TypedSql& operand) { return operand.may_fail; });
}

}  // namespace duck::spark
