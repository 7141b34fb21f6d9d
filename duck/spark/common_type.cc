#include "duck/spark/common_type.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "duck/spark/casts.h"
#include "duck/spark/literals.h"
#include "duck/spark/unsupported.h"

namespace duck::spark {
namespace {

using delta::DataType;
using delta::TypeKind;

// Digits of an integer that a FLOAT holds whatever they are.
constexpr std::size_t kFloatDigits = 7;

int rank(TypeKind kind) {
  constexpr std::array kIntegers = {TypeKind::kByte, TypeKind::kShort, TypeKind::kInteger,
                                    TypeKind::kLong};
  return static_cast<int>(std::ranges::find(kIntegers, kind) - kIntegers.begin());
}

std::optional<DataType> common_decimal(const DataType& left, const DataType& right) {
  const int scale = std::max(left.scale(), right.scale());
  const int whole = std::max(left.precision() - left.scale(), right.precision() - right.scale());
  if (scale + whole > kMaxPrecision) return std::nullopt;
  return DataType::decimal(scale + whole, scale);
}

std::optional<DataType> common_numeric(const TypedSql& left, const TypedSql& right) {
  const TypeKind a = left.type.kind();
  const TypeKind b = right.type.kind();
  if (is_integral(left.type) && is_integral(right.type)) {
    return rank(a) >= rank(b) ? left.type : right.type;
  }
  if (a == TypeKind::kDouble || b == TypeKind::kDouble) return double_type();
  if (a == TypeKind::kFloat || b == TypeKind::kFloat) {
    const TypedSql& other = a == TypeKind::kFloat ? right : left;
    // FLOAT or DOUBLE, depending on Spark's mode, which are the same for short integers only.
    const bool is_short = other.type.kind() == TypeKind::kByte ||
                          other.type.kind() == TypeKind::kShort ||
                          (other.literal && other.literal->size() < kFloatDigits);
    if (other.type.kind() == TypeKind::kDecimal || is_short) return double_type();
    return std::nullopt;
  }
  return common_decimal(as_decimal(left), as_decimal(right));
}

std::optional<DataType> common_temporal(const DataType& left, const DataType& right) {
  if (left.kind() == TypeKind::kDate) return right;
  if (right.kind() == TypeKind::kDate) return left;
  return std::nullopt;
}

std::optional<DataType> common_type(const TypedSql& left, const TypedSql& right, Use use) {
  if (left.type == right.type) return left.type;
  if (is_void(left.type)) return right.type;
  if (is_void(right.type)) return left.type;
  if (is_numeric(left.type) && is_numeric(right.type)) return common_numeric(left, right);
  if (is_temporal(left.type) && is_temporal(right.type)) {
    return common_temporal(left.type, right.type);
  }
  if (use == Use::kResult) return std::nullopt;
  if (is_string(left.type) && left.literal && is_temporal(right.type)) return right.type;
  if (is_string(right.type) && right.literal && is_temporal(left.type)) return left.type;
  return std::nullopt;
}

TypedSql brought_to(const TypedSql& value, const DataType& type) {
  if (is_string(value.type) && value.literal && is_temporal(type)) {
    return string_as(*value.literal, type);
  }
  const bool widened = is_numeric(value.type);
  TypedSql result = cast(value, type);
  if (widened) result.may_fail = value.may_fail;
  return result;
}

}  // namespace

DataType as_decimal(const TypedSql& value) {
  constexpr std::array kDigits = {3, 5, 10, 20};
  if (value.type.kind() == TypeKind::kDecimal) return value.type;
  if (value.literal) {
    const auto sign = value.literal->starts_with('-') ? 1U : 0U;
    return DataType::decimal(static_cast<int>(value.literal->size() - sign), 0);
  }
  return DataType::decimal(kDigits.at(static_cast<std::size_t>(rank(value.type.kind()))), 0);
}

void unify(Operands& operands, Use use, const std::string& what) {
  // Bounds the type from one operand to the next.
  TypedSql all = operands.front();
  for (const TypedSql& operand : operands) {
    const auto type = common_type(all, operand, use);
    if (!type) {
      unsupported(what + " of " + all.type.to_string() + " and " + operand.type.to_string());
    }
    if (all.type == *type && all.literal && is_string(all.type)) all.literal = operand.literal;
    if (!(all.type == *type)) {
      all.literal = operand.type == *type ? operand.literal : std::nullopt;
      all.type = *type;
    }
  }
  for (TypedSql& operand : operands) operand = brought_to(operand, all.type);
}

}  // namespace duck::spark
