// What a query really did, from DuckDB's profiler.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace duck {

struct OperatorProfile {
  std::string name;                            // "HASH_JOIN", "DELTA_SCAN", …
  std::map<std::string, std::string> details;  // DuckDB's extra info: filters, join keys, …
  std::int64_t rows = 0;                       // that the operator gave
  std::int64_t rows_scanned = 0;               // leaves only: rows read before filters
  std::int64_t cpu_nanos = 0;
  std::int64_t result_bytes = 0;
  std::vector<OperatorProfile> children;
};

struct QueryProfile {
  OperatorProfile root;
  std::int64_t elapsed_nanos = 0;
  std::int64_t cpu_nanos = 0;
  std::int64_t peak_memory_bytes = 0;  // of DuckDB's buffer manager
  std::int64_t spilled_bytes = 0;      // greatest size of the temp directory
};

}  // namespace duck
