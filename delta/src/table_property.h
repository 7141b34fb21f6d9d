// Typed reading of a table's properties (metaData's configuration).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "delta/actions.h"

namespace delta {

inline constexpr std::int64_t kMsPerHour = std::int64_t{3600} * 1000;
inline constexpr std::int64_t kMsPerDay = 24 * kMsPerHour;

// "interval 1 week", "30 days", "interval 1 day -12 hours", "1.5 seconds": milliseconds. Units from
// weeks to microseconds, in singular or plural and any case. Nothing for another text, for months
// and years, which have no fixed length, and for less than nothing.
std::optional<std::int64_t> parse_interval_ms(std::string_view text);

// "10", "+10", "-1". Nothing for another text.
std::optional<std::int64_t> parse_whole(std::string_view text);

// Each throws DELTA_PROPERTY_INVALID (details["property"]) for a value that is none of its type.
std::int64_t interval_property(const Metadata& metadata, const std::string& key,
                               std::int64_t default_ms);
std::int64_t count_property(const Metadata& metadata, const std::string& key,
                            std::int64_t default_count);  // at least 1
bool flag_property(const Metadata& metadata, const std::string& key, bool default_flag);

// delta.deletedFileRetentionDuration: how long tombstones are kept.
std::int64_t deleted_file_retention_ms(const Metadata& metadata);
// delta.logRetentionDuration: how long commits are kept.
std::int64_t log_retention_ms(const Metadata& metadata);

}  // namespace delta
