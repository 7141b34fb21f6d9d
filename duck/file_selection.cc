#include "duck/file_selection.h"

#include <utility>

#include "duck/database_internal.h"
#include "duck/sql_text.h"

namespace duck {

FileSelection::FileSelection(Database& database, std::shared_ptr<const delta::Snapshot> snapshot,
                             std::vector<std::size_t> files)
    : database_(database) {
  const std::string location = snapshot->location();
  name_ = database.internal().tables->keep(
      {.table = std::make_shared<DeltaTable>(std::move(snapshot)), .files = std::move(files)});
  sql_ = "delta_scan(" + quote_string(location) + ", selection := " + quote_string(name_) + ")";
}

FileSelection::~FileSelection() { database_.internal().tables->drop(name_); }

}  // namespace duck
