// Row ids and row commit versions of new files: PROTOCOL.md, "Writer Requirements for Row
// Tracking".
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "delta/actions.h"

namespace delta {

inline constexpr const char* kRowTrackingDomain = "delta.rowTracking";

// Whether every file that is added must have row ids.
bool assigns_row_ids(const Protocol& protocol, const Metadata& metadata);

// The highest row id that has been assigned in the table at `location`, -1 for none. Throws
// DELTA_LOG_CORRUPT for a domain that does not say.
std::int64_t row_id_high_water_mark(const std::string& location,
                                    const std::map<std::string, DomainMetadata>& domains);
DomainMetadata row_id_domain(std::int64_t high_water_mark);

// Gives the file the ids after `high_water_mark`, which it raises, and `version`, unless it has
// its own. Throws DELTA_STATS_MISSING for a file of which the number of rows is not known.
void assign_row_ids(AddFile& file, std::int64_t version, std::int64_t& high_water_mark);

// `metadata` with the names of the columns that hold the ids of rows which have moved: those that
// `old` has (null for a new table), else new ones.
Metadata with_row_id_columns(const Metadata& metadata, const Metadata* old);

}  // namespace delta
