#include "delta/src/nested_fields.h"

#include <algorithm>

namespace delta {
namespace {

void each_field_in(const DataType& type, const std::function<void(const StructField&)>& visit) {
  switch (type.kind()) {
    case TypeKind::kStruct:
      each_field(type.fields(), visit);
      return;
    case TypeKind::kArray:
      each_field_in(type.element(), visit);
      return;
    case TypeKind::kMap:
      each_field_in(type.key(), visit);
      each_field_in(type.element(), visit);
      return;
    default:
      return;
  }
}

}  // namespace

void each_field(const std::vector<StructField>& fields,
                const std::function<void(const StructField& field)>& visit) {
  for (const StructField& field : fields) {
    visit(field);
    each_field_in(field.type, visit);
  }
}

bool contains_kind(const DataType& type, TypeKind kind) {
  if (type.kind() == kind) return true;
  switch (type.kind()) {
    case TypeKind::kStruct:
      return std::any_of(type.fields().begin(), type.fields().end(),
                         [&](const StructField& field) { return contains_kind(field.type, kind); });
    case TypeKind::kArray:
      return contains_kind(type.element(), kind);
    case TypeKind::kMap:
      return contains_kind(type.key(), kind) || contains_kind(type.element(), kind);
    default:
      return false;
  }
}

}  // namespace delta
