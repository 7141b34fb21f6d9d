#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/near_text.h"
#include "delta/column_mapping.h"
#include "delta/data_file_schema.h"
#include "delta/statistics.h"
#include "duck/delta_columns_internal.h"
#include "duck/footer_check_internal.h"

namespace duck {
namespace {

using delta::StructField;
using duckdb::MultiFileColumnDefinition;

bool has_others(const duckdb::vector<MultiFileColumnDefinition>& in_file) {
  return std::ranges::any_of(in_file, [](const MultiFileColumnDefinition& column) {
    return is_none_of_the_table(column) || has_others(column.children);
  });
}

// The fields that may be in the file under another name: it lacks them, and has some that are none
// of the table's. Those of structs, too.
std::vector<StructField> renamed_fields(const duckdb::vector<MultiFileColumnDefinition>& in_file,
                                        const std::vector<StructField>& fields) {
  std::unordered_map<std::string_view, const MultiFileColumnDefinition*> by_name;
  for (const MultiFileColumnDefinition& column : in_file) by_name[column.name] = &column;
  const bool has_unknown = std::ranges::any_of(in_file, is_none_of_the_table);
  std::vector<StructField> renamed;
  for (const StructField& field : fields) {
    const auto found = by_name.find(field.name);
    if (found == by_name.end()) {
      if (has_unknown) renamed.push_back(field);
    } else if (field.type.kind() == delta::TypeKind::kStruct) {
      auto inner = renamed_fields(found->second->children, field.type.fields());
      if (inner.empty()) continue;
      renamed.push_back(field);
      renamed.back().type = delta::DataType::struct_of(std::move(inner));
    }
  }
  return renamed;
}

std::string joined(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : ".") + name;
  return text;
}

// One of `columns` that the log knows values of.
std::optional<std::string> column_with_values(const delta::Schema& columns,
                                              delta::ColumnMapping mapping,
                                              const std::string& stats) {
  try {
    const auto known = delta::parse_statistics(stats, columns, mapping);
    for (const delta::ColumnStatistics& column : known.columns) {
      if (column.null_count && *column.null_count < known.num_records) return joined(column.path);
    }
  } catch (const base::Error&) {
    return std::nullopt;  // statistics that say nothing of it
  }
  return std::nullopt;
}

// In column-mapped tables columns come and go; names of theirs that end in a UUID are never
// similar.
bool ends_in_uuid(std::string_view name) {
  constexpr std::size_t kCharacters = 36;
  if (name.size() < kCharacters) return false;
  const std::string_view uuid = name.substr(name.size() - kCharacters);
  return uuid[8] == '-' && uuid[13] == '-' && uuid[18] == '-' && uuid[23] == '-';
}

void collect_names(const std::vector<StructField>& fields, delta::ColumnMapping mapping,
                   std::unordered_set<std::string_view>& names) {
  for (const StructField& field : fields) {
    names.insert(delta::physical_name(field, mapping));
    if (field.type.kind() == delta::TypeKind::kStruct) {
      collect_names(field.type.fields(), mapping, names);
    }
  }
}

// A column of the file that is none of the table's, whose name is but for one byte that of one of
// the fields, which the file lacks, and that the log knows values of.
std::optional<std::string> misspelt_column(const duckdb_parquet::FileMetaData& footer,
                                           const delta::Schema& columns,
                                           const std::vector<StructField>& lacking,
                                           delta::ColumnMapping mapping, const std::string& stats) {
  const auto known = nlohmann::json::parse(stats, nullptr, false);
  if (!known.is_object() || !known.contains("minValues")) return std::nullopt;
  const auto& values = known.at("minValues");
  if (!values.is_object()) return std::nullopt;
  std::unordered_set<std::string_view> of_table;
  collect_names(columns.fields, mapping, of_table);
  for (const auto& element : footer.schema) {
    if (of_table.contains(element.name)) continue;
    if (mapping != delta::ColumnMapping::kNone && !ends_in_uuid(element.name)) continue;
    const bool is_similar = std::ranges::any_of(lacking, [&](const StructField& field) {
      return base::differ_in_one_byte(delta::physical_name(field, mapping), element.name);
    });
    if (is_similar && values.contains(element.name)) return element.name;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> footer_fault(const duckdb::ParquetReader& reader,
                                        const delta::Snapshot& snapshot,
                                        const delta::Schema& columns,
                                        const std::optional<std::string>& stats) {
  const auto& footer = *reader.GetFileMetadata();
  std::int64_t rows = 0;
  for (const auto& group : footer.row_groups) rows += group.num_rows;
  if (rows != footer.num_rows) {
    return "its row groups have " + std::to_string(rows) + " rows, not " +
           std::to_string(footer.num_rows) + " as its footer says";
  }
  // Nearly every file has nothing but columns of the table.
  if (!stats || !has_others(reader.columns)) return std::nullopt;
  delta::Schema renamed{renamed_fields(reader.columns, columns.fields)};
  // Those of the partitions are not in the files.
  renamed = delta::data_schema(renamed, snapshot.metadata().partition_columns);
  if (renamed.fields.empty()) return std::nullopt;
  const auto mapping = delta::column_mapping(snapshot.protocol(), snapshot.metadata());
  if (const auto column = column_with_values(renamed, mapping, *stats)) {
    return "it has no column '" + *column + "', of which the log knows values, but others";
  }
  if (const auto column = misspelt_column(footer, columns, renamed.fields, mapping, *stats)) {
    return "it has the column '" + *column +
           "', of which the log knows values, and the table has another of nearly that name";
  }
  return std::nullopt;
}

}  // namespace duck
