#include "duck/parquet_appender.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/error.h"
#include "base/uuid.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

namespace fs = std::filesystem;
using delta::DataType;
using delta::TypeKind;

delta::StructField field(std::string name, TypeKind kind, bool nullable = true) {
  return {.name = std::move(name), .type = DataType::primitive(kind), .nullable = nullable};
}

const delta::Schema kEveryType{{field("l", TypeKind::kLong), field("i", TypeKind::kInteger),
                                field("b", TypeKind::kBoolean), field("d", TypeKind::kDouble),
                                field("s", TypeKind::kString), field("x", TypeKind::kBinary)}};
const delta::Schema kRequired{{field("l", TypeKind::kLong, false)}};

class ParquetAppenderTest : public testing::Test {
 protected:
  ParquetAppenderTest()
      : folder_(fs::temp_directory_path() / ("appender-test-" + base::random_uuid())) {}
  ~ParquetAppenderTest() override { fs::remove_all(folder_); }

  CopyOptions options() const { return {.directory = folder_.string()}; }

  std::string text(const std::string& select) {
    const auto result = connection_.query("SELECT (" + select + ")::VARCHAR FROM read_parquet(" +
                                          quote_string(folder_.string() + "/*.parquet") + ")");
    return delta::is_null(result.rows.at(0)[0]) ? "NULL" : std::get<std::string>(result.rows[0][0]);
  }

  void append_longs(ParquetAppender& appender, std::int64_t begin, std::int64_t end) {
    std::vector<std::int64_t> values;
    for (std::int64_t i = begin; i < end; ++i) values.push_back(i);
    const ColumnView view{.values = std::span<const std::int64_t>(values)};
    appender.append({&view, 1}, values.size());
  }

  fs::path folder_;
  Database database_{DatabaseConfig{.threads = 2}};
  Connection connection_{database_};
};

TEST_F(ParquetAppenderTest, WritesEveryTypeWithItsNulls) {
  const std::int64_t longs[] = {1, -2, 3};
  const std::int32_t integers[] = {4, 5, -6};
  const std::uint8_t flags[] = {1, 0, 7};
  const double doubles[] = {0.5, -1.5, 2.5};
  const std::string_view texts[] = {"a string longer than twelve bytes", {}, ""};
  const std::string_view bytes[] = {std::string_view("\0\xff", 2), "b", {}};
  const std::uint8_t valid[] = {1, 0, 1};
  const ColumnView views[] = {{.values = std::span<const std::int64_t>(longs), .valid = valid},
                              {.values = std::span<const std::int32_t>(integers)},
                              {.values = std::span<const std::uint8_t>(flags)},
                              {.values = std::span<const double>(doubles), .valid = valid},
                              {.values = std::span<const std::string_view>(texts)},
                              {.values = std::span<const std::string_view>(bytes)}};
  ParquetAppender appender(database_, kEveryType, options());
  appender.append(views, 3);
  const auto files = appender.finish();
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(text("list((l, i, b, d, s, x::VARCHAR))"),
            "[(1, 4, true, 0.5, a string longer than twelve bytes, \\x00\\xFF), "
            "(NULL, 5, false, NULL, NULL, b), (3, -6, true, 2.5, '', NULL)]");
  const auto stats = nlohmann::json::parse(*files[0].stats);
  EXPECT_EQ(stats["numRecords"], 3);
  EXPECT_EQ(stats["minValues"]["l"], 1);
  EXPECT_EQ(stats["maxValues"]["i"], 5);
  EXPECT_EQ(stats["minValues"]["s"], "");
  EXPECT_EQ(stats["nullCount"], nlohmann::json::parse(R"({"l":1,"i":0,"b":0,"d":1,"s":1,"x":1})"));
}

TEST_F(ParquetAppenderTest, CodedTextsAreWrittenAsTheTextsThemselves) {
  const delta::Schema schema{{field("l", TypeKind::kLong), field("s", TypeKind::kString)}};
  const std::string_view texts[] = {"a text longer than twelve bytes", {}, "short", "never used"};
  std::vector<std::int64_t> numbers;
  std::vector<std::uint32_t> codes;
  std::vector<std::string_view> views;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    numbers.push_back(i);
    codes.push_back(i % 3);
    views.push_back(texts[i % 3]);
  }
  const std::span<const std::int64_t> longs(numbers);
  ParquetAppender appender(database_, schema, options());
  const ColumnView coded[] = {{.values = longs}, {.values = CodedTexts{codes, texts}}};
  appender.append(coded, numbers.size());
  const ColumnView flat[] = {{.values = longs},
                             {.values = std::span<const std::string_view>(views)}};
  appender.append(flat, numbers.size());
  appender.append(coded, numbers.size());
  const auto files = appender.finish();
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(text("count(*) FILTER (s IS DISTINCT FROM CASE l % 3 WHEN 0 THEN "
                 "'a text longer than twelve bytes' WHEN 2 THEN 'short' END)"),
            "0");
  EXPECT_EQ(text("(count(*), count(s))"), "(15000, 9999)");
  const auto stats = nlohmann::json::parse(*files[0].stats);
  EXPECT_EQ(stats["maxValues"]["s"], "short");
}

TEST_F(ParquetAppenderTest, NullsOfOneCallDoNotReachTheNext) {
  ParquetAppender appender(database_, kRequired, options());
  append_longs(appender, 0, 3000);
  append_longs(appender, 3000, 10000);
  appender.finish();
  EXPECT_EQ(text("(count(l), sum(l))"), "(10000, 49995000)");
}

TEST_F(ParquetAppenderTest, NoRowsGiveNoFiles) {
  ParquetAppender appender(database_, kRequired, options());
  append_longs(appender, 0, 0);
  EXPECT_TRUE(appender.finish().empty());
  EXPECT_FALSE(fs::exists(folder_));
}

TEST_F(ParquetAppenderTest, FilesRollAtTheirTargetSize) {
  auto small = options();
  small.row_group_rows = 4096;
  small.target_file_bytes = 20'000;
  ParquetAppender appender(database_, kRequired, small);
  append_longs(appender, 0, 100'000);
  const auto files = appender.finish();
  EXPECT_GT(files.size(), 3U);
  std::int64_t next = 0;
  for (const auto& file : files) {
    const auto stats = nlohmann::json::parse(*file.stats);
    EXPECT_EQ(stats["minValues"]["l"], next);
    next = stats["maxValues"]["l"].get<std::int64_t>() + 1;
  }
  EXPECT_EQ(next, 100'000);
}

TEST_F(ParquetAppenderTest, WithoutFinishNothingStays) {
  {
    auto small = options();
    small.row_group_rows = 4096;
    small.target_file_bytes = 20'000;
    ParquetAppender appender(database_, kRequired, small);
    append_longs(appender, 0, 100'000);
    EXPECT_TRUE(fs::exists(folder_));
  }
  EXPECT_FALSE(fs::exists(folder_));
}

TEST_F(ParquetAppenderTest, ANullInARequiredColumnIsRefused) {
  const std::int64_t values[] = {1};
  const std::uint8_t valid[] = {0};
  const ColumnView view{.values = std::span<const std::int64_t>(values), .valid = valid};
  ParquetAppender appender(database_, kRequired, options());
  try {
    appender.append({&view, 1}, 1);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_NOT_NULL_VIOLATED");
    EXPECT_EQ(error.details().at("column"), "l");
  }
}

// Some of the rows of that call may be in the files, or none.
TEST_F(ParquetAppenderTest, AfterAFailureItDoesNotFinish) {
  const std::int64_t values[] = {1};
  const std::uint8_t valid[] = {0};
  const ColumnView null{.values = std::span<const std::int64_t>(values), .valid = valid};
  ParquetAppender appender(database_, kRequired, options());
  append_longs(appender, 0, 10);
  EXPECT_THROW(appender.append({&null, 1}, 1), base::Error);
  try {
    appender.finish();
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "APPENDER_MISUSED");
  }
}

TEST_F(ParquetAppenderTest, ANullAmongCodedTextsOfARequiredColumnIsRefusedWhenARowHasIt) {
  const delta::Schema schema{{field("s", TypeKind::kString, false)}};
  const std::string_view texts[] = {{}, "s"};
  const std::uint32_t without[] = {1, 1};
  const std::uint32_t with[] = {1, 0};
  ParquetAppender appender(database_, schema, options());
  const ColumnView good{.values = CodedTexts{without, texts}};
  appender.append({&good, 1}, 2);
  const ColumnView bad{.values = CodedTexts{with, texts}};
  EXPECT_THROW(appender.append({&bad, 1}, 2), base::Error);
}

TEST_F(ParquetAppenderTest, ValuesThatDoNotFitTheColumnAreRefused) {
  const std::int32_t values[] = {1};
  const ColumnView view{.values = std::span<const std::int32_t>(values)};
  ParquetAppender appender(database_, kRequired, options());
  EXPECT_THROW(appender.append({&view, 1}, 1), base::Error);
  EXPECT_THROW(appender.append({}, 1), base::Error);
  const delta::Schema text{{field("s", TypeKind::kString)}};
  const std::string_view texts[] = {"s"};
  const std::uint32_t out_of_range[] = {1};
  const ColumnView coded{.values = CodedTexts{out_of_range, texts}};
  EXPECT_THROW(ParquetAppender(database_, text, options()).append({&coded, 1}, 1), base::Error);
  const delta::Schema dates{{field("d", TypeKind::kDate)}};
  EXPECT_THROW(ParquetAppender(database_, dates, options()), base::Error);
}

TEST_F(ParquetAppenderTest, ManyThreadsWriteAtOnce) {
  std::vector<std::vector<delta::AddFile>> files(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < files.size(); ++i) {
    threads.emplace_back([&, i] {
      ParquetAppender appender(database_, kRequired, options());
      const auto begin = static_cast<std::int64_t>(i) * 200'000;
      append_longs(appender, begin, begin + 200'000);
      files[i] = appender.finish();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(text("(count(DISTINCT l), sum(l))"), "(800000, 319999600000)");
}

}  // namespace
}  // namespace duck
