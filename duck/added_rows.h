// Reading data files that no commit names yet.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/snapshot.h"
#include "duck/database.h"

namespace duck {

// While it lives, its sql() stands for the rows of these files of a table, as changes that a
// commit after `snapshot` makes, in every connection of the database: the table's columns and
// _change_type, which is 'insert'.
class AddedRows {
 public:
  // The files are written with the columns of `snapshot`.
  AddedRows(Database& database, std::shared_ptr<const delta::Snapshot> snapshot,
            std::vector<delta::AddFile> files);
  ~AddedRows();
  AddedRows(const AddedRows&) = delete;
  AddedRows& operator=(const AddedRows&) = delete;

  // A query.
  const std::string& sql() const { return sql_; }

 private:
  Database& database_;
  std::string name_;
  std::string sql_;
};

}  // namespace duck
