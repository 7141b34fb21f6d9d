#include "delta/src/type_widening.h"

#include <optional>
#include <string>

#include "base/error.h"
#include "delta/src/nested_fields.h"

namespace delta {
namespace {

// How wide an integer is, in bytes.
std::optional<int> integer_width(TypeKind kind) {
  switch (kind) {
    case TypeKind::kByte:
      return 1;
    case TypeKind::kShort:
      return 2;
    case TypeKind::kInteger:
      return 4;
    case TypeKind::kLong:
      return 8;
    default:
      return std::nullopt;
  }
}

bool integer_widens(TypeKind from, const DataType& to) {
  constexpr int kLongDigits = 20;
  constexpr int kIntegerDigits = 10;
  const int width = *integer_width(from);
  if (const auto wider = integer_width(to.kind())) return *wider >= width;
  if (to.kind() == TypeKind::kDouble) return from != TypeKind::kLong;
  if (to.kind() != TypeKind::kDecimal) return false;
  return to.precision() - to.scale() >= (from == TypeKind::kLong ? kLongDigits : kIntegerDigits);
}

void check_change(const StructField& field, const nlohmann::json& change) {
  const auto from = change.find("fromType");
  const auto to = change.find("toType");
  if (from == change.end() || to == change.end()) {
    throw base::Error(base::Stage::kRuntime, "DELTA_SCHEMA_INVALID",
                      "column '" + field.name + "': a type change lacks its types",
                      {{"column", field.name}});
  }
  if (is_widening(parse_type(*from), parse_type(*to))) return;
  const std::string what = parse_type(*from).to_string() + " to " + parse_type(*to).to_string();
  throw base::Error(base::Stage::kRuntime, "DELTA_UNSUPPORTED_FEATURE",
                    "the table cannot be read: column '" + field.name + "' was changed from " +
                        what + ", which feature 'typeWidening' does not know",
                    {{"feature", "typeWidening"}, {"column", field.name}});
}

}  // namespace

bool is_widening(const DataType& from, const DataType& to) {
  if (from == to) return true;
  if (integer_width(from.kind())) return integer_widens(from.kind(), to);
  switch (from.kind()) {
    case TypeKind::kFloat:
      return to.kind() == TypeKind::kDouble;
    case TypeKind::kDate:
      return to.kind() == TypeKind::kTimestampNtz;
    case TypeKind::kDecimal:
      return to.kind() == TypeKind::kDecimal && to.scale() >= from.scale() &&
             to.precision() - to.scale() >= from.precision() - from.scale();
    default:
      return from.kind() == TypeKind::kVoid;
  }
}

void check_type_changes(const Schema& schema) {
  each_field(schema.fields, [](const StructField& field) {
    const auto changes = field.metadata.find("delta.typeChanges");
    if (changes == field.metadata.end() || !changes->is_array()) return;
    for (const nlohmann::json& change : *changes) check_change(field, change);
  });
}

}  // namespace delta
