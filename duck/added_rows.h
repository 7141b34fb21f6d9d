// Reading data files that no commit names yet.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/snapshot.h"
#include "duck/kept_rows.h"

namespace duck {

// The rows of these files of a table, as changes that a commit after `snapshot` makes: the table's
// columns and _change_type, which is 'insert'. sql() is a query.
class AddedRows : public KeptRows {
 public:
  // The files are written with the columns of `snapshot`.
  AddedRows(Database& database, const std::shared_ptr<const delta::Snapshot>& snapshot,
            std::vector<delta::AddFile> files);

 private:
  AddedRows(Database& database, const std::string& location, const std::string& name);
};

}  // namespace duck
