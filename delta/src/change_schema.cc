#include "delta/src/change_schema.h"

#include <algorithm>
#include <vector>

#include "delta/column_mapping.h"
#include "delta/schema.h"

namespace delta {
namespace {

using Reason = std::optional<std::string>;

class Comparison {
 public:
  Comparison(ColumnMapping earlier, ColumnMapping later) : earlier_(earlier), later_(later) {}

  Reason of_fields(const std::vector<StructField>& earlier, const std::vector<StructField>& later,
                   const std::string& prefix) const {
    for (const StructField& field : earlier) {
      const std::string& physical = physical_name(field, earlier_);
      const auto same = std::find_if(later.begin(), later.end(), [&](const StructField& candidate) {
        return physical_name(candidate, later_) == physical;
      });
      const std::string column = "column '" + prefix + field.name + "'";
      if (same == later.end()) return column + " was dropped";
      if (same->name != field.name) {
        std::string reason = column + " was renamed to '";
        reason.append(prefix).append(same->name) += '\'';
        return reason;
      }
      if (field.nullable && !same->nullable) return column + " became NOT NULL";
      if (auto reason = of_types(field.type, same->type, prefix + field.name)) return reason;
    }
    return std::nullopt;
  }

 private:
  Reason of_types(const DataType& earlier, const DataType& later, const std::string& path) const {
    if (earlier.kind() == TypeKind::kVoid) return std::nullopt;
    if (earlier.kind() != later.kind() || (!earlier.is_nested() && earlier != later)) {
      return "the type of column '" + path + "' changed from " + earlier.to_string() + " to " +
             later.to_string();
    }
    if (earlier.kind() == TypeKind::kStruct) {
      return of_fields(earlier.fields(), later.fields(), path + ".");
    }
    if (!earlier.is_nested()) return std::nullopt;
    if (earlier.contains_null() && !later.contains_null()) {
      return "the elements of column '" + path + "' became NOT NULL";
    }
    if (earlier.kind() == TypeKind::kMap) {
      if (auto reason = of_types(earlier.key(), later.key(), path + ".key")) return reason;
    }
    return of_types(earlier.element(), later.element(), path + ".element");
  }

  ColumnMapping earlier_;
  ColumnMapping later_;
};

}  // namespace

std::optional<std::string> why_not_readable_as(const TableDefinition& earlier,
                                               const TableDefinition& later) {
  if (earlier.metadata.partition_columns != later.metadata.partition_columns) {
    return "the partition columns changed";
  }
  if (earlier.metadata.schema_string == later.metadata.schema_string &&
      earlier.metadata.configuration == later.metadata.configuration) {
    return std::nullopt;
  }
  const Comparison comparison(column_mapping(earlier.protocol, earlier.metadata),
                              column_mapping(later.protocol, later.metadata));
  return comparison.of_fields(parse_schema(earlier.metadata.schema_string).fields,
                              parse_schema(later.metadata.schema_string).fields, "");
}

}  // namespace delta
