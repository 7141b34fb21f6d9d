// Per-file statistics as written into add actions: PROTOCOL.md, "Per-file Statistics".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delta/column_mapping.h"
#include "delta/schema.h"
#include "delta/value.h"

namespace delta {

// One leaf column of a file. The path is the physical name path.
struct ColumnStatistics {
  std::vector<std::string> path;
  std::optional<Value> min;  // absent when unknown or when all values are null
  std::optional<Value> max;
  std::optional<std::int64_t> null_count;
};

struct FileStatistics {
  std::int64_t num_records = 0;
  bool tight_bounds = true;
  std::vector<ColumnStatistics> columns;
};

// The `stats` text. Strings longer than 32 characters are truncated as the protocol allows: a
// prefix as the minimum, a prefix with a greater last character as the maximum (left out when
// there is none).
std::string to_json(const FileStatistics& statistics);

// For the leaves that have statistics in `schema`, whose columns are mapped so. A timestamp's
// maximum is as it stands: values up to a millisecond above it may be there. Throws base::Error
// DELTA_STATS_INVALID.
FileStatistics parse_statistics(std::string_view json, const Schema& schema,
                                ColumnMapping mapping = ColumnMapping::kNone);

}  // namespace delta
