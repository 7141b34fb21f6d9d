#include "delta/schema_merge.h"

#include <set>
#include <utility>

#include "base/ascii.h"
#include "delta/src/features.h"
#include "delta/src/type_widening.h"
#include "delta/word_property.h"

namespace delta {
namespace {

constexpr const char* kTypeChanges = "delta.typeChanges";

bool is_integer(TypeKind kind) {
  return kind == TypeKind::kByte || kind == TypeKind::kShort || kind == TypeKind::kInteger ||
         kind == TypeKind::kLong;
}

FieldPath operator/(FieldPath path, const std::string& name) {
  path.push_back(name);
  return path;
}

// The type of something new: any part of it may be null.
DataType as_nullable(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kStruct: {
      std::vector<StructField> fields;
      for (const StructField& field : type.fields()) {
        fields.push_back({.name = field.name, .type = as_nullable(field.type)});
      }
      return DataType::struct_of(std::move(fields));
    }
    case TypeKind::kArray:
      return DataType::array_of(as_nullable(type.element()), true);
    case TypeKind::kMap:
      return DataType::map_of(as_nullable(type.key()), as_nullable(type.element()), true);
    default:
      return type;
  }
}

// The types that became wider inside of one field, but not inside of structs in it, whose fields
// tell their own: PROTOCOL.md, "Type Change Metadata".
void record_changes(StructField& field, const std::vector<WidenedType>& changes) {
  for (const WidenedType& change : changes) {
    nlohmann::json record{{"fromType", change.from.to_string()}, {"toType", change.to.to_string()}};
    if (!change.path.empty()) record["fieldPath"] = to_string(change.path);
    field.metadata[kTypeChanges].push_back(std::move(record));
  }
}

class Merge {
 public:
  explicit Merge(bool widens) : widens_(widens) {}

  std::vector<StructField> fields(const std::vector<StructField>& table,
                                  const std::vector<StructField>& rows, const FieldPath& place) {
    std::vector<StructField> result = table;
    const Schema given{rows};
    for (StructField& field : result) {
      const StructField* const update = given.find(field.name);
      if (update == nullptr) continue;
      const FieldPath path = place / field.name;
      std::vector<WidenedType> changes;
      field.type = type(field.type, update->type, {path, {}}, changes);
      record_changes(field, changes);
    }
    const Schema known{table};
    for (const StructField& field : rows) {
      if (known.find(field.name) != nullptr) continue;
      result.push_back({.name = field.name, .type = as_nullable(field.type)});
    }
    return result;
  }

  std::vector<WidenedType> widened() && { return std::move(widened_); }

 private:
  // A place in the schema.
  struct Place {
    FieldPath field;   // the nearest field around it
    FieldPath inside;  // from there on

    Place operator/(const std::string& part) const { return {field, inside / part}; }
    FieldPath whole() const {
      FieldPath path = field;
      path.insert(path.end(), inside.begin(), inside.end());
      return path;
    }
  };

  DataType type(const DataType& table, const DataType& rows, const Place& place,
                std::vector<WidenedType>& changes) {
    if (table.kind() == TypeKind::kVoid) return as_nullable(rows);
    if (table.kind() == rows.kind() && table.is_nested()) {
      return nested(table, rows, place, changes);
    }
    if (!widens_ || !is_widened_by_merge(table, rows)) return table;
    changes.push_back({place.inside, table, rows});
    widened_.push_back({place.whole(), table, rows});
    return rows;
  }

  DataType nested(const DataType& table, const DataType& rows, const Place& place,
                  std::vector<WidenedType>& changes) {
    if (table.kind() == TypeKind::kStruct) {
      return DataType::struct_of(fields(table.fields(), rows.fields(), place.whole()));
    }
    if (table.kind() == TypeKind::kArray) {
      return DataType::array_of(type(table.element(), rows.element(), place / "element", changes),
                                table.contains_null());
    }
    DataType key = type(table.key(), rows.key(), place / "key", changes);
    return DataType::map_of(std::move(key),
                            type(table.element(), rows.element(), place / "value", changes),
                            table.contains_null());
  }

  const bool widens_;
  std::vector<WidenedType> widened_;
};

std::optional<FieldPath> repeated_in(const std::vector<StructField>& fields, const FieldPath& path);

std::optional<FieldPath> repeated_in(const DataType& type, const FieldPath& path) {
  switch (type.kind()) {
    case TypeKind::kStruct:
      return repeated_in(type.fields(), path);
    case TypeKind::kArray:
      return repeated_in(type.element(), path / "element");
    case TypeKind::kMap: {
      auto in_key = repeated_in(type.key(), path / "key");
      return in_key ? in_key : repeated_in(type.element(), path / "value");
    }
    default:
      return std::nullopt;
  }
}

std::optional<FieldPath> repeated_in(const std::vector<StructField>& fields,
                                     const FieldPath& path) {
  std::set<std::string> names;
  for (const StructField& field : fields) {
    if (!names.insert(base::lower_case(field.name)).second) return path / field.name;
    if (auto inside = repeated_in(field.type, path / field.name)) return inside;
  }
  return std::nullopt;
}

}  // namespace

std::string to_string(const FieldPath& path) {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : ".") + name;
  return text;
}

bool holds_values_of(const DataType& to, const DataType& from) {
  if (from.is_nested() || to.is_nested()) return from.kind() == to.kind();
  if (from == to || from.kind() == TypeKind::kVoid) return true;
  return from.kind() != TypeKind::kDate && is_widened_by_merge(from, to);
}

bool is_widened_by_merge(const DataType& from, const DataType& to) {
  if (from == to || from.is_nested() || to.is_nested()) return false;
  if (is_integer(from.kind())) return is_integer(to.kind()) && is_widening(from, to);
  return from.kind() != TypeKind::kVoid && is_widening(from, to);
}

bool allows_type_widening(const Protocol& protocol, const Metadata& metadata) {
  return has_feature(protocol, "typeWidening") && is_enabled(metadata, "delta.enableTypeWidening");
}

SchemaMerge merged_schema(const Schema& table, const Schema& rows, bool widens) {
  Merge merge(widens);
  SchemaMerge result{.schema = {merge.fields(table.fields, rows.fields, {})}};
  result.widened = std::move(merge).widened();
  return result;
}

std::optional<FieldPath> repeated_name(const Schema& schema) {
  return repeated_in(schema.fields, {});
}

}  // namespace delta
