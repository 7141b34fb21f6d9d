#include "delta/src/type_change.h"

#include "delta/src/type_widening.h"

namespace delta {
namespace {

// "" when the types differ themselves, else the path inside them.
std::optional<std::string> change_in(const DataType& before, const DataType& after,
                                     bool allows_widening) {
  if (before.kind() == TypeKind::kVoid) return std::nullopt;
  if (allows_widening && !before.is_nested() && is_widening(before, after)) return std::nullopt;
  if (before.kind() != after.kind()) return "";
  const auto inside = [&](const char* part, const DataType& old_part,
                          const DataType& new_part) -> std::optional<std::string> {
    const auto change = change_in(old_part, new_part, allows_widening);
    if (!change) return std::nullopt;
    return std::string(".") + part + *change;
  };
  switch (before.kind()) {
    case TypeKind::kStruct: {
      const auto change = changed_type({before.fields()}, {after.fields()}, allows_widening);
      if (!change) return std::nullopt;
      return "." + *change;
    }
    case TypeKind::kArray:
      return inside("element", before.element(), after.element());
    case TypeKind::kMap: {
      const auto key = inside("key", before.key(), after.key());
      return key ? key : inside("value", before.element(), after.element());
    }
    case TypeKind::kDecimal:
      if (before == after) return std::nullopt;
      return "";
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> changed_type(const Schema& before, const Schema& after,
                                        bool allows_widening) {
  for (const StructField& field : after.fields) {
    const StructField* const old = before.find(field.name);
    if (!old) continue;
    if (const auto change = change_in(old->type, field.type, allows_widening))
      return field.name + *change;
  }
  return std::nullopt;
}

}  // namespace delta
