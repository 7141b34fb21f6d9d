#include "duck/added_rows.h"

#include <utility>

#include "delta/table_changes.h"
#include "duck/database_internal.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

std::shared_ptr<delta::TableChanges> inserts(const std::shared_ptr<const delta::Snapshot>& snapshot,
                                             std::vector<delta::AddFile> files) {
  auto changes = std::make_shared<delta::TableChanges>();
  for (delta::AddFile& file : files) {
    changes->files.push_back({.type = delta::ChangeType::kInsert,
                              .version = snapshot->version() + 1,
                              .file = std::move(file)});
  }
  changes->snapshot = snapshot;
  return changes;
}

std::string query(const std::string& location, const std::string& name) {
  std::string sql = "SELECT * EXCLUDE (";
  sql.append(delta::kCommitVersionColumn).append(", ").append(delta::kCommitTimestampColumn);
  sql.append(") FROM delta_changes(").append(quote_string(location));
  return sql.append(", selection := ").append(quote_string(name)).append(")");
}

}  // namespace

AddedRows::AddedRows(Database& database, const std::string& location, const std::string& name)
    : KeptRows(database, name, query(location, name)) {}

AddedRows::AddedRows(Database& database, const std::shared_ptr<const delta::Snapshot>& snapshot,
                     std::vector<delta::AddFile> files)
    : AddedRows(database, snapshot->location(),
                database.internal().tables->keep_changes(inserts(snapshot, std::move(files)))) {}

}  // namespace duck
