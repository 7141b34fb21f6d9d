// Walks through the types of a schema.
#pragma once

#include <functional>
#include <vector>

#include "delta/schema.h"

namespace delta {

// Calls `visit` for each of the fields and for those inside of them, however deep: of structs, of
// the elements of arrays, of the keys and values of maps. A field comes before those inside of it.
void each_field(const std::vector<StructField>& fields,
                const std::function<void(const StructField& field)>& visit);

// Whether a type is of this kind, or holds a part that is.
bool contains_kind(const DataType& type, TypeKind kind);

}  // namespace delta
