#include "engine/compiler/type_families.h"

#include <algorithm>
#include <array>

namespace engine {
namespace {

enum class Family {
  kBoolean,
  kNumber,
  kText,
  kBinary,
  kDate,
  kTime,
  kInterval,
  kList,
  kStruct,
  kMap,
  kOther
};

Family family_of(std::string_view type) {
  if (type.ends_with(']')) return Family::kList;
  if (type.starts_with("STRUCT(")) return Family::kStruct;
  if (type.starts_with("MAP(")) return Family::kMap;
  if (type == "VARCHAR" || type.starts_with("ENUM(")) return Family::kText;
  if (type == "BOOLEAN") return Family::kBoolean;
  if (type == "BLOB") return Family::kBinary;
  if (type == "DATE" || type.starts_with("TIMESTAMP")) return Family::kDate;
  if (type.starts_with("TIME")) return Family::kTime;
  if (type == "INTERVAL") return Family::kInterval;
  constexpr std::array<std::string_view, 13> kNumbers = {
      "TINYINT",  "SMALLINT", "INTEGER",  "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
      "UINTEGER", "UBIGINT",  "UHUGEINT", "FLOAT",  "DOUBLE",  "BIGNUM"};
  if (type.starts_with("DECIMAL") || std::ranges::find(kNumbers, type) != kNumbers.end()) {
    return Family::kNumber;
  }
  return Family::kOther;
}

// Of a list or an array: "BIGINT[]", "BIGINT[3]".
std::string_view element_of(std::string_view type) { return type.substr(0, type.rfind('[')); }

}  // namespace

bool castable(std::string_view from, std::string_view to) {
  if (from == "\"NULL\"" || goes_with(from, to)) return true;
  const auto from_family = family_of(from);
  const auto to_family = family_of(to);
  const auto is_nested = [](Family family) {
    return family == Family::kList || family == Family::kStruct || family == Family::kMap;
  };
  if (from_family == Family::kList && to_family == Family::kList) {
    return castable(element_of(from), element_of(to));
  }
  if (is_nested(from_family) || is_nested(to_family)) return false;
  const auto is_numeric = [](Family family) {
    return family == Family::kNumber || family == Family::kBoolean;
  };
  if (is_numeric(from_family) && is_numeric(to_family)) return true;
  if (from_family == Family::kDate && to_family == Family::kTime) return true;
  // Text can be read as anything, and anything be written as text.
  return from_family == Family::kText || to_family == Family::kText;
}

bool goes_with(std::string_view left, std::string_view right) {
  if (left == right) return true;
  const auto family = family_of(left);
  if (family == Family::kOther || family != family_of(right)) return false;
  return family != Family::kList || goes_with(element_of(left), element_of(right));
}

}  // namespace engine
