// Whether an output cannot be written because of what its spec asks for.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "engine/spec/spec.h"

namespace engine {

// The place in the spec that `error`, met when the table of the output was looked at, comes from:
// "$.output_targets[2].partition_by", or the output as a whole. `index` is the output's in the
// spec. Nothing when the request is right as such and the table or the machine is at fault: a log
// that is damaged, a feature that this version lacks, a folder that may not be written.
std::optional<std::string> refused_field(const base::Error& error, const OutputTarget& target,
                                         std::size_t index);

}  // namespace engine
