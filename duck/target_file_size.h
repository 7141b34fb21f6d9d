// How large a table's data files are meant to be.
#pragma once

#include <cstdint>
#include <optional>

#include "delta/actions.h"

namespace duck {

inline constexpr std::int64_t kDefaultTargetFileBytes = 512LL << 20;

// What the table property delta.targetFileSize says ("104857600", "100mb"), in bytes. Throws
// base::Error DELTA_PROPERTY_INVALID when that is no size.
std::optional<std::int64_t> target_file_size(const delta::Metadata& metadata);

}  // namespace duck
