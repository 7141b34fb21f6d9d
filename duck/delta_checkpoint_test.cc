// Checkpoints as real Parquet files: what DuckDB's writer makes of the log's actions.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "delta/checkpoint.h"
#include "delta/testing/hadoop_checksum_file.h"
#include "duck/hand_made_table.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

class DeltaCheckpointTest : public testing::Test {
 protected:
  std::shared_ptr<const delta::Snapshot> load(const HandMadeTable& table) {
    return delta::Snapshot::load(delta::local_store(), database_.parquet_engine(),
                                 table.location());
  }
  static void remove_commits(const HandMadeTable& table) {
    for (const auto& entry : fs::directory_iterator(table.folder() / "_delta_log")) {
      if (entry.path().extension() == ".json") fs::remove(entry.path());
    }
  }
  std::string text(const std::string& sql) {
    return std::get<std::string>(connection_.query(sql).rows.at(0).at(0));
  }

  Database database_{{}};
  Connection connection_{database_};
};

TEST_F(DeltaCheckpointTest, HoldsEveryFieldOfEveryFile) {
  HandMadeTable table(connection_, "checkpoint-fields");
  table.commit({HandMadeTable::protocol({"deletionVectors"}),
                table.metadata(table.schema_of("SELECT 1::BIGINT AS a, 'x' AS p"), {"p"})});
  std::vector<delta::Action> actions;
  std::vector<std::string> lines;
  for (int i = 0; i < 20000; ++i) {
    delta::AddFile file;
    file.path = "p=" + std::to_string(i % 3) + "/f" + std::to_string(i);
    file.partition_values["p"] = std::nullopt;
    if (i % 3 != 0) file.partition_values["p"] = std::to_string(i % 3);
    file.size = i;
    file.data_change = false;
    if (i % 2 == 0) file.stats = R"({"numRecords":)" + std::to_string(i) + "}";
    if (i % 5 == 0) file.tags = {{"k", std::to_string(i)}, {"l", ""}};
    if (i % 7 == 0) file.deletion_vector = delta::DeletionVectorDescriptor{"u", "x", i, 34, 1};
    if (i % 11 == 0) file.base_row_id = i;
    lines.push_back(delta::to_json_line(file));
    actions.emplace_back(std::move(file));
  }
  table.commit(actions);
  const auto snapshot = load(table);
  const delta::CheckpointResult result = delta::write_checkpoint(*snapshot);
  EXPECT_EQ(result.live_files, 20000);
  EXPECT_EQ(result.bytes, static_cast<std::int64_t>(fs::file_size(result.path)));
  remove_commits(table);
  const auto again = load(table);
  std::vector<std::string> read;
  for (const delta::AddFile& file : again->files()) read.push_back(delta::to_json_line(file));
  std::sort(read.begin(), read.end());
  std::sort(lines.begin(), lines.end());
  EXPECT_EQ(read, lines);
}

TEST_F(DeltaCheckpointTest, HasParsedStatisticsOfTheColumnsTypes) {
  HandMadeTable table(connection_, "checkpoint-types");
  const std::string rows =
      "SELECT 1::BIGINT AS l, 2::INTEGER AS i, 3::SMALLINT AS s, 4::TINYINT AS b, 1.5::FLOAT AS f, "
      "2.5::DOUBLE AS d, 12.34::DECIMAL(10, 2) AS n, DATE '2024-02-29' AS day, "
      "TIMESTAMPTZ '2024-02-29 10:11:12.345Z' AS ts, TIMESTAMP '2024-02-29 10:11:12.345' AS ntz, "
      "'text' AS t, {'x': 5::BIGINT} AS nested, DATE '2024-03-01' AS p";
  const std::string sql = "SELECT COLUMNS(c -> c <> 'p') FROM (" + rows + ")";
  table.commit({HandMadeTable::protocol({"timestampNtz"}),
                table.metadata(table.schema_of(rows), {"p"},
                               {{"delta.checkpoint.writeStatsAsStruct", "true"}})});
  auto file =
      table.file(sql, {"l", "i", "s", "b", "f", "d", "n", "day", "ts", "ntz", "t", "nested"},
                 {{"p", "2024-03-01"}});
  table.commit({file});
  const delta::CheckpointResult result = delta::write_checkpoint(*load(table));
  const std::string checkpoint = "read_parquet(" + quote_string(result.path) + ")";
  const std::string add = "(SELECT add FROM " + checkpoint + " WHERE add IS NOT NULL)";
  EXPECT_EQ(text("SELECT typeof(" + add + ".stats_parsed.minValues)"),
            "STRUCT(l BIGINT, i INTEGER, s SMALLINT, b TINYINT, f FLOAT, d DOUBLE, "
            "n DECIMAL(10,2), \"day\" DATE, ts TIMESTAMP WITH TIME ZONE, ntz TIMESTAMP, t VARCHAR, "
            "nested STRUCT(x BIGINT))");
  EXPECT_EQ(text("SELECT " + add + ".stats_parsed.minValues::VARCHAR"),
            text("SELECT r::VARCHAR FROM (" + sql + ") AS r"));
  EXPECT_EQ(text("SELECT " + add + ".partitionValues_parsed::VARCHAR"), "{'p': 2024-03-01}");
}

TEST_F(DeltaCheckpointTest, LeavesNoTemporaryFile) {
  HandMadeTable table(connection_, "checkpoint-clean");
  table.commit({HandMadeTable::protocol(), table.metadata(table.schema_of("SELECT 1 AS a"))});
  {
    const auto abandoned = database_.parquet_engine()->create_parquet(
        table.location() + "/_delta_log/abandoned.parquet",
        delta::Schema{{{"a", delta::DataType::primitive(delta::TypeKind::kLong)}}});
  }
  delta::write_checkpoint(*load(table));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(table.folder() / "_delta_log")) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"00000000000000000000.checkpoint.parquet",
                                             "00000000000000000000.crc",
                                             "00000000000000000000.json", "_last_checkpoint"}));
}

TEST_F(DeltaCheckpointTest, TakesTheChecksumsOfAnotherAway) {
  HandMadeTable table(connection_, "checkpoint-checksums");
  table.commit({HandMadeTable::protocol(), table.metadata(table.schema_of("SELECT 1 AS a"))});
  const fs::path place = table.folder() / "_delta_log/00000000000000000000.checkpoint.parquet";
  std::ofstream(place) << "a checkpoint that Spark wrote";
  delta::write_hadoop_checksum(place);
  ASSERT_EQ(delta::write_checkpoint(*load(table)).path, place.string());
  EXPECT_FALSE(fs::exists(delta::hadoop_checksum_of(place)));
}

TEST_F(DeltaCheckpointTest, StaysAwayWhereTheChecksumsOfAnotherStay) {
  HandMadeTable table(connection_, "checkpoint-checksums-stay");
  table.commit({HandMadeTable::protocol(), table.metadata(table.schema_of("SELECT 1 AS a"))});
  const fs::path place = table.folder() / "_delta_log/00000000000000000000.checkpoint.parquet";
  fs::create_directory(delta::hadoop_checksum_of(place));  // which unlink refuses
  try {
    delta::write_checkpoint(*load(table));
    FAIL() << "the checkpoint was written";
  } catch (const base::Error& error) {
    EXPECT_NE(std::string(error.what()).find("replace the checksums of " + place.string()),
              std::string::npos)
        << error.what();
  }
  EXPECT_FALSE(fs::exists(place));
}

TEST_F(DeltaCheckpointTest, OfWhichAColumnHasADamagedNameIsNotRead) {
  HandMadeTable table(connection_, "checkpoint-misspelt");
  table.commit({HandMadeTable::protocol(), table.metadata(table.schema_of("SELECT 1 AS a"))});
  delta::AddFile file;
  file.path = "f.parquet";
  table.commit({file});
  const std::string path = delta::write_checkpoint(*load(table)).path;
  remove_commits(table);
  fs::remove(table.folder() / "_delta_log/00000000000000000001.crc");
  ASSERT_EQ(load(table)->files().size(), 1u);
  std::ifstream input(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(input), {}};
  const std::string name = "deletionVector";
  ASSERT_NE(bytes.find(name), std::string::npos);
  for (std::size_t at = 0; (at = bytes.find(name, at)) != std::string::npos;) bytes[at + 3] ^= 1;
  std::ofstream(path, std::ios::binary) << bytes;
  Database no_cache{{}};  // of the file before
  const auto damaged =
      delta::Snapshot::load(delta::local_store(), no_cache.parquet_engine(), table.location());
  try {
    damaged->files();
    FAIL() << "the checkpoint was read";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_LOG_CORRUPT");
    EXPECT_NE(error.message().find("'deldtionVector' is 'deletionVector' with a damaged byte"),
              std::string::npos)
        << error.message();
  }
}

}  // namespace
}  // namespace duck
