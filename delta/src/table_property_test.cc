#include "delta/src/table_property.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "delta/src/last_checkpoint.h"
#include "delta/src/md5.h"

namespace delta {
namespace {

Metadata with(const std::string& key, const std::string& value) {
  Metadata metadata;
  metadata.configuration[key] = value;
  return metadata;
}

TEST(IntervalTest, IsASumOfUnits) {
  EXPECT_EQ(parse_interval_ms("interval 30 days"), 30 * kMsPerDay);
  EXPECT_EQ(parse_interval_ms("INTERVAL 1 Week"), 7 * kMsPerDay);
  EXPECT_EQ(parse_interval_ms("168 hours"), 7 * kMsPerDay);
  EXPECT_EQ(parse_interval_ms(" interval 1 day  12 hours 3 minutes 4 seconds 5 milliseconds "),
            kMsPerDay + 12 * kMsPerHour + 3 * 60000 + 4000 + 5);
  EXPECT_EQ(parse_interval_ms("interval 2500 microseconds"), 2);
}

TEST(IntervalTest, IsNothingElse) {
  for (const char* text :
       {"", "interval", "30", "days 30", "interval 1 month", "interval 1 year", "interval -1 days",
        "interval 1.5 days", "interval 1 day 2", "interval 9223372036854775807 days"}) {
    EXPECT_EQ(parse_interval_ms(text), std::nullopt) << text;
  }
}

TEST(TablePropertyTest, HasADefault) {
  EXPECT_EQ(interval_property({}, "delta.logRetentionDuration", 5), 5);
  EXPECT_EQ(count_property({}, "delta.checkpointInterval", 10), 10);
  EXPECT_TRUE(flag_property({}, "delta.checkpoint.writeStatsAsJson", true));
  EXPECT_EQ(deleted_file_retention_ms({}), 7 * kMsPerDay);
}

TEST(TablePropertyTest, IsReadByItsType) {
  EXPECT_EQ(interval_property(with("k", "interval 2 days"), "k", 5), 2 * kMsPerDay);
  EXPECT_EQ(count_property(with("k", "3"), "k", 10), 3);
  EXPECT_FALSE(flag_property(with("k", "False"), "k", true));
}

TEST(TablePropertyTest, IsNamedWhenItIsNoneOfItsType) {
  const auto code_of = [](const auto& read) {
    try {
      read();
      return std::string("none");
    } catch (const base::Error& error) {
      return error.code() + " " + error.details().at("property");
    }
  };
  EXPECT_EQ(code_of([] { interval_property(with("k", "soon"), "k", 5); }),
            "DELTA_PROPERTY_INVALID k");
  EXPECT_EQ(code_of([] { count_property(with("k", "0"), "k", 5); }), "DELTA_PROPERTY_INVALID k");
  EXPECT_EQ(code_of([] { flag_property(with("k", "on"), "k", true); }), "DELTA_PROPERTY_INVALID k");
}

// RFC 1321, "Test suite", and the example of PROTOCOL.md, "JSON checksum".
TEST(Md5Test, IsThatOfTheRfc) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(md5_hex("12345678901234567890123456789012345678901234567890123456789012345678901234567"
                    "890"),
            "57edf4a22be3c955ac49da2e2107b67a");
  EXPECT_EQ(md5_hex(R"("k0"="%27v%200%27","k1"+"k2"=2,"k1"+"k3"+0="v3","k1"+"k3"+1+0=1,)"
                    R"("k1"+"k3"+1+1=2,"k1"+"k3"+2+"k4"="v4","k1"+"k3"+2+"k5"+0="v5",)"
                    R"("k1"+"k3"+2+"k5"+1="v6","k1"+"k3"+2+"k5"+2="v7")"),
            "6a92d155a59bf2eecbd4b4ec7fd1f875");
}

TEST(LastCheckpointTest, BearsItsChecksum) {
  const LastCheckpoint hint{
      .version = 7, .size = 12, .parts = std::nullopt, .size_in_bytes = 345, .live_files = 6};
  const std::string canonical = R"("numOfAddFiles"=6,"size"=12,"sizeInBytes"=345,"version"=7)";
  EXPECT_EQ(to_json(hint), R"({"checksum":")" + md5_hex(canonical) +
                               R"(","numOfAddFiles":6,"size":12,"sizeInBytes":345,"version":7})");
}

}  // namespace
}  // namespace delta
