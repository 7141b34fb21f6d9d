// How many files a scan left out.
#pragma once

#include <optional>
#include <string>

#include "delta/data_skipping.h"
#include "duck/query_profile.h"

namespace duck {

// Of the first scan in the query of the table at `location`, as DeltaTable knows it. Nothing when
// there was none.
std::optional<delta::SkippingCounts> scan_counts(const QueryProfile& profile,
                                                 const std::string& location);

}  // namespace duck
