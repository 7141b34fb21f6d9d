// What a condition may come out as on the rows of a file.
#pragma once

#include <cstdint>
#include <optional>

#include "delta/predicate.h"
#include "delta/src/statistics_reader.h"

namespace delta {

// Which of SQL's three truth values may occur. Each flag may be set without need, never missing.
struct Outcome {
  bool may_be_true = true;
  bool may_be_false = true;
  bool may_be_null = true;

  static Outcome only_true() { return {true, false, false}; }
  static Outcome only_false() { return {false, true, false}; }
  static Outcome only_null() { return {false, false, true}; }
  // No row at all.
  static Outcome none() { return {false, false, false}; }

  bool operator==(const Outcome&) const = default;
};

Outcome negate(Outcome outcome);
Outcome conjunction(Outcome left, Outcome right);
Outcome disjunction(Outcome left, Outcome right);

// A leaf of a predicate (kEqual to kStartsWith) on a column that has `value` in every row.
Outcome outcome_of_value(const Predicate& leaf, const Value& value);

// A leaf on a column of which these statistics are known; those of the whole file give
// `num_records`.
Outcome outcome_of_statistics(const Predicate& leaf, TypeKind type,
                              const std::optional<std::int64_t>& num_records,
                              const LeafStatistics& statistics);

}  // namespace delta
