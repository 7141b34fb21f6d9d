#include "duck/added_rows.h"

#include <utility>

#include "delta/table_changes.h"
#include "duck/database_internal.h"
#include "duck/sql_text.h"

namespace duck {

AddedRows::AddedRows(Database& database, std::shared_ptr<const delta::Snapshot> snapshot,
                     std::vector<delta::AddFile> files)
    : database_(database) {
  const std::string location = snapshot->location();
  auto changes = std::make_shared<delta::TableChanges>();
  for (delta::AddFile& file : files) {
    changes->files.push_back({.type = delta::ChangeType::kInsert,
                              .version = snapshot->version() + 1,
                              .file = std::move(file)});
  }
  changes->snapshot = std::move(snapshot);
  name_ = database.internal().tables->keep_changes(std::move(changes));
  sql_.append("SELECT * EXCLUDE (").append(delta::kCommitVersionColumn).append(", ");
  sql_.append(delta::kCommitTimestampColumn).append(") FROM delta_changes(");
  sql_.append(quote_string(location)).append(", selection := ");
  sql_.append(quote_string(name_)).append(")");
}

AddedRows::~AddedRows() { database_.internal().tables->drop(name_); }

}  // namespace duck
