// Where a table's metadata holds the rules for its rows: PROTOCOL.md, "Column Invariants", "CHECK
// Constraints", "Generated Columns", "Default Columns" and "Identity Columns".
#pragma once

#include <string_view>

namespace delta {

// Properties of this prefix, before a name, are CHECK constraints.
inline constexpr std::string_view kConstraintPrefix = "delta.constraints.";

// Keys of a field's metadata.
inline constexpr const char* kInvariantsKey = "delta.invariants";
inline constexpr const char* kGenerationKey = "delta.generationExpression";
inline constexpr const char* kDefaultKey = "CURRENT_DEFAULT";
inline constexpr const char* kIdentityStartKey = "delta.identity.start";

}  // namespace delta
