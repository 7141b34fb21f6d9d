// What in a table's metadata makes use of a table feature, beside its properties: rules for rows.
#pragma once

#include <array>

#include "delta/rule_keys.h"

namespace delta {

// A key in a field's metadata, and the feature that it makes use of.
struct FieldUse {
  const char* key;
  const char* feature;
};

inline constexpr std::array kFieldUses = {
    FieldUse{kInvariantsKey, "invariants"},
    FieldUse{kGenerationKey, "generatedColumns"},
    FieldUse{kDefaultKey, "allowColumnDefaults"},
    FieldUse{kIdentityStartKey, "identityColumns"},
};

}  // namespace delta
