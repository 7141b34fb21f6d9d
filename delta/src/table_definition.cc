#include "delta/src/table_definition.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/error.h"
#include "base/time.h"
#include "base/uuid.h"

namespace delta {
namespace {

[[noreturn]] void invalid(const std::string& column, const std::string& what) {
  throw base::Error(base::Stage::kRuntime, "DELTA_SCHEMA_INVALID",
                    "invalid table definition: column '" + column + "' " + what,
                    {{"column", column}});
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

void check_fields(const std::vector<StructField>& fields);

void check_type(const DataType& type) {
  if (type.kind() == TypeKind::kStruct) check_fields(type.fields());
  if (type.kind() == TypeKind::kMap) check_type(type.key());
  if (type.kind() == TypeKind::kMap || type.kind() == TypeKind::kArray) check_type(type.element());
}

void check_fields(const std::vector<StructField>& fields) {
  std::set<std::string> names;
  for (const StructField& field : fields) {
    if (field.name.empty()) invalid(field.name, "has no name");
    if (!names.insert(lower(field.name)).second) invalid(field.name, "is there twice");
    check_type(field.type);
  }
}

}  // namespace

void check_definition(const NewTable& table) {
  check_fields(table.schema.fields);
  std::set<std::string> seen;
  for (const std::string& name : table.partition_columns) {
    const StructField* const field = table.schema.find(name);
    if (!field) invalid(name, "is to partition the table but is not in its schema");
    if (field->type.is_nested()) invalid(name, "is nested and cannot partition the table");
    if (!seen.insert(lower(name)).second) invalid(name, "partitions the table twice");
    if (seen.size() == table.schema.fields.size()) {
      invalid(name, "leaves no column that does not partition the table");
    }
  }
}

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

}  // namespace delta
