#include "duck/file_selection.h"

#include <utility>

#include "duck/database_internal.h"
#include "duck/sql_text.h"

namespace duck {

FileSelection::FileSelection(Database& database, const std::string& location,
                             const std::string& name)
    : KeptRows(
          database, name,
          "delta_scan(" + quote_string(location) + ", selection := " + quote_string(name) + ")") {}

FileSelection::FileSelection(Database& database,
                             const std::shared_ptr<const delta::Snapshot>& snapshot,
                             std::vector<std::size_t> files, std::size_t most_threads)
    : FileSelection(
          database, snapshot->location(),
          database.internal().tables->keep({.table = std::make_shared<DeltaTable>(snapshot),
                                            .files = std::move(files),
                                            .most_threads = most_threads})) {}

}  // namespace duck
