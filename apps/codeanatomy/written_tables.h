// Written tables, for a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace apps {

struct WrittenTable {
  std::string name;
  std::int64_t rows = 0;
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t version = 0;
  std::string location;
};

// One row a table under a line of titles, the first of which is `kind` ("output", "table"); then a
// line of totals with the time taken and the peak memory of this process.
std::string written_tables_text(const std::string& kind, const std::vector<WrittenTable>& tables,
                                std::int64_t elapsed_us);

}  // namespace apps
