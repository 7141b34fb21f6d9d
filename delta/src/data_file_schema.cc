#include "delta/data_file_schema.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "delta/invalid_property.h"
#include "delta/schema_merge.h"
#include "delta/src/table_property.h"

namespace delta {
namespace {

constexpr const char* kIndexedCount = "delta.dataSkippingNumIndexedCols";
constexpr const char* kIndexedNames = "delta.dataSkippingStatsColumns";
constexpr std::int64_t kDefaultIndexedCount = 32;

using Fields = std::vector<StructField>;
using Path = FieldPath;

Fields physical_fields(const Fields& fields, ColumnMapping mapping);

DataType physical_type(const DataType& type, ColumnMapping mapping) {
  switch (type.kind()) {
    case TypeKind::kStruct:
      return DataType::struct_of(physical_fields(type.fields(), mapping));
    case TypeKind::kArray:
      return DataType::array_of(physical_type(type.element(), mapping), type.contains_null());
    case TypeKind::kMap:
      return DataType::map_of(physical_type(type.key(), mapping),
                              physical_type(type.element(), mapping), type.contains_null());
    default:
      return type;
  }
}

Fields physical_fields(const Fields& fields, ColumnMapping mapping) {
  Fields result = fields;
  for (StructField& field : result) {
    field.name = physical_name(field, mapping);
    field.type = physical_type(field.type, mapping);
  }
  return result;
}

bool is_name(const Path& path, const Path& wanted) {
  return path.size() >= wanted.size() &&
         std::equal(wanted.begin(), wanted.end(), path.begin(), base::equal_ignoring_case);
}

// The leaves that `keep` wants, in the structs around them.
template <typename Keep>
Fields kept_fields(const Fields& fields, Path& path, Keep& keep) {
  Fields result;
  for (const StructField& field : fields) {
    path.push_back(field.name);
    if (field.type.kind() == TypeKind::kStruct) {
      Fields inner = kept_fields(field.type.fields(), path, keep);
      if (!inner.empty()) {
        result.push_back(field);
        result.back().type = DataType::struct_of(std::move(inner));
      }
    } else if (keep(path)) {
      result.push_back(field);
    }
    path.pop_back();
  }
  return result;
}

// "a, `b.c`.d" as paths.
std::vector<Path> parse_names(const std::string& text) {
  std::vector<Path> paths(1);
  std::string part;
  bool quoted = false;
  bool was_quoted = false;
  const auto end_part = [&] {
    while (!was_quoted && part.ends_with(' ')) part.pop_back();
    if (part.empty()) throw_invalid_property(kIndexedNames, text, "no list of columns");
    paths.back().push_back(std::move(part));
    part.clear();
    was_quoted = false;
  };
  for (const char c : text) {
    if (c == '`') {
      quoted = !quoted;
      was_quoted = true;
    } else if (quoted) {
      part += c;
    } else if (c == '.') {
      end_part();
    } else if (c == ',') {
      end_part();
      paths.emplace_back();
    } else if (c != ' ' || (!part.empty() && !was_quoted)) {
      part += c;
    }
  }
  if (quoted) throw_invalid_property(kIndexedNames, text, "no list of columns");
  end_part();
  return paths;
}

std::int64_t indexed_count(const Metadata& metadata) {
  const auto property = metadata.configuration.find(kIndexedCount);
  if (property == metadata.configuration.end()) return kDefaultIndexedCount;
  const std::string& text = property->second;
  const auto count = parse_whole(text);
  if (!count || *count < -1) throw_invalid_property(kIndexedCount, text, "no number of columns");
  return *count < 0 ? std::numeric_limits<std::int64_t>::max() : *count;
}

const StructField* find_field(const Schema& schema, const Path& path) {
  const StructField* found = nullptr;
  const Fields* inside = &schema.fields;
  for (const std::string& name : path) {
    if (inside == nullptr) return nullptr;
    const auto field = std::ranges::find_if(*inside, [&](const StructField& candidate) {
      return base::equal_ignoring_case(candidate.name, name);
    });
    if (field == inside->end()) return nullptr;
    found = &*field;
    inside = field->type.kind() == TypeKind::kStruct ? &field->type.fields() : nullptr;
  }
  return found;
}

// Of these Spark keeps least and greatest values.
bool has_bounds(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBoolean:
    case TypeKind::kBinary:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kVariant:
    case TypeKind::kVoid:
      return false;
    default:
      return true;
  }
}

// What is wrong with a column that is to have statistics.
std::optional<std::string> indexed_fault(const Schema& schema, const Schema& data,
                                         const Path& path) {
  const std::string name = "'" + to_string(path) + "'";
  if (find_field(schema, path) == nullptr) return "no list of columns: there is no " + name;
  const StructField* const field = find_field(data, path);
  if (field == nullptr) return "no list of columns with statistics: " + name + " partitions";
  // Of structs those of their fields that can have any.
  if (path.size() > 1 || has_bounds(field->type.kind())) return std::nullopt;
  return "no list of columns with statistics: " + name + " is " + field->type.to_string();
}

}  // namespace

Schema physical_schema(const Schema& schema, ColumnMapping mapping) {
  if (mapping == ColumnMapping::kNone) return schema;
  return {physical_fields(schema.fields, mapping)};
}

Schema data_schema(const Schema& schema, const std::vector<std::string>& partition_columns) {
  Schema data;
  for (const StructField& field : schema.fields) {
    const bool partitions = std::ranges::any_of(partition_columns, [&](const std::string& name) {
      return base::equal_ignoring_case(name, field.name);
    });
    if (!partitions) data.fields.push_back(field);
  }
  return data;
}

void check_indexed_names(const Schema& schema, const std::vector<std::string>& partition_columns,
                         const Metadata& metadata) {
  const auto names = metadata.configuration.find(kIndexedNames);
  if (names == metadata.configuration.end() || names->second.empty()) return;
  const Schema data = data_schema(schema, partition_columns);
  std::vector<Path> seen;
  for (const Path& path : parse_names(names->second)) {
    const auto fault = indexed_fault(schema, data, path);
    if (fault) throw_invalid_property(kIndexedNames, names->second, *fault);
    for (const Path& other : seen) {
      if (!is_name(path, other) && !is_name(other, path)) continue;
      throw_invalid_property(kIndexedNames, names->second,
                             "no list of columns: '" + to_string(path) + "' is in it twice");
    }
    seen.push_back(path);
  }
}

Schema indexed_schema(const Schema& data, const Metadata& metadata) {
  Path path;
  const auto names = metadata.configuration.find(kIndexedNames);
  if (names != metadata.configuration.end()) {
    const std::vector<Path> wanted =
        names->second.empty() ? std::vector<Path>{} : parse_names(names->second);
    const auto keep = [&](const Path& leaf) {
      return std::ranges::any_of(wanted, [&](const Path& name) { return is_name(leaf, name); });
    };
    return {kept_fields(data.fields, path, keep)};
  }
  std::int64_t left = indexed_count(metadata);
  const auto keep = [&](const Path&) { return left-- > 0; };
  return {kept_fields(data.fields, path, keep)};
}

}  // namespace delta
