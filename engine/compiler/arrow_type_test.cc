#include "engine/compiler/arrow_type.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

TEST(ArrowType, KnowsPlainTypes) {
  EXPECT_EQ(duckdb_type_of_arrow("Utf8"), "VARCHAR");
  EXPECT_EQ(duckdb_type_of_arrow("LargeUtf8"), "VARCHAR");
  EXPECT_EQ(duckdb_type_of_arrow("UInt32"), "UINTEGER");
  EXPECT_EQ(duckdb_type_of_arrow("Date32"), "DATE");
  EXPECT_EQ(duckdb_type_of_arrow("Time64(Microsecond)"), "TIME");
}

TEST(ArrowType, ReadsTimestampsWithAndWithoutZone) {
  EXPECT_EQ(duckdb_type_of_arrow("Timestamp(Microsecond, None)"), "TIMESTAMP");
  EXPECT_EQ(duckdb_type_of_arrow("Timestamp(us)"), "TIMESTAMP");
  EXPECT_EQ(duckdb_type_of_arrow("Timestamp(Nanosecond, None)"), "TIMESTAMP_NS");
  for (const auto* name : {R"(Timestamp(Microsecond, Some("UTC")))", "Timestamp(us, UTC)",
                           R"(Timestamp(µs, "+00:00"))", "Timestamp(Microsecond, +00:00)",
                           "Timestamp(Millisecond, Europe/Berlin)"}) {
    EXPECT_EQ(duckdb_type_of_arrow(name), "TIMESTAMP WITH TIME ZONE") << name;
  }
}

TEST(ArrowType, ReadsDecimals) {
  EXPECT_EQ(duckdb_type_of_arrow("Decimal128(10, 2)"), "DECIMAL(10,2)");
  EXPECT_EQ(duckdb_type_of_arrow("Decimal128(10)"), std::nullopt);
}

TEST(ArrowType, ReadsNestedTypesInEverySpelling) {
  for (const auto* name :
       {"List(Int64)", "LargeList(nullable Int64)", "List(Int64, field: 'item')",
        R"(List(Field { name: "item", data_type: Int64, nullable: true, dict_id: 0, )"
        R"(dict_is_ordered: false, metadata: {} }))"}) {
    EXPECT_EQ(duckdb_type_of_arrow(name), "BIGINT[]") << name;
  }
  for (const auto* name :
       {"Struct(a: Int64, b: List(Utf8))", R"(Struct("a": Int64, "b": nullable List(Utf8)))",
        R"(Struct([Field { name: "a", data_type: Int64 }, Field { name: "b", data_type: )"
        R"(List(Field { name: "item", data_type: Utf8 }) }]))"}) {
    EXPECT_EQ(duckdb_type_of_arrow(name), R"(STRUCT("a" BIGINT, "b" VARCHAR[]))") << name;
  }
  for (const auto* name :
       {"Map(Utf8, Int64)",
        R"(Map("entries": non-null Struct("key": non-null Utf8, "value": Int64), unsorted))",
        R"(Map(Field { name: "entries", data_type: Struct([Field { name: "key", data_type: Utf8 })"
        R"(, Field { name: "value", data_type: Int64 }]), nullable: false }, false))"}) {
    EXPECT_EQ(duckdb_type_of_arrow(name), "MAP(VARCHAR, BIGINT)") << name;
  }
}

TEST(ArrowType, RefusesWhatIsNone) {
  for (const auto* name : {"", "utf8", "Int63", "List", "List()", "List(Int64", "Int64)",
                           "Struct(a Int64)", "Map(Utf8)", "Timestamp(Fortnight, None)"}) {
    EXPECT_EQ(duckdb_type_of_arrow(name), std::nullopt) << name;
  }
  EXPECT_EQ(duckdb_type_of_arrow(std::string(100'000, '(')), std::nullopt);
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "List(";
  EXPECT_EQ(duckdb_type_of_arrow(deep), std::nullopt);
}

}  // namespace
}  // namespace engine
