#include "delta/data_skipping.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "delta/statistics.h"
#include "delta/transaction.h"

namespace delta {
namespace {

using Op = Predicate::Op;

Predicate leaf(std::vector<std::string> column, Op op, std::vector<Value> values = {}) {
  return {op, std::move(column), std::move(values), {}};
}
Predicate both(Predicate left, Predicate right) {
  return {Op::kAnd, {}, {}, {std::move(left), std::move(right)}};
}
Value number(std::int64_t value) { return value; }

DataType of(TypeKind kind) { return DataType::primitive(kind); }

// A table in memory whose files are described, never read.
class Table {
 public:
  explicit Table(NewTable definition) : definition_(std::move(definition)) {}

  void add(PartitionValues partition, std::optional<std::string> stats) {
    AddFile file;
    file.path = std::to_string(files_.size());
    file.partition_values = std::move(partition);
    file.stats = std::move(stats);
    files_.push_back(std::move(file));
  }

  std::shared_ptr<const Snapshot> snapshot() const {
    const auto store = memory_store();
    Transaction transaction = Transaction::create(store, "/t", definition_);
    for (const AddFile& file : files_) transaction.add(file);
    transaction.commit({});
    return Snapshot::load(store, nullptr, "/t");
  }

 private:
  NewTable definition_;
  std::vector<AddFile> files_;
};

NewTable partitioned_table() {
  NewTable table;
  table.schema.fields = {{"A", of(TypeKind::kLong)},
                         {"s", DataType::struct_of({{"x", of(TypeKind::kString)}})},
                         {"p", of(TypeKind::kInteger)}};
  table.partition_columns = {"p"};
  return table;
}

std::vector<std::string> kept(const Snapshot& snapshot, const Predicate& predicate) {
  std::vector<std::string> names;
  const SnapshotFiles files = snapshot.files();
  for (const std::size_t i : prune_files(snapshot, predicate).kept) {
    names.push_back(files[i].path);
  }
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

class DataSkippingTest : public testing::Test {
 protected:
  DataSkippingTest() {
    table_.add({{"p", "1"}},
               R"({"numRecords":2,"minValues":{"A":1,"s":{"x":"a"}},)"
               R"("maxValues":{"A":5,"s":{"x":"c"}},"nullCount":{"A":0,"s":{"x":0}}})");
    table_.add({{"p", "2"}},
               R"({"numRecords":2,"minValues":{"A":6,"s":{"x":"d"}},)"
               R"("maxValues":{"A":9,"s":{"x":"f"}},"nullCount":{"A":1,"s":{"x":0}}})");
    table_.add({{"p", std::nullopt}}, R"({"numRecords":2,"nullCount":{"A":2}})");
    snapshot_ = table_.snapshot();
  }

  Table table_{partitioned_table()};
  std::shared_ptr<const Snapshot> snapshot_;
};

TEST_F(DataSkippingTest, LeavesOutPartitions) {
  EXPECT_EQ(kept(*snapshot_, leaf({"p"}, Op::kEqual, {number(2)})), Names{"1"});
  EXPECT_EQ(kept(*snapshot_, leaf({"P"}, Op::kIsNull)), Names{"2"});
  EXPECT_EQ(kept(*snapshot_, leaf({"p"}, Op::kIn, {number(1), number(7)})), Names{"0"});
  EXPECT_EQ(kept(*snapshot_, {Op::kNot, {}, {}, {leaf({"p"}, Op::kEqual, {number(2)})}}),
            Names{"0"});
}

TEST_F(DataSkippingTest, LeavesOutFilesByStatistics) {
  EXPECT_EQ(kept(*snapshot_, leaf({"a"}, Op::kGreater, {number(5)})), Names{"1"});
  EXPECT_EQ(kept(*snapshot_, leaf({"S", "X"}, Op::kLess, {std::string("b")})), (Names{"0", "2"}));
  EXPECT_EQ(kept(*snapshot_, leaf({"a"}, Op::kIsNull)), (Names{"1", "2"}));
  EXPECT_EQ(kept(*snapshot_, leaf({"a"}, Op::kIsNotNull)), (Names{"0", "1"}));
}

TEST(DataSkippingOfArraysTest, LeavesOutFilesByTheNullsOfArraysAndMaps) {
  const DataType array = DataType::array_of(of(TypeKind::kLong), true);
  NewTable definition;
  definition.schema.fields = {
      {"a", array},
      {"s", DataType::struct_of({{"m", DataType::map_of(of(TypeKind::kString), array, true)}})}};
  Table table(definition);
  table.add({}, R"({"numRecords":2,"nullCount":{"a":0,"s":{"m":2}}})");
  table.add({}, R"({"numRecords":2,"nullCount":{"a":2,"s":{"m":1}}})");
  table.add({}, R"({"numRecords":2,"nullCount":{"a":1,"s":{"m":0}}})");
  table.add({}, R"({"numRecords":2})");
  const auto snapshot = table.snapshot();
  EXPECT_EQ(kept(*snapshot, leaf({"a"}, Op::kIsNull)), (Names{"1", "2", "3"}));
  EXPECT_EQ(kept(*snapshot, leaf({"a"}, Op::kIsNotNull)), (Names{"0", "2", "3"}));
  EXPECT_EQ(kept(*snapshot, leaf({"s", "m"}, Op::kIsNull)), (Names{"0", "1", "3"}));
  EXPECT_EQ(kept(*snapshot, leaf({"s", "m"}, Op::kIsNotNull)), (Names{"1", "2", "3"}));
  EXPECT_EQ(kept(*snapshot, leaf({"s"}, Op::kIsNull)), (Names{"0", "1", "2", "3"}));
}

TEST_F(DataSkippingTest, CountsWhyFilesWereLeftOut) {
  const SkippingCounts counts = prune_files(*snapshot_, both(leaf({"p"}, Op::kIsNotNull),
                                                             leaf({"a"}, Op::kLess, {number(3)})))
                                    .counts;
  EXPECT_EQ(counts.total, 3);
  EXPECT_EQ(counts.pruned_by_partition, 1);
  EXPECT_EQ(counts.pruned_by_statistics, 1);
  EXPECT_EQ(counts.read(), 1);
}

TEST_F(DataSkippingTest, KeepsAllWhenThePredicateSaysNothing) {
  const Names all = {"0", "1", "2"};
  EXPECT_EQ(kept(*snapshot_, {}), all);
  EXPECT_EQ(kept(*snapshot_, leaf({"none"}, Op::kEqual, {number(1)})), all);
  EXPECT_EQ(kept(*snapshot_, leaf({"s"}, Op::kIsNull)), all);
  EXPECT_EQ(kept(*snapshot_, leaf({"s", "none"}, Op::kIsNull)), all);
  EXPECT_EQ(kept(*snapshot_, leaf({"p"}, Op::kEqual, {std::string("x")})), (Names{"0", "1"}));
}

TEST(DataSkippingFaultTest, KeepsFilesWithMalformedStatisticsAndPartitionValues) {
  Table table(partitioned_table());
  for (const char* stats : {"", "nonsense", R"({"numRecords":2,"minValues":)", "[]", "null",
                            R"({"minValues":{"A":"x"},"maxValues":{"A":[]}})"}) {
    table.add({{"p", "1"}}, stats);
  }
  table.add({{"p", "1"}}, std::nullopt);
  table.add({{"p", "not a number"}}, std::nullopt);
  table.add({}, std::nullopt);
  const auto snapshot = table.snapshot();
  const Predicate predicate =
      both(leaf({"p"}, Op::kEqual, {number(1)}), leaf({"a"}, Op::kEqual, {number(99)}));
  EXPECT_EQ(prune_files(*snapshot, predicate).kept.size(), 9u);
}

// The rows of a column in a file, and conditions on them, at random.
using Row = std::map<std::string, Value>;

struct RandomColumn {
  std::string name;
  DataType type;
};

const std::vector<RandomColumn>& random_columns() {
  static const std::vector<RandomColumn> columns = {
      {"l", of(TypeKind::kLong)},        {"d", of(TypeKind::kDouble)},
      {"s", of(TypeKind::kString)},      {"t", of(TypeKind::kTimestamp)},
      {"n", of(TypeKind::kDate)},        {"m", DataType::decimal(20, 3)},
      {"z", of(TypeKind::kTimestampNtz)}};
  return columns;
}

class RandomTables {
 public:
  explicit RandomTables(unsigned seed) : random_(seed) {}

  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

  Value value(const DataType& type, int center) {
    const int n = center + below(4);
    switch (type.kind()) {
      case TypeKind::kLong:
        return number(n);
      case TypeKind::kDouble:
        if (below(12) == 0) return std::numeric_limits<double>::quiet_NaN();
        if (below(20) == 0) return -std::numeric_limits<double>::infinity();
        return n / 2.0;
      case TypeKind::kString:
        return text(n);
      case TypeKind::kTimestamp:
        return Timestamp{n * 500 - 3000};
      case TypeKind::kTimestampNtz:
        return TimestampNtz{n * 500 - 3000};
      case TypeKind::kDate:
        return Date{n};
      default:
        return Decimal{n * 100, 20, 3};
    }
  }

  std::vector<Row> rows() {
    std::vector<Row> rows(static_cast<std::size_t>(1 + below(6)));
    for (const RandomColumn& column : random_columns()) {
      const int center = below(16);
      const int null_chance = below(3) == 0 ? 1 : 5;
      for (Row& row : rows) {
        row[column.name] =
            below(null_chance) == 0 && below(2) == 0 ? Value() : value(column.type, center);
      }
    }
    return rows;
  }

  // Statistics as writers make them: NaN left out of bounds, or counted as the greatest number.
  std::optional<std::string> statistics(const std::vector<Row>& rows) {
    if (below(15) == 0) return std::nullopt;
    FileStatistics statistics;
    statistics.num_records = static_cast<std::int64_t>(rows.size());
    const bool leaves_out_nan = below(2) == 0;
    for (const RandomColumn& column : random_columns()) {
      if (below(15) == 0) continue;
      ColumnStatistics found{{column.name}, std::nullopt, std::nullopt, 0};
      for (const Row& row : rows) {
        const Value& value = row.at(column.name);
        const auto* const floating = std::get_if<double>(&value);
        if (is_null(value)) {
          ++*found.null_count;
        } else if (!(leaves_out_nan && floating && std::isnan(*floating))) {
          if (!found.min || compare(value, *found.min) == std::partial_ordering::less) {
            found.min = value;
          }
          if (!found.max || compare(value, *found.max) == std::partial_ordering::greater) {
            found.max = value;
          }
        }
      }
      statistics.columns.push_back(std::move(found));
    }
    statistics.tight_bounds = below(3) != 0;
    return to_json(statistics);
  }

  Predicate predicate(int depth) {
    const int kind = below(depth > 0 ? 6 : 3);
    if (kind == 3) return {Op::kNot, {}, {}, {predicate(depth - 1)}};
    if (kind > 3) {
      return {kind == 4 ? Op::kAnd : Op::kOr, {}, {}, {predicate(depth - 1), predicate(depth - 1)}};
    }
    if (below(20) == 0) return {};
    const RandomColumn& column = random_columns()[static_cast<std::size_t>(
        below(static_cast<int>(random_columns().size())))];
    constexpr Op kOps[] = {Op::kEqual,     Op::kNotEqual, Op::kLess,
                           Op::kLessEqual, Op::kGreater,  Op::kGreaterEqual,
                           Op::kIn,        Op::kIsNull,   Op::kIsNotNull};
    Predicate leaf{kOps[below(9)], {column.name}, {}, {}};
    if (column.type.kind() == TypeKind::kString && below(4) == 0) leaf.op = Op::kStartsWith;
    const int count = leaf.op == Op::kIsNull || leaf.op == Op::kIsNotNull ? 0
                      : leaf.op == Op::kIn                                ? 1 + below(3)
                                                                          : 1;
    for (int i = 0; i < count; ++i) {
      leaf.values.push_back(below(25) == 0 ? Value() : value(column.type, below(18) - 1));
    }
    if (leaf.op == Op::kStartsWith && !is_null(leaf.values[0])) {
      auto& prefix = std::get<std::string>(leaf.values[0]);
      prefix.resize(prefix.size() - static_cast<std::size_t>(below(3)));
    }
    return leaf;
  }

 private:
  // Some longer than what is kept of a string, the same up to there.
  std::string text(int n) {
    const std::string start(static_cast<std::size_t>(below(2) == 0 ? 2 : 32 + below(2)), 'k');
    return start + static_cast<char>('a' + n) + "xy";
  }

  std::mt19937 random_;
};

std::optional<bool> holds(const Predicate& predicate, const Row& row, bool unknown) {
  const auto child = [&](std::size_t i) { return holds(predicate.children[i], row, unknown); };
  switch (predicate.op) {
    case Op::kUnknown:
      return unknown;
    case Op::kNot: {
      const auto inner = child(0);
      return inner ? std::optional(!*inner) : std::nullopt;
    }
    case Op::kAnd:
    case Op::kOr: {
      const bool decisive = predicate.op == Op::kOr;
      const auto left = child(0);
      const auto right = child(1);
      if (left == decisive || right == decisive) return decisive;
      return left && right ? std::optional(!decisive) : std::nullopt;
    }
    default:
      break;
  }
  const Value& value = row.at(predicate.column[0]);
  if (predicate.op == Op::kIsNull) return is_null(value);
  if (predicate.op == Op::kIsNotNull) return !is_null(value);
  if (is_null(value)) return std::nullopt;
  if (predicate.op == Op::kIn) {
    bool any_null = false;
    for (const Value& constant : predicate.values) {
      any_null = any_null || is_null(constant);
      if (compare(value, constant) == std::partial_ordering::equivalent) return true;
    }
    return any_null ? std::nullopt : std::optional(false);
  }
  const Value& constant = predicate.values[0];
  if (is_null(constant)) return std::nullopt;
  if (predicate.op == Op::kStartsWith) {
    return std::get<std::string>(value).starts_with(std::get<std::string>(constant));
  }
  const auto order = *compare(value, constant);
  switch (predicate.op) {
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
    default:
      return order >= 0;
  }
}

TEST(DataSkippingPropertyTest, NeverLeavesOutAFileWithAMatchingRow) {
  std::int64_t left_out = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    RandomTables random(seed);
    NewTable definition;
    for (const RandomColumn& column : random_columns()) {
      definition.schema.fields.push_back({column.name, column.type});
    }
    Table table(definition);
    std::map<std::string, std::vector<Row>> rows_of;
    for (int i = 0; i < 20; ++i) {
      std::vector<Row> rows = random.rows();
      table.add({}, random.statistics(rows));
      // Rows deleted since the statistics were made leave them wide but right.
      if (rows.size() > 1 && random.below(3) == 0) rows.pop_back();
      rows_of[std::to_string(i)] = std::move(rows);
    }
    const auto snapshot = table.snapshot();
    for (int i = 0; i < 60; ++i) {
      const Predicate predicate = random.predicate(3);
      const Names names = kept(*snapshot, predicate);
      for (const auto& [name, rows] : rows_of) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        ++left_out;
        for (const Row& row : rows) {
          ASSERT_NE(holds(predicate, row, true), true) << "seed " << seed << ", predicate " << i;
          ASSERT_NE(holds(predicate, row, false), true) << "seed " << seed << ", predicate " << i;
        }
      }
    }
  }
  EXPECT_GT(left_out, 10000);
}

}  // namespace
}  // namespace delta
