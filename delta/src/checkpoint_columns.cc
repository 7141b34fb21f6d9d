#include "delta/src/checkpoint_columns.h"

#include <utility>

#include "delta/column_mapping.h"
#include "delta/data_file_schema.h"
#include "delta/src/features.h"
#include "delta/src/table_property.h"

namespace delta {
namespace {

DataType of(TypeKind kind) { return DataType::primitive(kind); }
DataType text() { return of(TypeKind::kString); }
DataType number() { return of(TypeKind::kLong); }
DataType small_number() { return of(TypeKind::kInteger); }
DataType flag() { return of(TypeKind::kBoolean); }
DataType text_map() { return DataType::map_of(text(), text(), true); }
DataType text_list() { return DataType::array_of(text(), true); }

bool has_order(TypeKind kind) {
  switch (kind) {
    case TypeKind::kString:
    case TypeKind::kLong:
    case TypeKind::kInteger:
    case TypeKind::kShort:
    case TypeKind::kByte:
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampNtz:
      return true;
    default:
      return false;
  }
}

// The leaves with their type in bounds, or as longs; structs without leaves are left out.
std::vector<StructField> statistics_fields(const std::vector<StructField>& fields,
                                           ColumnMapping mapping, bool bounds) {
  std::vector<StructField> result;
  for (const StructField& field : fields) {
    const std::string& name = physical_name(field, mapping);
    if (field.type.kind() == TypeKind::kStruct) {
      auto inner = statistics_fields(field.type.fields(), mapping, bounds);
      if (!inner.empty()) result.push_back({name, DataType::struct_of(std::move(inner))});
    } else if (!bounds) {
      result.push_back({name, number()});
    } else if (has_order(field.type.kind())) {
      result.push_back({name, field.type});
    }
  }
  return result;
}

DataType deletion_vector_type() {
  return DataType::struct_of({{"storageType", text()},
                              {"pathOrInlineDv", text()},
                              {"offset", small_number()},
                              {"sizeInBytes", small_number()},
                              {"cardinality", number()}});
}

DataType statistics_type(const CheckpointColumns& columns) {
  std::vector<StructField> fields = {{"numRecords", number()}};
  if (!columns.bounds.empty()) {
    fields.push_back({"minValues", DataType::struct_of(columns.bounds)});
    fields.push_back({"maxValues", DataType::struct_of(columns.bounds)});
  }
  if (!columns.null_counts.empty()) {
    fields.push_back({"nullCount", DataType::struct_of(columns.null_counts)});
  }
  if (columns.tight_bounds) fields.push_back({"tightBounds", flag()});
  return DataType::struct_of(std::move(fields));
}

DataType add_type(const CheckpointColumns& columns) {
  std::vector<StructField> fields = {{"path", text()},
                                     {"partitionValues", text_map()},
                                     {"size", number()},
                                     {"modificationTime", number()},
                                     {"dataChange", flag()},
                                     {"tags", text_map()},
                                     {"deletionVector", deletion_vector_type()},
                                     {"baseRowId", number()},
                                     {"defaultRowCommitVersion", number()},
                                     {"clusteringProvider", text()}};
  if (columns.stats_json) fields.push_back({"stats", text()});
  if (columns.stats_struct) fields.push_back({"stats_parsed", statistics_type(columns)});
  if (!columns.partitions.empty()) {
    fields.push_back({"partitionValues_parsed", DataType::struct_of(columns.partitions)});
  }
  return DataType::struct_of(std::move(fields));
}

DataType remove_type() {
  return DataType::struct_of({{"path", text()},
                              {"deletionTimestamp", number()},
                              {"dataChange", flag()},
                              {"extendedFileMetadata", flag()},
                              {"partitionValues", text_map()},
                              {"size", number()},
                              {"deletionVector", deletion_vector_type()},
                              {"baseRowId", number()},
                              {"defaultRowCommitVersion", number()}});
}

}  // namespace

CheckpointColumns checkpoint_columns(const Protocol& protocol, const Metadata& metadata) {
  CheckpointColumns columns;
  columns.stats_json = flag_property(metadata, "delta.checkpoint.writeStatsAsJson", true);
  columns.stats_struct = flag_property(metadata, "delta.checkpoint.writeStatsAsStruct", false);
  if (!columns.stats_struct) return columns;
  const ColumnMapping mapping = column_mapping(protocol, metadata);
  const Schema schema = parse_schema(metadata.schema_string);
  const Schema data = data_schema(schema, metadata.partition_columns);
  for (const StructField& field : schema.fields) {
    if (data.find(field.name) == nullptr) {
      columns.partitions.push_back({physical_name(field, mapping), field.type});
    }
  }
  const Schema indexed = indexed_schema(data, metadata);
  columns.null_counts = statistics_fields(indexed.fields, mapping, false);
  columns.bounds = statistics_fields(indexed.fields, mapping, true);
  columns.tight_bounds = has_feature(protocol, "deletionVectors");
  return columns;
}

std::vector<StructField> file_action_columns(const CheckpointColumns& columns) {
  return {{"add", add_type(columns)}, {"remove", remove_type()}};
}

std::vector<StructField> table_action_columns() {
  return {
      {"txn",
       DataType::struct_of({{"appId", text()}, {"version", number()}, {"lastUpdated", number()}})},
      {"metaData", DataType::struct_of({{"id", text()},
                                        {"name", text()},
                                        {"description", text()},
                                        {"format", DataType::struct_of({{"provider", text()},
                                                                        {"options", text_map()}})},
                                        {"schemaString", text()},
                                        {"partitionColumns", text_list()},
                                        {"configuration", text_map()},
                                        {"createdTime", number()}})},
      {"protocol", DataType::struct_of({{"minReaderVersion", small_number()},
                                        {"minWriterVersion", small_number()},
                                        {"readerFeatures", text_list()},
                                        {"writerFeatures", text_list()}})},
      {"domainMetadata",
       DataType::struct_of({{"domain", text()}, {"configuration", text()}, {"removed", flag()}})}};
}

}  // namespace delta
