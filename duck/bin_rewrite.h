// Writing the rows of some of a table's files into new files.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "delta/file_bins.h"
#include "delta/snapshot.h"
#include "duck/database.h"
#include "duck/pending_files.h"

namespace duck {

struct BinRewriteOptions {
  std::int64_t target_file_bytes = 0;
  // SQL expressions that the rows are to be ordered by together; empty: as they come.
  std::vector<std::string> order_by = {};
  std::stop_token stop = {};
};

struct RewrittenBin {
  std::vector<delta::AddFile> files;  // dataChange is false
  std::int64_t rows = 0;
};

// Writes every bin of `snapshot` anew, several at a time; the results are in the bins' order. The
// new files are `pending`'s, also when it fails. Where the table tracks its rows, the files carry
// the row ids and row commit versions in the table's materialized columns.
std::vector<RewrittenBin> rewrite_bins(Database& database,
                                       const std::shared_ptr<const delta::Snapshot>& snapshot,
                                       const std::vector<delta::FileBin>& bins,
                                       const BinRewriteOptions& options, PendingFiles& pending);

}  // namespace duck
