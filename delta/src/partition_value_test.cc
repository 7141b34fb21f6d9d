#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "delta/file_partition_value.h"
#include "delta/value.h"

namespace delta {
namespace {

DataType of(TypeKind kind) { return DataType::primitive(kind); }

Value parse(const std::string& text, const DataType& type) {
  return parse_partition_value(text, type);
}

void expect_round_trip(const Value& value, const std::string& text, const DataType& type) {
  EXPECT_EQ(serialize_partition_value(value, type), text);
  EXPECT_EQ(parse(text, type), value) << text;
}

TEST(PartitionValueTest, WritesAndReadsEveryType) {
  expect_round_trip(std::string("a b/c=é"), "a b/c=é", of(TypeKind::kString));
  expect_round_trip(std::numeric_limits<std::int64_t>::min(), "-9223372036854775808",
                    of(TypeKind::kLong));
  expect_round_trip(std::int64_t{-5}, "-5", of(TypeKind::kByte));
  expect_round_trip(1.5, "1.5", of(TypeKind::kDouble));
  expect_round_trip(100.0, "100.0", of(TypeKind::kDouble));
  expect_round_trip(static_cast<double>(0.1f), "0.1", of(TypeKind::kFloat));
  expect_round_trip(std::numeric_limits<double>::infinity(), "Infinity", of(TypeKind::kDouble));
  expect_round_trip(-std::numeric_limits<double>::infinity(), "-Infinity", of(TypeKind::kDouble));
  expect_round_trip(Decimal{-1230, 10, 2}, "-12.30", DataType::decimal(10, 2));
  expect_round_trip(true, "true", of(TypeKind::kBoolean));
  expect_round_trip(false, "false", of(TypeKind::kBoolean));
  expect_round_trip(Binary{"abc"}, "abc", of(TypeKind::kBinary));
  expect_round_trip(Date{18878}, "2021-09-08", of(TypeKind::kDate));
  expect_round_trip(Date{-719162}, "0001-01-01", of(TypeKind::kDate));
  expect_round_trip(Timestamp{1631099473123456}, "2021-09-08T11:11:13.123456Z",
                    of(TypeKind::kTimestamp));
  expect_round_trip(Timestamp{-1}, "1969-12-31T23:59:59.999999Z", of(TypeKind::kTimestamp));
  expect_round_trip(TimestampNtz{1631099473000000}, "2021-09-08 11:11:13",
                    of(TypeKind::kTimestampNtz));
  expect_round_trip(TimestampNtz{1631099473000001}, "2021-09-08 11:11:13.000001",
                    of(TypeKind::kTimestampNtz));
}

TEST(PartitionValueTest, WritesAndReadsTheFirstAndTheLastTimes) {
  constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
  expect_round_trip(Timestamp{kFirst}, "-290308-12-21T19:59:05.224192Z", of(TypeKind::kTimestamp));
  expect_round_trip(Timestamp{kLast}, "+294247-01-10T04:00:54.775807Z", of(TypeKind::kTimestamp));
  expect_round_trip(TimestampNtz{-kLast}, "-290308-12-21 19:59:05.224193",
                    of(TypeKind::kTimestampNtz));
  for (const char* const beyond :
       {"-290308-12-21T19:59:05.224191Z", "+294247-01-10T04:00:54.775808Z", "-290308-12-21",
        "+294247-01-11", "9999999-01-01", "+294247-01-10T00:00:00-23:00"}) {
    EXPECT_THROW(parse(beyond, of(TypeKind::kTimestamp)), base::Error) << beyond;
  }
}

TEST(PartitionValueTest, SpellsNumbersAsSpark) {
  const std::pair<double, const char*> numbers[] = {
      {0.0, "0.0"},           {-0.0, "-0.0"},
      {0.001, "0.001"},       {0.0001, "1.0E-4"},
      {-0.00123, "-0.00123"}, {1234567.0, "1234567.0"},
      {1e7, "1.0E7"},         {-12345678.5, "-1.23456785E7"},
      {120.0, "120.0"},       {123.456, "123.456"},
      {1e300, "1.0E300"},     {1.7976931348623157e308, "1.7976931348623157E308"}};
  for (const auto& [number, text] : numbers) {
    expect_round_trip(number, text, of(TypeKind::kDouble));
  }
  expect_round_trip(static_cast<double>(1.17549435e-38f), "1.1754944E-38", of(TypeKind::kFloat));
  expect_round_trip(static_cast<double>(12345678.0f), "1.2345678E7", of(TypeKind::kFloat));
}

TEST(PartitionValueTest, ReadsNan) {
  EXPECT_TRUE(std::isnan(std::get<double>(parse("NaN", of(TypeKind::kDouble)))));
  EXPECT_EQ(serialize_partition_value(std::numeric_limits<double>::quiet_NaN()), "NaN");
}

TEST(PartitionValueTest, TakesNullAndTheEmptyStringForNull) {
  EXPECT_EQ(serialize_partition_value(Value()), std::nullopt);
  EXPECT_EQ(serialize_partition_value(std::string()), std::nullopt);
  EXPECT_TRUE(is_null(parse_partition_value(std::nullopt, of(TypeKind::kLong))));
  EXPECT_TRUE(is_null(parse("", of(TypeKind::kString))));
}

TEST(PartitionValueTest, ReadsTimestampsAsOldAndNewWritersSpellThem) {
  const Value expected = Timestamp{1631099473123000};
  for (const char* text :
       {"2021-09-08 11:11:13.123", "2021-09-08 11:11:13.123000", "2021-09-08T11:11:13.123Z",
        "2021-09-08T13:11:13.123+02:00", "2021-09-08T03:11:13.123-0800",
        "2021-09-08T11:11:13.123000000Z", "2021-9-8 11:11:13.123"}) {
    EXPECT_EQ(parse(text, of(TypeKind::kTimestamp)), expected) << text;
  }
  EXPECT_EQ(parse("2021-09-08", of(TypeKind::kTimestamp)), Value(Timestamp{1631059200000000}));
}

TEST(PartitionValueTest, ReadsNumbersAsJavaSpellsThem) {
  EXPECT_EQ(parse("1.0E10", of(TypeKind::kDouble)), Value(1e10));
  EXPECT_EQ(parse("4.9E-324", of(TypeKind::kDouble)), Value(4.9e-324));
  EXPECT_EQ(parse("0E-18", DataType::decimal(38, 18)), Value(Decimal{0, 38, 18}));
  EXPECT_EQ(parse("1E+2", DataType::decimal(5, 1)), Value(Decimal{1000, 5, 1}));
  EXPECT_EQ(parse("+7", of(TypeKind::kLong)), Value(std::int64_t{7}));
  EXPECT_EQ(parse("TRUE", of(TypeKind::kBoolean)), Value(true));
}

TEST(PartitionValueTest, KeepsBytesThatAreNoText) {
  const Value bytes = Binary{std::string("\x00\xff\x80", 3)};
  const auto text = serialize_partition_value(bytes);
  EXPECT_EQ(text, "\\u0000\\u00FF\\u0080");
  EXPECT_EQ(parse_partition_value(text, of(TypeKind::kBinary)), bytes);
  const Value looks_escaped = Binary{"\\u0041"};
  EXPECT_EQ(parse_partition_value(serialize_partition_value(looks_escaped), of(TypeKind::kBinary)),
            looks_escaped);
}

TEST(PartitionValueTest, RefusesTextThatIsNotOfTheType) {
  const std::vector<std::pair<std::string, DataType>> wrong = {
      {"x", of(TypeKind::kLong)},
      {"1.5", of(TypeKind::kLong)},
      {"9223372036854775808", of(TypeKind::kLong)},
      {"128", of(TypeKind::kByte)},
      {"32768", of(TypeKind::kShort)},
      {"2147483648", of(TypeKind::kInteger)},
      {"1.5x", of(TypeKind::kDouble)},
      {"yes", of(TypeKind::kBoolean)},
      {"2021-02-29", of(TypeKind::kDate)},
      {"2021-13-01", of(TypeKind::kDate)},
      {"2021-09-08x", of(TypeKind::kDate)},
      {"2021-09-08T25:00:00", of(TypeKind::kTimestamp)},
      {"2021-09-08 11:12:13.", of(TypeKind::kTimestamp)},
      {"2021-09-08 11:12:13 PST", of(TypeKind::kTimestamp)},
      {"9999999-01-01 00:00:00", of(TypeKind::kTimestamp)},
      {"1.234", DataType::decimal(10, 2)},
      {"123456789.00", DataType::decimal(10, 2)},
      {"1e999999999", DataType::decimal(10, 2)},
      {".", DataType::decimal(10, 2)},
      {"x", DataType::array_of(of(TypeKind::kLong), true)},
  };
  for (const auto& [text, type] : wrong) {
    try {
      parse(text, type);
      ADD_FAILURE() << text << " as " << type.to_string();
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "DELTA_PARTITION_VALUE_INVALID");
      EXPECT_EQ(error.details().at("value"), text);
    }
  }
}

TEST(PartitionValueTest, OfAFileIsFoundByItsNameOrNull) {
  const StructField field{"p", of(TypeKind::kLong)};
  const Partitioning two{"/t", ColumnMapping::kNone, 2};
  AddFile file;
  file.path = "f";
  file.partition_values = {{"p", "1"}, {"q", std::nullopt}};
  EXPECT_EQ(partition_value(file, field, two), Value(std::int64_t{1}));
  file.partition_values = {{"q", "1"}};  // by a writer that leaves out nulls
  EXPECT_TRUE(is_null(partition_value(file, field, two)));
  file.partition_values = {{"q", "1"}, {"r", "2"}};
  try {
    partition_value(file, field, two);
    FAIL() << "it is null";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_PARTITION_VALUE_INVALID");
    EXPECT_EQ(error.details().at("column"), "p");
    EXPECT_EQ(error.details().at("file"), "f");
  }
}

}  // namespace
}  // namespace delta
