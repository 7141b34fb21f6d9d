#include "delta/src/table_definition.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/ascii.h"
#include "base/error.h"
#include "base/time.h"
#include "base/uuid.h"
#include "delta/data_file_schema.h"
#include "delta/identity_columns.h"
#include "delta/src/column_assignment.h"
#include "delta/src/features.h"
#include "delta/src/row_ids.h"
#include "delta/table_changes.h"

namespace delta {
namespace {

[[noreturn]] void invalid(const std::string& column, const std::string& what) {
  throw base::Error(base::Stage::kRuntime, "DELTA_SCHEMA_INVALID",
                    "invalid table definition: column '" + column + "' " + what,
                    {{"column", column}});
}

void check_names(const std::vector<StructField>& fields);

void check_names_in(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kStruct:
      check_names(type.fields());
      return;
    case TypeKind::kArray:
      check_names_in(type.element());
      return;
    case TypeKind::kMap:
      check_names_in(type.key());
      check_names_in(type.element());
      return;
    default:
      return;
  }
}

void check_names(const std::vector<StructField>& fields) {
  std::set<std::string> names;
  for (const StructField& field : fields) {
    if (field.name.empty()) invalid(field.name, "has no name");
    if (!names.insert(base::lower_case(field.name)).second) invalid(field.name, "is there twice");
    check_names_in(field.type);
  }
}

const StructField* find_leaf(const std::vector<StructField>& fields,
                             const std::vector<std::string>& path) {
  const StructField* found = nullptr;
  const std::vector<StructField>* inside = &fields;
  for (const std::string& name : path) {
    if (inside == nullptr) return nullptr;
    const Schema schema{*inside};
    const StructField* const field = schema.find(name);
    if (field == nullptr) return nullptr;
    found = &(*inside)[static_cast<std::size_t>(field - schema.fields.data())];
    inside = found->type.kind() == TypeKind::kStruct ? &found->type.fields() : nullptr;
  }
  return found;
}

// What is wrong with a column.
struct Fault {
  std::string column;
  std::string what;
};

std::optional<Fault> clustering_fault(const NewTable& table) {
  Metadata metadata;
  metadata.configuration = table.configuration;
  const Schema indexed = indexed_schema(table.schema, metadata);
  for (const auto& path : table.clustering_columns) {
    std::string name;
    for (const std::string& part : path) name += (name.empty() ? "" : ".") + part;
    if (!table.partition_columns.empty()) return Fault{name, "cannot cluster a partitioned table"};
    const StructField* const field = find_leaf(table.schema.fields, path);
    if (!field) return Fault{name, "is to cluster the table but is not in its schema"};
    if (field->type.is_nested()) return Fault{name, "is nested and cannot cluster the table"};
    if (!find_leaf(indexed.fields, path)) {
      return Fault{name, "clusters the table but has no statistics"};
    }
  }
  return std::nullopt;
}

// Readers of the feed have columns of these names beside the table's.
void check_change_feed(const NewTable& table) {
  Metadata metadata;
  metadata.configuration = table.configuration;
  if (!records_changes(metadata)) return;
  for (const char* const name : {kChangeTypeColumn, kCommitVersionColumn, kCommitTimestampColumn}) {
    const StructField* const field = table.schema.find(name);
    if (field) invalid(field->name, "has the name of a column of the change data feed");
  }
}

}  // namespace

void check_definition(const NewTable& table) {
  check_names(table.schema.fields);
  for (const StructField& field : table.schema.fields) identity_column(field);  // throws
  check_change_feed(table);
  std::set<std::string> seen;
  for (const std::string& name : table.partition_columns) {
    const StructField* const field = table.schema.find(name);
    if (!field) invalid(name, "is to partition the table but is not in its schema");
    if (field->type.is_nested()) invalid(name, "is nested and cannot partition the table");
    if (identity_column(*field)) {
      invalid(name, "is an identity column and cannot partition the table");
    }
    if (!seen.insert(base::lower_case(name)).second) invalid(name, "partitions the table twice");
    if (seen.size() == table.schema.fields.size()) {
      invalid(name, "leaves no column that does not partition the table");
    }
  }
  if (const auto fault = clustering_fault(table)) invalid(fault->column, fault->what);
}

bool can_be_clustered(const NewTable& table) { return !clustering_fault(table); }

Metadata new_metadata(const NewTable& table) {
  Metadata metadata;
  metadata.id = base::random_uuid();
  metadata.name = table.name;
  metadata.schema_string = to_json(table.schema);
  metadata.partition_columns = table.partition_columns;
  metadata.configuration = table.configuration;
  metadata.created_time = base::now_ms();
  return metadata;
}

Metadata completed(Metadata metadata, const Protocol& protocol, const Metadata* old) {
  std::erase_if(metadata.configuration,
                [](const auto& entry) { return entry.first.starts_with(kFeaturePrefix); });
  if (!metadata.partition_columns.empty()) {
    const Schema schema = parse_schema(metadata.schema_string);
    for (std::string& name : metadata.partition_columns) name = schema.find(name)->name;
  }
  if (has_feature(protocol, "rowTracking")) metadata = with_row_id_columns(metadata, old);
  if (is_mapped(metadata) || (old != nullptr && is_mapped(*old))) {
    metadata = with_assigned_columns(metadata, old);
  }
  return metadata;
}

}  // namespace delta
