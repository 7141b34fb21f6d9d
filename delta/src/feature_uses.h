// What in a table's metadata makes use of a table feature, beside its properties: rules for rows.
#pragma once

#include <array>
#include <string_view>

namespace delta {

// A key in a field's metadata, and the feature that it makes use of.
struct FieldUse {
  const char* key;
  const char* feature;
};

inline constexpr std::array kFieldUses = {
    FieldUse{"delta.invariants", "invariants"},
    FieldUse{"delta.generationExpression", "generatedColumns"},
    FieldUse{"CURRENT_DEFAULT", "allowColumnDefaults"},
    FieldUse{"delta.identity.start", "identityColumns"},
};

// Properties of this prefix are CHECK constraints.
inline constexpr std::string_view kConstraintPrefix = "delta.constraints.";

}  // namespace delta
