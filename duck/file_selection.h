// Reading some files of a table's snapshot, for operations that write their rows anew.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "delta/snapshot.h"
#include "duck/database.h"

namespace duck {

// While it lives, its sql() stands for the rows of these files, in every connection of the
// database: deleted rows are left out, columns are the table's.
class FileSelection {
 public:
  // `files` are indices into snapshot->files(), in the order in which they are read.
  FileSelection(Database& database, std::shared_ptr<const delta::Snapshot> snapshot,
                std::vector<std::size_t> files);
  ~FileSelection();
  FileSelection(const FileSelection&) = delete;
  FileSelection& operator=(const FileSelection&) = delete;

  // What may follow FROM.
  const std::string& sql() const { return sql_; }

 private:
  Database& database_;
  std::string name_;
  std::string sql_;
};

}  // namespace duck
