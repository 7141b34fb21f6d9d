#include "delta/statistics.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "delta/src/calendar.h"
#include "delta/src/utf8.h"

namespace delta {
namespace {

using nlohmann::json;

// min, max and null count of one column, as written.
json written(const Value& min, const Value& max) {
  FileStatistics statistics;
  statistics.num_records = 5;
  statistics.columns.push_back({{"c"}, min, max, 1});
  return json::parse(to_json(statistics));
}

Value timestamp(const std::string& text) { return Timestamp{*parse_timestamp(text)}; }

TEST(StatisticsTest, AreSpelledAsSparkDoes) {
  FileStatistics statistics;
  statistics.num_records = 3;
  statistics.columns.push_back({{"a"}, std::int64_t{-1}, std::int64_t{2}, 0});
  statistics.columns.push_back({{"s", "b", "c"}, std::string("x"), std::string("y\""), 1});
  statistics.columns.push_back({{"f"}, 0.5, 3.0, 0});
  statistics.columns.push_back({{"s", "d"}, Date{0}, Date{1}, 2});
  statistics.columns.push_back({{"l"}, std::nullopt, std::nullopt, 3});
  EXPECT_EQ(to_json(statistics),
            R"({"numRecords":3,"minValues":{"a":-1,"s":{"b":{"c":"x"},"d":"1970-01-01"},"f":0.5},)"
            R"("maxValues":{"a":2,"s":{"b":{"c":"y\""},"d":"1970-01-02"},"f":3.0},)"
            R"("nullCount":{"a":0,"s":{"b":{"c":1},"d":2},"f":0,"l":3}})");
  statistics = {};
  statistics.tight_bounds = false;
  EXPECT_EQ(to_json(statistics),
            R"({"numRecords":0,"minValues":{},"maxValues":{},"nullCount":{},"tightBounds":false})");
}

TEST(StatisticsTest, CutTimestampsSoThatTheyStillBound) {
  const json micros =
      written(timestamp("2021-09-08T11:12:13.123456Z"), timestamp("2021-09-08T11:12:13.123456Z"));
  EXPECT_EQ(micros["minValues"]["c"], "2021-09-08T11:12:13.123Z");
  EXPECT_EQ(micros["maxValues"]["c"], "2021-09-08T11:12:13.124Z");
  const json before_epoch =
      written(timestamp("1969-12-31T23:59:59.999999Z"), timestamp("1969-12-31T23:59:59.999Z"));
  EXPECT_EQ(before_epoch["minValues"]["c"], "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(before_epoch["maxValues"]["c"], "1969-12-31T23:59:59.999Z");
  const json local = written(TimestampNtz{1}, TimestampNtz{1});
  EXPECT_EQ(local["minValues"]["c"], "1970-01-01T00:00:00.000");
  EXPECT_EQ(local["maxValues"]["c"], "1970-01-01T00:00:00.001");
}

TEST(StatisticsTest, CutStringsSoThatTheyStillBound) {
  const std::string just(32, 'a');
  EXPECT_EQ(written(just, just)["maxValues"]["c"], just);
  const std::string longer(33, 'a');
  EXPECT_EQ(written(longer, longer)["minValues"]["c"], just);
  EXPECT_EQ(written(longer, longer)["maxValues"]["c"], std::string(31, 'a') + "b");
  std::string wide;
  for (int i = 0; i < 40; ++i) wide += "é";
  const std::string max = written(wide, wide)["maxValues"]["c"];
  EXPECT_GT(max, wide);
  EXPECT_EQ(first_code_points(max, 31), first_code_points(wide, 31));
  std::string greatest;
  for (int i = 0; i < 40; ++i) greatest += "\xF4\x8F\xBF\xBF";
  EXPECT_FALSE(written(greatest, greatest)["maxValues"].contains("c"));
}

TEST(StatisticsTest, KeepDecimalsExact) {
  __int128 digits = 1;
  for (int i = 0; i < 37; ++i) digits = digits * 10 + 1;
  FileStatistics statistics;
  statistics.columns.push_back({{"c"}, Decimal{-digits, 38, 2}, Decimal{digits, 38, 2}, 0});
  EXPECT_NE(
      to_json(statistics).find(R"("minValues":{"c":-111111111111111111111111111111111111.11})"),
      std::string::npos)
      << to_json(statistics);
}

TEST(StatisticsTest, LeaveOutWhatJsonOrReadersCannotTake) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const Value& value : std::vector<Value>{
           nan, infinity, true, Binary{"a"}, Value(), std::string("\xff"), Date{2932897},
           Date{-719163}, Timestamp{std::numeric_limits<std::int64_t>::max()}}) {
    const json found = written(value, value);
    EXPECT_TRUE(found["minValues"].empty());
    EXPECT_TRUE(found["maxValues"].empty());
    EXPECT_EQ(found["nullCount"]["c"], 1);
  }
}

Schema every_type() {
  const auto of = [](TypeKind kind) { return DataType::primitive(kind); };
  Schema schema;
  schema.fields = {{"l", of(TypeKind::kLong)},
                   {"d", of(TypeKind::kDouble)},
                   {"m", DataType::decimal(38, 2)},
                   {"t", of(TypeKind::kDate)},
                   {"p", of(TypeKind::kTimestamp)},
                   {"n", of(TypeKind::kTimestampNtz)},
                   {"s", DataType::struct_of({{"x", of(TypeKind::kString)}})},
                   {"a", DataType::array_of(of(TypeKind::kLong), true)}};
  return schema;
}

TEST(StatisticsTest, AreReadAsTheyAreWritten) {
  FileStatistics statistics;
  statistics.num_records = 9;
  statistics.columns = {{{"l"},
                         std::numeric_limits<std::int64_t>::min(),
                         std::numeric_limits<std::int64_t>::max(),
                         0},
                        {{"d"}, -1.5, 1e300, 1},
                        {{"m"}, Decimal{-1, 38, 2}, Decimal{12345678901234567, 38, 2}, 2},
                        {{"t"}, Date{-1}, Date{1}, 3},
                        {{"p"}, Timestamp{-1000}, Timestamp{1000}, 4},
                        {{"n"}, TimestampNtz{-1000}, TimestampNtz{1000}, 5},
                        {{"s", "x"}, std::string(""), std::string("é\n"), 6},
                        {{"a"}, std::nullopt, std::nullopt, 7}};
  const FileStatistics read = parse_statistics(to_json(statistics), every_type());
  EXPECT_EQ(read.num_records, 9);
  EXPECT_TRUE(read.tight_bounds);
  ASSERT_EQ(read.columns.size(), statistics.columns.size());
  for (std::size_t i = 0; i < read.columns.size(); ++i) {
    EXPECT_EQ(read.columns[i].path, statistics.columns[i].path);
    EXPECT_EQ(read.columns[i].min, statistics.columns[i].min);
    EXPECT_EQ(read.columns[i].max, statistics.columns[i].max);
    EXPECT_EQ(read.columns[i].null_count, statistics.columns[i].null_count);
  }
}

TEST(StatisticsTest, AreReadAsOthersWriteThem) {
  const FileStatistics read = parse_statistics(
      R"({"numRecords":1,"tightBounds":false,"new":{},"minValues":{"l":"x","d":"NaN","m":1.5,)"
      R"("p":"2000-01-01T00:00:00.000-08:00","gone":1,"s":{"x":null}},"maxValues":{"s":3},)"
      R"("nullCount":{"l":null}})",
      every_type());
  EXPECT_FALSE(read.tight_bounds);
  ASSERT_EQ(read.columns.size(), 3u);
  EXPECT_EQ(read.columns[1].min, Value(Decimal{150, 38, 2}));
  EXPECT_EQ(read.columns[2].min, timestamp("2000-01-01T08:00:00Z"));
}

TEST(StatisticsTest, ReadsFloatsAsTheFloatsThatTheyName) {
  Schema schema;
  schema.fields = {{"f", DataType::primitive(TypeKind::kFloat)}};
  const FileStatistics read = parse_statistics(R"({"numRecords":1,"minValues":{"f":0.1}})", schema);
  EXPECT_EQ(read.columns.at(0).min, Value(static_cast<double>(0.1f)));
}

TEST(StatisticsTest, RefusesMalformedText) {
  for (const char* text : {"", "{", "[]", R"({"numRecords":)", "{}", R"({"numRecords":"x"})",
                           R"({"numRecords":1} x)", R"({"numRecords":1,"minValues":{"l":}})"}) {
    EXPECT_THROW(parse_statistics(text, every_type()), base::Error) << text;
  }
}

}  // namespace
}  // namespace delta
