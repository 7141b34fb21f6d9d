#include "duck/change_data.h"

#include "delta/column_mapping.h"
#include "delta/table_changes.h"
#include "duck/copy_to_parquet.h"
#include "duck/table_copy_options.h"

namespace duck {
namespace {

constexpr const char* kFolder = "_change_data";

// The table's columns, and what happened to the row.
delta::Schema change_schema(const delta::Schema& table) {
  delta::Schema schema = table;
  schema.fields.push_back(
      delta::unmapped_field(delta::kChangeTypeColumn, delta::TypeKind::kString));
  return schema;
}

}  // namespace

void write_change_data(Connection& connection, const delta::Snapshot& snapshot,
                       const std::string& query, delta::Transaction& transaction,
                       PendingFiles& pending) {
  CopyOptions options = table_copy_options(snapshot.location(), snapshot.protocol(),
                                           snapshot.metadata(), snapshot.schema());
  options.folder = kFolder;
  options.share_files = true;
  options.statistics = delta::Schema{};
  const CopiedFiles copied =
      copy_to_parquet(connection, query, {}, change_schema(snapshot.schema()), options);
  pending.add(copied.files);
  for (const delta::AddFile& file : copied.files) {
    transaction.add_change_data(
        {.path = file.path, .partition_values = file.partition_values, .size = file.size});
  }
}

}  // namespace duck
