#include "delta/src/outcome.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "delta/src/calendar.h"

namespace delta {
namespace {

using Op = Predicate::Op;
using Order = std::optional<std::partial_ordering>;

// Readers may meet maxima that were cut off without being raised; writers cut at 32 or more.
constexpr std::size_t kMaybeTruncated = 32;

bool starts_with(const Value& text, const Value& prefix) {
  const auto* const whole = std::get_if<std::string>(&text);
  const auto* const start = std::get_if<std::string>(&prefix);
  return whole && start && whole->starts_with(*start);
}

bool is_nan(const Value& value) {
  const auto* const number = std::get_if<double>(&value);
  return number && std::isnan(*number);
}

// What a comparison says about one pair of values.
bool holds(Op op, std::partial_ordering order) {
  switch (op) {
    case Op::kEqual:
      return order == 0;
    case Op::kNotEqual:
      return order != 0;
    case Op::kLess:
      return order < 0;
    case Op::kLessEqual:
      return order <= 0;
    case Op::kGreater:
      return order > 0;
    case Op::kGreaterEqual:
      return order >= 0;
    default:
      return false;
  }
}

Outcome compare_value(Op op, const Value& value, const Value& constant) {
  if (is_null(constant)) return Outcome::only_null();
  const Order order = compare(value, constant);
  if (!order) return {};
  return holds(op, *order) ? Outcome::only_true() : Outcome::only_false();
}

// The least and the greatest value of a column, with what is known of their exactness.
class Bounds {
 public:
  Bounds(TypeKind type, const LeafStatistics& statistics,
         const std::optional<Predicate::Conversion>& conversion)
      : type_(type), min_(statistics.min), max_(statistics.max) {
    widen_float_text();
    drop_ends_of_long();
    widen_rounded_decimals();
    raise_cut_off_timestamp();
    if (conversion) convert(*conversion);
  }

  bool all_above(const Value& constant) const { return min_is(constant, Op::kGreater); }
  bool all_at_least(const Value& constant) const { return min_is(constant, Op::kGreaterEqual); }
  bool all_below(const Value& constant) const {
    return !may_hold_nan() && max_is(constant, Op::kLess);
  }
  bool all_at_most(const Value& constant) const {
    return !may_hold_nan() && max_is(constant, Op::kLessEqual);
  }

  bool none_equals(const Value& constant) const {
    if (all_above(constant)) return true;
    // NaN, which maxima may leave out, equals no other number.
    return !is_nan(constant) && max_is(constant, Op::kLess);
  }
  bool all_equal(const Value& constant) const {
    return is_exact() && compare(*min_, constant) == std::partial_ordering::equivalent &&
           compare(*max_, constant) == std::partial_ordering::equivalent;
  }
  bool none_starts_with(const Value& prefix) const {
    return max_is(prefix, Op::kLess) || (all_above(prefix) && !starts_with(*min_, prefix));
  }
  // What lies between two texts with the same prefix has it too.
  bool all_start_with(const Value& prefix) const {
    return min_ && max_ && starts_with(*min_, prefix) && starts_with(*max_, prefix);
  }

 private:
  // The text of a float is that of the double next to it: 46.566 stands for 46.56600189…. The
  // values of a column that is double today may have been written as floats.
  void widen_float_text() {
    const auto as_float = [](const std::optional<Value>& bound) {
      const auto* const number = bound ? std::get_if<double>(&*bound) : nullptr;
      return number ? static_cast<double>(static_cast<float>(*number)) : 0.0;
    };
    if (type_ != TypeKind::kDouble && type_ != TypeKind::kFloat) return;
    const double min = as_float(min_);
    const double max = as_float(max_);
    if (min_ && std::isfinite(min)) min_ = std::min(std::get<double>(*min_), min);
    if (max_ && std::isfinite(max)) max_ = std::max(std::get<double>(*max_), max);
  }

  void drop_ends_of_long() {
    if (const auto* const min = decimal(min_); min && min->unscaled < 0 && is_end_of_long(*min)) {
      min_.reset();
    }
    if (const auto* const max = decimal(max_); max && max->unscaled > 0 && is_end_of_long(*max)) {
      max_.reset();
    }
  }

  // delta-rs rounds decimals to doubles: what has no more digits than a double is spelled with may
  // stand for any of those next to it. Up to fifteen digits nothing is lost.
  void widen_rounded_decimals() {
    if (auto* const min = decimal(min_)) min->unscaled -= rounding_of(*min);
    if (auto* const max = decimal(max_)) max->unscaled += rounding_of(*max);
  }

  static Decimal* decimal(std::optional<Value>& bound) {
    return bound ? std::get_if<Decimal>(&*bound) : nullptr;
  }

  // By how much a number may have been rounded: by three roundings of a double, at the most. Whole
  // numbers are spelled in full.
  static __int128 rounding_of(const Decimal& bound) {
    constexpr __int128 kExact = 1'000'000'000'000'000;
    constexpr __int128 kSpelled = 100'000'000'000'000'000;
    const __int128 magnitude = bound.unscaled < 0 ? -bound.unscaled : bound.unscaled;
    if (magnitude < kExact) return 0;
    __int128 digits = magnitude;
    while (digits % 10 == 0) digits /= 10;
    const bool is_double =
        bound.scale == 0 && static_cast<__int128>(static_cast<double>(magnitude)) == magnitude;
    return digits < kSpelled || is_double || is_end_of_long(bound) ? (magnitude >> 50) + 1 : 0;
  }

  // delta-rs writes those for whole numbers beyond them.
  static bool is_end_of_long(const Decimal& bound) {
    return bound.scale == 0 && (bound.unscaled == std::numeric_limits<std::int64_t>::max() ||
                                bound.unscaled == std::numeric_limits<std::int64_t>::min());
  }

  // Writers cut timestamps off to milliseconds.
  void raise_cut_off_timestamp() {
    if (!max_) return;
    constexpr std::int64_t kCutOff = kMicrosPerMilli - 1;
    if (auto* const timestamp = std::get_if<Timestamp>(&*max_)) {
      timestamp->micros = raised(timestamp->micros, kCutOff);
    } else if (auto* const local = std::get_if<TimestampNtz>(&*max_)) {
      local->micros = raised(local->micros, kCutOff);
    }
  }

  void convert(const Predicate::Conversion& conversion) {
    const auto converted = [&](const std::optional<Value>& bound) -> std::optional<Value> {
      if (!bound || !conversion.keeps_order) return std::nullopt;
      return conversion.convert(*bound);
    };
    min_ = converted(min_);
    max_ = converted(max_);
    // Where one end has no counterpart, values near the other may have none either.
    if (!min_ || !max_) min_ = max_ = std::nullopt;
  }

  static std::int64_t raised(std::int64_t micros, std::int64_t by) {
    return micros > std::numeric_limits<std::int64_t>::max() - by ? micros : micros + by;
  }

  bool may_hold_nan() const { return type_ == TypeKind::kFloat || type_ == TypeKind::kDouble; }

  bool min_is(const Value& constant, Op op) const {
    if (!min_) return false;
    const Order order = compare(*min_, constant);
    return order && holds(op, *order);
  }
  bool max_is(const Value& constant, Op op) const {
    if (!max_ || is_nan(*max_)) return false;
    const Order order = compare(*max_, constant);
    if (!order || !holds(op, *order)) return false;
    return !(is_long_text(*max_) && starts_with(constant, *max_));
  }

  static bool is_long_text(const Value& value) {
    const auto* const text = std::get_if<std::string>(&value);
    return text && text->size() >= kMaybeTruncated;
  }

  // Equal bounds then mean equal values.
  bool is_exact() const {
    if (!min_ || !max_) return false;
    switch (type_) {
      case TypeKind::kLong:
      case TypeKind::kInteger:
      case TypeKind::kShort:
      case TypeKind::kByte:
      case TypeKind::kBoolean:
      case TypeKind::kDate:
      case TypeKind::kDecimal:
        return true;
      case TypeKind::kString:
        return !is_long_text(*min_) && !is_long_text(*max_);
      default:
        return false;
    }
  }

  TypeKind type_;
  std::optional<Value> min_;
  std::optional<Value> max_;
};

// On the rows that are not null.
Outcome compare_bounds(const Predicate& leaf, const Bounds& bounds) {
  Outcome outcome{true, true, false};
  if (leaf.op == Op::kIn) {
    outcome.may_be_true = false;
    for (const Value& constant : leaf.values) {
      if (is_null(constant)) {
        outcome.may_be_null = true;
        continue;
      }
      if (!bounds.none_equals(constant)) outcome.may_be_true = true;
      if (bounds.all_equal(constant)) outcome.may_be_false = false;
    }
    return outcome;
  }
  const Value& constant = leaf.values.at(0);
  if (is_null(constant)) return Outcome::only_null();
  switch (leaf.op) {
    case Op::kEqual:
      return {!bounds.none_equals(constant), !bounds.all_equal(constant), false};
    case Op::kNotEqual:
      return {!bounds.all_equal(constant), !bounds.none_equals(constant), false};
    case Op::kLess:
      return {!bounds.all_at_least(constant), !bounds.all_below(constant), false};
    case Op::kLessEqual:
      return {!bounds.all_above(constant), !bounds.all_at_most(constant), false};
    case Op::kGreater:
      return {!bounds.all_at_most(constant), !bounds.all_above(constant), false};
    case Op::kGreaterEqual:
      return {!bounds.all_below(constant), !bounds.all_at_least(constant), false};
    case Op::kStartsWith:
      return {!bounds.none_starts_with(constant), !bounds.all_start_with(constant), false};
    default:
      return {};
  }
}

}  // namespace

Outcome negate(Outcome outcome) {
  std::swap(outcome.may_be_true, outcome.may_be_false);
  return outcome;
}

Outcome conjunction(Outcome left, Outcome right) {
  const bool left_true_or_null = left.may_be_true || left.may_be_null;
  const bool right_true_or_null = right.may_be_true || right.may_be_null;
  return {left.may_be_true && right.may_be_true, left.may_be_false || right.may_be_false,
          (left.may_be_null && right_true_or_null) || (right.may_be_null && left_true_or_null)};
}

Outcome disjunction(Outcome left, Outcome right) {
  return negate(conjunction(negate(left), negate(right)));
}

Outcome outcome_of_value(const Predicate& leaf, const Value& stored) {
  if (leaf.op == Op::kIsNull || leaf.op == Op::kIsNotNull) {
    return is_null(stored) == (leaf.op == Op::kIsNull) ? Outcome::only_true()
                                                       : Outcome::only_false();
  }
  if (is_null(stored)) return Outcome::only_null();
  const std::optional<Value> converted =
      leaf.conversion ? leaf.conversion->convert(stored) : std::optional<Value>(stored);
  if (!converted) return {};
  const Value& value = *converted;
  if (leaf.op == Op::kIn) {
    Outcome outcome = Outcome::only_false();
    for (const Value& constant : leaf.values) {
      outcome = disjunction(outcome, compare_value(Op::kEqual, value, constant));
    }
    return outcome;
  }
  if (leaf.values.empty()) return {};
  const Value& constant = leaf.values.front();
  if (leaf.op != Op::kStartsWith) return compare_value(leaf.op, value, constant);
  if (is_null(constant)) return Outcome::only_null();
  if (!std::holds_alternative<std::string>(value) ||
      !std::holds_alternative<std::string>(constant)) {
    return {};
  }
  return starts_with(value, constant) ? Outcome::only_true() : Outcome::only_false();
}

Outcome outcome_of_statistics(const Predicate& leaf, TypeKind type,
                              const std::optional<std::int64_t>& num_records,
                              const LeafStatistics& statistics) {
  if (num_records == 0) return Outcome::none();
  const bool all_null = num_records && statistics.null_count == num_records;
  const bool none_null = statistics.null_count == 0;
  if (leaf.op == Op::kIsNull) return {!none_null, !all_null, false};
  if (leaf.op == Op::kIsNotNull) return {!all_null, !none_null, false};
  if (all_null) return Outcome::only_null();
  if (leaf.op != Op::kIn && leaf.values.empty()) return {};
  Outcome outcome = compare_bounds(leaf, Bounds(type, statistics, leaf.conversion));
  outcome.may_be_null = outcome.may_be_null || !none_null;
  return outcome;
}

}  // namespace delta
