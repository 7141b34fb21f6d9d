// How far vacuums by the log alone have come: `_delta_log/_last_vacuum_info`, as Spark keeps it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "delta/store.h"

namespace delta {

// The newest version that was older than the retention when the last vacuum ran: what it and those
// before it removed needs no other look. Nothing when that is not known.
std::optional<std::int64_t> last_vacuumed_version(const Store& store, const std::string& location);

void put_last_vacuumed_version(Store& store, const std::string& location, std::int64_t version);

}  // namespace delta
