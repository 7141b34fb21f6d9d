#include "delta/src/outcome.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "delta/src/decimal_text.h"

namespace delta {
namespace {

using Op = Predicate::Op;

Predicate leaf(Op op, std::vector<Value> values = {}) { return {op, {"a"}, std::move(values), {}}; }

Value number(std::int64_t value) { return value; }

LeafStatistics bounds(Value min, Value max, std::optional<std::int64_t> nulls = 0) {
  return {std::move(min), std::move(max), nulls};
}

Outcome of(const Predicate& predicate, const LeafStatistics& statistics,
           TypeKind type = TypeKind::kLong, std::optional<std::int64_t> records = 10) {
  return outcome_of_statistics(predicate, type, records, statistics);
}

TEST(OutcomeTest, CombinesByThreeValuedLogic) {
  const Outcome t = Outcome::only_true();
  const Outcome f = Outcome::only_false();
  const Outcome n = Outcome::only_null();
  EXPECT_EQ(conjunction(t, t), t);
  EXPECT_EQ(conjunction(t, f), f);
  EXPECT_EQ(conjunction(t, n), n);
  EXPECT_EQ(disjunction(f, n), n);
  EXPECT_EQ(disjunction(t, n), t);
  EXPECT_EQ(negate(n), n);
  EXPECT_FALSE(conjunction(f, n).may_be_true);
  EXPECT_EQ(conjunction({}, {}), Outcome{});
}

TEST(OutcomeTest, IsCertainForOneValue) {
  EXPECT_EQ(outcome_of_value(leaf(Op::kEqual, {number(1)}), number(1)), Outcome::only_true());
  EXPECT_EQ(outcome_of_value(leaf(Op::kLess, {number(1)}), number(1)), Outcome::only_false());
  EXPECT_EQ(outcome_of_value(leaf(Op::kEqual, {number(1)}), Value()), Outcome::only_null());
  EXPECT_EQ(outcome_of_value(leaf(Op::kEqual, {Value()}), number(1)), Outcome::only_null());
  EXPECT_EQ(outcome_of_value(leaf(Op::kIsNull), Value()), Outcome::only_true());
  EXPECT_EQ(outcome_of_value(leaf(Op::kIsNotNull), Value()), Outcome::only_false());
  EXPECT_EQ(outcome_of_value(leaf(Op::kIn, {number(1), number(2)}), number(2)),
            Outcome::only_true());
  EXPECT_EQ(outcome_of_value(leaf(Op::kIn, {number(1), Value()}), number(2)), Outcome::only_null());
  EXPECT_EQ(outcome_of_value(leaf(Op::kEqual, {std::string("x")}), number(2)), Outcome{});
  EXPECT_EQ(outcome_of_value(leaf(Op::kStartsWith, {std::string("a")}), std::string("ab")),
            Outcome::only_true());
}

TEST(OutcomeTest, FollowsFromBounds) {
  const LeafStatistics ten_to_twenty = bounds(number(10), number(20));
  const auto may_match = [&](Op op, std::int64_t value) {
    return of(leaf(op, {number(value)}), ten_to_twenty).may_be_true;
  };
  EXPECT_FALSE(may_match(Op::kEqual, 9));
  EXPECT_TRUE(may_match(Op::kEqual, 10));
  EXPECT_FALSE(may_match(Op::kEqual, 21));
  EXPECT_FALSE(may_match(Op::kLess, 10));
  EXPECT_TRUE(may_match(Op::kLess, 11));
  EXPECT_FALSE(may_match(Op::kLessEqual, 9));
  EXPECT_FALSE(may_match(Op::kGreater, 20));
  EXPECT_TRUE(may_match(Op::kGreater, 19));
  EXPECT_FALSE(may_match(Op::kGreaterEqual, 21));
  EXPECT_TRUE(may_match(Op::kNotEqual, 10));
  EXPECT_FALSE(of(leaf(Op::kIn, {number(1), number(30)}), ten_to_twenty).may_be_true);
  EXPECT_TRUE(of(leaf(Op::kIn, {number(1), number(15)}), ten_to_twenty).may_be_true);
  EXPECT_FALSE(of(leaf(Op::kLess, {number(21)}), ten_to_twenty).may_be_false);
}

TEST(OutcomeTest, KnowsFilesOfOneValue) {
  const LeafStatistics sevens = bounds(number(7), number(7));
  EXPECT_FALSE(of(leaf(Op::kNotEqual, {number(7)}), sevens).may_be_true);
  EXPECT_FALSE(of(leaf(Op::kIn, {number(7)}), sevens).may_be_false);
  const LeafStatistics times = bounds(Timestamp{0}, Timestamp{0});
  EXPECT_TRUE(of(leaf(Op::kNotEqual, {Timestamp{0}}), times, TypeKind::kTimestamp).may_be_true);
}

TEST(OutcomeTest, KnowsNulls) {
  const LeafStatistics some = bounds(number(1), number(2), 3);
  EXPECT_TRUE(of(leaf(Op::kIsNull), some).may_be_true);
  EXPECT_TRUE(of(leaf(Op::kEqual, {number(1)}), some).may_be_null);
  EXPECT_FALSE(of(leaf(Op::kIsNull), bounds(number(1), number(2), 0)).may_be_true);
  const LeafStatistics all{std::nullopt, std::nullopt, 10};
  EXPECT_FALSE(of(leaf(Op::kIsNotNull), all).may_be_true);
  EXPECT_EQ(of(leaf(Op::kEqual, {number(1)}), all), Outcome::only_null());
  EXPECT_EQ(of(leaf(Op::kIsNull), {}), (Outcome{true, true, false}));
  EXPECT_EQ(of(leaf(Op::kEqual, {number(1)}), {}, TypeKind::kLong, std::nullopt), Outcome{});
  EXPECT_EQ(of(leaf(Op::kIsNull), some, TypeKind::kLong, 0), Outcome::none());
}

TEST(OutcomeTest, AllowsForNanAboveTheMaximum) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const LeafStatistics low = bounds(1.0, 2.0);
  EXPECT_TRUE(of(leaf(Op::kGreater, {5.0}), low, TypeKind::kDouble).may_be_true);
  EXPECT_TRUE(of(leaf(Op::kEqual, {nan}), low, TypeKind::kDouble).may_be_true);
  EXPECT_FALSE(of(leaf(Op::kEqual, {5.0}), low, TypeKind::kDouble).may_be_true);
  EXPECT_FALSE(of(leaf(Op::kLess, {1.0}), low, TypeKind::kDouble).may_be_true);
}

TEST(OutcomeTest, AllowsForBoundsOfFloatsThatBecameDoubles) {
  const LeafStatistics tenth = bounds(0.1, 0.1);
  const double as_float = static_cast<double>(0.1f);
  EXPECT_TRUE(of(leaf(Op::kEqual, {as_float}), tenth, TypeKind::kDouble).may_be_true);
  EXPECT_TRUE(of(leaf(Op::kLess, {0.3}), bounds(static_cast<double>(0.3f), 1.0), TypeKind::kDouble)
                  .may_be_false);
}

TEST(OutcomeTest, AllowsForTimestampsCutOffToMilliseconds) {
  const LeafStatistics cut = bounds(Timestamp{1000}, Timestamp{2000});
  EXPECT_TRUE(
      of(leaf(Op::kGreaterEqual, {Timestamp{2999}}), cut, TypeKind::kTimestamp).may_be_true);
  EXPECT_FALSE(
      of(leaf(Op::kGreaterEqual, {Timestamp{3000}}), cut, TypeKind::kTimestamp).may_be_true);
}

TEST(OutcomeTest, AllowsForMaximaCutOffWithoutBeingRaised) {
  const std::string cut(32, 'a');
  const LeafStatistics statistics = bounds(std::string("a"), cut);
  EXPECT_TRUE(of(leaf(Op::kEqual, {cut + "b"}), statistics, TypeKind::kString).may_be_true);
  EXPECT_TRUE(of(leaf(Op::kGreater, {cut}), statistics, TypeKind::kString).may_be_true);
  EXPECT_FALSE(of(leaf(Op::kEqual, {std::string("b")}), statistics, TypeKind::kString).may_be_true);
}

TEST(OutcomeTest, ConvertsWhatIsCompared) {
  const auto tenth = [](const Value& value) -> std::optional<Value> {
    const auto whole = std::get<std::int64_t>(value);
    return whole < 0 ? std::nullopt : std::optional<Value>(whole / 10);
  };
  const auto converted = [&](Op op, std::int64_t constant, bool keeps_order) {
    Predicate predicate = leaf(op, {number(constant)});
    predicate.conversion = Predicate::Conversion{tenth, keeps_order};
    return predicate;
  };
  const LeafStatistics numbers = bounds(number(10), number(39));
  EXPECT_FALSE(of(converted(Op::kEqual, 4, true), numbers).may_be_true);
  EXPECT_TRUE(of(converted(Op::kEqual, 3, true), numbers).may_be_true);
  EXPECT_FALSE(of(converted(Op::kLess, 1, true), numbers).may_be_true);
  EXPECT_FALSE(of(converted(Op::kGreaterEqual, 1, true), numbers).may_be_false);
  EXPECT_TRUE(of(converted(Op::kEqual, 4, false), numbers).may_be_true);
  EXPECT_TRUE(of(converted(Op::kEqual, 4, true), bounds(number(-1), number(39))).may_be_true);
  EXPECT_EQ(outcome_of_value(converted(Op::kEqual, 3, false), number(35)), Outcome::only_true());
  EXPECT_EQ(outcome_of_value(converted(Op::kEqual, 3, false), number(45)), Outcome::only_false());
  EXPECT_EQ(outcome_of_value(converted(Op::kEqual, 3, false), number(-1)), Outcome{});
  EXPECT_EQ(outcome_of_value(converted(Op::kEqual, 3, false), Value()), Outcome::only_null());
  EXPECT_EQ(outcome_of_value(converted(Op::kIsNull, 0, false), number(-1)), Outcome::only_false());
}

TEST(OutcomeTest, KnowsPrefixesOfAllValues) {
  const auto of_prefix = [](const std::string& prefix) {
    return of(leaf(Op::kStartsWith, {prefix}), bounds(std::string("abc"), std::string("abx")),
              TypeKind::kString);
  };
  EXPECT_FALSE(of_prefix("ab").may_be_false);
  EXPECT_TRUE(of_prefix("abc").may_be_false);
}

TEST(OutcomeTest, KnowsPrefixes) {
  const LeafStatistics words = bounds(std::string("banana"), std::string("cherry"));
  const auto may_start = [&](const std::string& prefix) {
    return of(leaf(Op::kStartsWith, {prefix}), words, TypeKind::kString).may_be_true;
  };
  EXPECT_TRUE(may_start("ba"));
  EXPECT_TRUE(may_start("banana split"));
  EXPECT_TRUE(may_start("c"));
  EXPECT_TRUE(may_start(""));
  EXPECT_FALSE(may_start("a"));
  EXPECT_FALSE(may_start("apple"));
  EXPECT_FALSE(may_start("d"));
  EXPECT_FALSE(may_start("ci"));
}

TEST(OutcomeTest, AllowsForDecimalsRoundedToDoubles) {
  const auto decimal = [](std::string digits, int scale) {
    return Value(*parse_decimal(digits, 38, scale));
  };
  const auto may_equal = [&](const Value& bound, const Value& constant) {
    return of(leaf(Op::kEqual, {constant}), bounds(bound, bound), TypeKind::kDecimal).may_be_true;
  };
  const std::string nines(38, '9');
  EXPECT_TRUE(may_equal(decimal("0.9999999999999999", 38), decimal("0." + nines, 38)));
  EXPECT_TRUE(may_equal(decimal("-0.11111111111111109", 38),
                        decimal("-0.11111111111111111111111111111111111111", 38)));
  EXPECT_TRUE(may_equal(decimal("1e37", 0), decimal(nines.substr(1), 0)));
  EXPECT_TRUE(may_equal(decimal("0.3", 20), decimal("0.30000000000000000001", 20)));
  EXPECT_TRUE(may_equal(decimal("12345678901234568", 3), decimal("12345678901234567.891", 3)));
  // It spells whole numbers in full, and those beyond 64 bits as the last of these.
  EXPECT_TRUE(may_equal(decimal("3333333333333333504", 0), decimal("3333333333333333333", 0)));
  EXPECT_TRUE(may_equal(decimal("123456789012345680", 0), decimal("123456789012345679", 0)));
  EXPECT_TRUE(may_equal(decimal("9223372036854775807", 0), decimal("99999999999999999999", 0)));
  EXPECT_TRUE(may_equal(decimal("-9223372036854775808", 0), decimal("-99999999999999999999", 0)));
  EXPECT_FALSE(may_equal(decimal("3333333333333333333", 0), decimal("3333333333333333334", 0)));
  // More digits than a double has are exact, and so are few.
  EXPECT_FALSE(may_equal(decimal("0." + nines, 38), decimal("0.9999999999999999", 38)));
  EXPECT_FALSE(may_equal(decimal("0.3", 10), decimal("0.3000000001", 10)));
  EXPECT_FALSE(may_equal(decimal("999999999999.99", 2), decimal("999999999999.98", 2)));
  EXPECT_FALSE(may_equal(decimal("0.3", 20), decimal("0.30000000001", 20)));
}

}  // namespace
}  // namespace delta
