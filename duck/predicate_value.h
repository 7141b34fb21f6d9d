// What a predicate of delta:: says, statistics aside.
#pragma once

#include "delta/predicate.h"
#include "delta/value.h"

namespace duck {

// Whether `predicate`, which is on one column without casts, may be true where that is `value`.
bool may_hold(const delta::Predicate& predicate, const delta::Value& value);

// Whether the predicate says nothing.
bool is_unknown(const delta::Predicate& predicate);

}  // namespace duck
