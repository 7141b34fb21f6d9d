// Reading some files of a table's snapshot, for operations that write their rows anew.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "delta/snapshot.h"
#include "duck/kept_rows.h"

namespace duck {

// The rows of these files: deleted rows are left out, columns are the table's. sql() may follow
// FROM.
class FileSelection : public KeptRows {
 public:
  // `files` are indices into snapshot->files(), in the order in which they are read, by no more
  // than `most_threads`; 0: as many as the database has.
  FileSelection(Database& database, const std::shared_ptr<const delta::Snapshot>& snapshot,
                std::vector<std::size_t> files, std::size_t most_threads = 0);

 private:
  FileSelection(Database& database, const std::string& location, const std::string& name);
};

}  // namespace duck
