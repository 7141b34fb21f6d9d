// Whether rows of an earlier version can be shown with the columns of a later one.
#pragma once

#include <optional>
#include <string>

#include "delta/actions.h"

namespace delta {

struct TableDefinition {
  Protocol protocol;
  Metadata metadata;
};

// Why not, in words; nothing when they can. Columns may have been added and may allow nulls now.
// Columns are the same by their physical names, so that one that was dropped and added again is
// another.
std::optional<std::string> why_not_readable_as(const TableDefinition& earlier,
                                               const TableDefinition& later);

}  // namespace delta
