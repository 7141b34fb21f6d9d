// Whether what a Delta table's log says of its files is so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "duck/database.h"

namespace duck {

struct TableFault {
  std::string place;  // a file's path as in the log, or "_delta_log"
  std::string what;   // one line
};

struct VerifiedTable {
  std::int64_t version = 0;
  std::int64_t files = 0;
  std::vector<TableFault> faults;
};

// Checks, for the table's version (the latest when absent): the log's summaries against its
// commits; that each data file is there and has its size; deletion vectors' checksum, size and
// cardinality, and that they delete rows that the file has; row and null counts, minima and maxima
// of the statistics against the rows. All rows are read. Throws what Snapshot::load throws for a
// log that cannot be read at all.
VerifiedTable verify_table(Database& database, const std::string& location,
                           std::optional<std::int64_t> version);

}  // namespace duck
