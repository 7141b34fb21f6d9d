#include "delta/data_file_schema.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"

namespace delta {
namespace {

constexpr const char* kIndexedCount = "delta.dataSkippingNumIndexedCols";
constexpr const char* kIndexedNames = "delta.dataSkippingStatsColumns";
constexpr std::int64_t kDefaultIndexedCount = 32;

using Fields = std::vector<StructField>;
using Path = std::vector<std::string>;

[[noreturn]] void invalid(const std::string& property, const std::string& value) {
  throw base::Error(base::Stage::kRuntime, "DELTA_PROPERTY_INVALID",
                    "the table property " + property + " has the value '" + value +
                        "', which cannot be understood",
                    {{"property", property}, {"value", value}});
}

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
    if (part.empty()) invalid(kIndexedNames, text);
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
  if (quoted) invalid(kIndexedNames, text);
  end_part();
  return paths;
}

std::int64_t indexed_count(const Metadata& metadata) {
  const auto property = metadata.configuration.find(kIndexedCount);
  if (property == metadata.configuration.end()) return kDefaultIndexedCount;
  const std::string& text = property->second;
  std::int64_t count = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (fault != std::errc() || end != text.data() + text.size() || count < -1) {
    invalid(kIndexedCount, text);
  }
  return count < 0 ? std::numeric_limits<std::int64_t>::max() : count;
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
