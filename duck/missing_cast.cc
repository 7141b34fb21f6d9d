#include <duckdb/function/cast/bound_cast_data.hpp>
#include <duckdb/function/cast/default_casts.hpp>

#include "duck/missing_cast_internal.h"

namespace duck {
namespace {

using duckdb::BoundCastInfo;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;

bool is_missing(const BoundCastInfo& cast, const LogicalType& source);

// The elements' type of what is cast as a list.
LogicalType element_of(const LogicalType& source) {
  if (source.id() == LogicalTypeId::LIST) return duckdb::ListType::GetChildType(source);
  if (source.id() == LogicalTypeId::ARRAY) return duckdb::ArrayType::GetChildType(source);
  return source;
}

bool is_missing_field(const duckdb::StructBoundCastData& fields, const LogicalType& source) {
  if (source.id() != LogicalTypeId::STRUCT) return false;
  for (std::size_t i = 0; i < fields.child_cast_info.size() && i < fields.source_indexes.size();
       ++i) {
    const LogicalType& field = duckdb::StructType::GetChildType(source, fields.source_indexes[i]);
    if (is_missing(fields.child_cast_info[i], field)) return true;
  }
  return false;
}

bool is_missing_part(const duckdb::BoundCastData& parts, const LogicalType& source) {
  if (const auto* list = dynamic_cast<const duckdb::ListBoundCastData*>(&parts)) {
    return is_missing(list->child_cast_info, element_of(source));
  }
  if (const auto* array = dynamic_cast<const duckdb::ArrayBoundCastData*>(&parts)) {
    return is_missing(array->child_cast_info, element_of(source));
  }
  const auto* fields = dynamic_cast<const duckdb::StructBoundCastData*>(&parts);
  return fields != nullptr && is_missing_field(*fields, source);
}

bool is_missing(const BoundCastInfo& cast, const LogicalType& source) {
  if (source.id() == LogicalTypeId::SQLNULL) return false;  // there is nothing but NULL
  if (cast.function == duckdb::DefaultCasts::TryVectorNullCast) return true;
  return cast.cast_data != nullptr && is_missing_part(*cast.cast_data, source);
}

}  // namespace

bool is_missing_cast(const duckdb::BoundCastExpression& cast) {
  return !cast.try_cast && is_missing(cast.bound_cast, cast.child->return_type);
}

}  // namespace duck
