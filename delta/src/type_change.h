// Whether files of one schema can be read with another.
#pragma once

#include <optional>
#include <string>

#include "delta/schema.h"

namespace delta {

// The first column, as a path with dots, that has another type in `after` than in `before`; columns
// that come or go, fields of structs too, are no change of type, and nor is a void one that gets
// one. Where `allows_widening`, nor is a wider type (type_widening.h).
std::optional<std::string> changed_type(const Schema& before, const Schema& after,
                                        bool allows_widening);

}  // namespace delta
