#include "delta/value.h"

#include <cmath>

namespace delta {
namespace {

std::partial_ordering compare_doubles(double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return std::isnan(left) <=> std::isnan(right);
  return left <=> right;
}

// Exact: every 64-bit integer against every double.
std::partial_ordering compare_mixed(std::int64_t left, double right) {
  constexpr double kTwoTo63 = 9223372036854775808.0;
  if (std::isnan(right) || right >= kTwoTo63) return std::partial_ordering::less;
  if (right < -kTwoTo63) return std::partial_ordering::greater;
  const double whole = std::trunc(right);
  const auto order = left <=> static_cast<std::int64_t>(whole);
  if (order != 0) return order;
  return 0.0 <=> right - whole;
}

__int128 power_of_ten(int exponent) {
  __int128 power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

// Whole parts first, then fractions at the greatest scale: neither overflows.
std::partial_ordering compare_decimals(const Decimal& left, const Decimal& right) {
  constexpr int kMaxScale = 38;
  const __int128 left_unit = power_of_ten(left.scale);
  const __int128 right_unit = power_of_ten(right.scale);
  const auto order = left.unscaled / left_unit <=> right.unscaled / right_unit;
  if (order != 0) return order;
  return left.unscaled % left_unit * power_of_ten(kMaxScale - left.scale) <=>
         right.unscaled % right_unit * power_of_ten(kMaxScale - right.scale);
}

Decimal to_decimal(std::int64_t number) { return Decimal{number, 19, 0}; }

// One overload for each pair that has an order.
struct Comparer {
  using Order = std::optional<std::partial_ordering>;

  template <typename Left, typename Right>
  Order operator()(const Left&, const Right&) const {
    return std::nullopt;
  }
  Order operator()(bool left, bool right) const { return left <=> right; }
  Order operator()(std::int64_t left, std::int64_t right) const { return left <=> right; }
  Order operator()(double left, double right) const { return compare_doubles(left, right); }
  Order operator()(std::int64_t left, double right) const { return compare_mixed(left, right); }
  Order operator()(double left, std::int64_t right) const {
    return 0 <=> compare_mixed(right, left);
  }
  Order operator()(const std::string& left, const std::string& right) const {
    return left <=> right;
  }
  Order operator()(const Binary& left, const Binary& right) const { return left <=> right; }
  Order operator()(Date left, Date right) const { return left <=> right; }
  Order operator()(Timestamp left, Timestamp right) const { return left <=> right; }
  Order operator()(TimestampNtz left, TimestampNtz right) const { return left <=> right; }
  Order operator()(const Decimal& left, const Decimal& right) const {
    return compare_decimals(left, right);
  }
  Order operator()(std::int64_t left, const Decimal& right) const {
    return compare_decimals(to_decimal(left), right);
  }
  Order operator()(const Decimal& left, std::int64_t right) const {
    return compare_decimals(left, to_decimal(right));
  }
};

}  // namespace

std::optional<std::partial_ordering> compare(const Value& left, const Value& right) {
  return std::visit(Comparer{}, left, right);
}

}  // namespace delta
