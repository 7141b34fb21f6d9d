#include "duck/table_optimize.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/error.h"
#include "delta/transaction.h"
#include "duck/hand_made_table.h"
#include "duck/scan_counts.h"
#include "duck/table_delete.h"
#include "duck/written_table.h"

namespace duck {
namespace {

class TableOptimizeTest : public testing::Test {
 protected:
  TableOptimizeReport optimize() { return optimize_table(database_, options_); }

  // As many commits of a file each.
  void append_files(int files, const std::string& query_of_number) {
    for (int i = 0; i < files; ++i) {
      table_.append("SELECT " + query_of_number + " FROM (SELECT " + std::to_string(i) + " AS n)");
    }
  }

  void enable_deletion_vectors(const std::string& columns) {
    table_.create(columns, {}, {{"delta.enableDeletionVectors", "true"}});
  }

  std::int64_t delete_where(const std::string& where) {
    return delete_rows(database_, connection_, {.location = table_.location(), .where = where})
        .rows;
  }

  std::string code_of(const std::function<void()>& action) {
    try {
      action();
    } catch (const base::Error& error) {
      return error.code();
    }
    return "none";
  }

  std::size_t live_files() const { return table_.snapshot()->files().size(); }

  delta::SkippingCounts counts(const std::string& where) {
    connection_.set_profiling(true);
    connection_.query("SELECT count(*) FROM " + table_.scan() + " WHERE " + where);
    const auto counts = scan_counts(connection_.last_profile(), table_.location());
    connection_.set_profiling(false);
    return counts.value();
  }

  Database database_{{.threads = 2}};
  Connection connection_{database_};
  WrittenTable table_{database_};
  TableOptimizeOptions options_{.location = table_.location()};
};

TEST_F(TableOptimizeTest, SmallFilesBecomeOneWithTheSameRows) {
  table_.create("SELECT 1::BIGINT AS id, 'x' AS name");
  append_files(5, "n::BIGINT AS id, 'row ' || n AS name");
  const std::string before = table_.content();

  const TableOptimizeReport report = optimize();
  EXPECT_EQ(report.version, 6);
  EXPECT_EQ(report.files_removed, 5);
  EXPECT_EQ(report.files_added, 1);
  EXPECT_EQ(report.bins, 1);
  EXPECT_EQ(report.rows, 5);
  EXPECT_GT(report.bytes_removed, report.bytes_added);
  EXPECT_EQ(table_.content(), before);
  EXPECT_EQ(live_files(), 1U);
  EXPECT_EQ(table_.content(5), before) << "the version before";
}

// Each of the two threads that read has row groups of its own, which go to the same file.
TEST_F(TableOptimizeTest, ThreadsFillOneFileTogether) {
  table_.create("SELECT 1::BIGINT AS id");
  for (int i = 0; i < 4; ++i) {
    const std::string first = std::to_string(i * 250000);
    table_.append("SELECT unnest(range(" + first + ", " + first + " + 250000)) AS id");
  }
  const TableOptimizeReport report = optimize();
  EXPECT_EQ(report.rows, 1'000'000);
  EXPECT_EQ(live_files(), 1U);
}

TEST_F(TableOptimizeTest, ASecondRunHasNothingToDo) {
  table_.create("SELECT 1::BIGINT AS id");
  append_files(3, "n::BIGINT AS id");
  optimize();
  const std::size_t files = table_.data_files();
  const TableOptimizeReport again = optimize();
  EXPECT_EQ(again.version, std::nullopt);
  EXPECT_EQ(again.files_removed + again.files_added, 0);
  EXPECT_EQ(table_.snapshot()->version(), 4);
  EXPECT_EQ(table_.data_files(), files);
}

TEST_F(TableOptimizeTest, TheCommitTellsWhatItDidAndChangesNoData) {
  table_.create("SELECT 1::BIGINT AS id");
  append_files(3, "n::BIGINT AS id");
  const TableOptimizeReport report = optimize();
  std::size_t removed = 0;
  std::size_t added = 0;
  for (const nlohmann::json& action : table_.commit(4)) {
    if (action.contains("commitInfo")) {
      const nlohmann::json& info = action["commitInfo"];
      EXPECT_EQ(info["operation"], "OPTIMIZE");
      EXPECT_EQ(info["operationParameters"]["predicate"], "[]");
      EXPECT_EQ(info["operationParameters"]["zOrderBy"], "[]");
      EXPECT_EQ(info["operationMetrics"]["numRemovedFiles"], "3");
      EXPECT_EQ(info["operationMetrics"]["numAddedBytes"], std::to_string(report.bytes_added));
      EXPECT_EQ(info["operationMetrics"]["maxFileSize"], std::to_string(report.bytes_added));
    }
    if (action.contains("remove")) {
      ++removed;
      EXPECT_EQ(action["remove"]["dataChange"], false);
    }
    if (action.contains("add")) {
      ++added;
      EXPECT_EQ(action["add"]["dataChange"], false);
      EXPECT_EQ(nlohmann::json::parse(action["add"]["stats"].get<std::string>())["numRecords"], 3);
    }
  }
  EXPECT_EQ(removed, 3U);
  EXPECT_EQ(added, 1U);
}

TEST_F(TableOptimizeTest, FilesGetTheTargetSize) {
  table_.create("SELECT 1::BIGINT AS id, 'x' AS text");
  // Text that does not compress: 64 files of about 32 KiB.
  for (int i = 0; i < 64; ++i) {
    table_.append(
        "SELECT i AS id, md5(i || 'a') || md5(i || 'b') AS text FROM (SELECT unnest(range(" +
        std::to_string(i * 640) + ", " + std::to_string(i * 640 + 640) + ")) AS i)");
  }
  const std::string before = table_.content();
  options_.target_file_bytes = 512 << 10;
  optimize();
  EXPECT_EQ(table_.content(), before);
  std::int64_t smaller = 0;
  const auto table = table_.snapshot();
  for (const delta::AddFile& file : table->files()) {
    EXPECT_LT(file.size, 1024 << 10);
    smaller += file.size < 384 << 10 ? 1 : 0;
  }
  EXPECT_LE(smaller, 1) << "but for the last file";
  EXPECT_EQ(optimize().version, std::nullopt);
}

TEST_F(TableOptimizeTest, PartitionsStayApart) {
  table_.create("SELECT 1::BIGINT AS id, 'x' AS part", {"part"});
  append_files(6,
               "n::BIGINT AS id, CASE n % 3 WHEN 0 THEN NULL WHEN 1 THEN 'a b' ELSE 'c' END "
               "AS part");
  table_.append("SELECT 100::BIGINT AS id, 'alone' AS part");
  const std::string before = table_.content();
  const TableOptimizeReport report = optimize();
  EXPECT_EQ(report.bins, 3);
  EXPECT_EQ(report.files_removed, 6);
  EXPECT_EQ(live_files(), 4U);
  EXPECT_EQ(table_.content(), before);
}

TEST_F(TableOptimizeTest, DeletedRowsAreGoneForGood) {
  enable_deletion_vectors("SELECT 1::BIGINT AS id");
  table_.append("SELECT unnest(range(100)) AS id");
  ASSERT_EQ(delete_where("id % 2 = 0"), 50);
  const std::string before = table_.content();
  const TableOptimizeReport report = optimize();
  EXPECT_EQ(report.deletion_vectors_removed, 1);
  EXPECT_EQ(report.rows, 50);
  EXPECT_EQ(table_.content(), before);
  const delta::SnapshotFiles live = table_.snapshot()->files();
  EXPECT_FALSE(live[0].deletion_vector.has_value());
}

TEST_F(TableOptimizeTest, FilesThatAreAppendedMeanwhileStay) {
  table_.create("SELECT 1::BIGINT AS id");
  append_files(3, "n::BIGINT AS id");
  TableOptimization optimization(database_, options_);
  optimization.write_files();
  table_.append("SELECT 10::BIGINT AS id");
  table_.append("SELECT 11::BIGINT AS id");
  const std::string before = table_.content();
  const TableOptimizeReport report = optimization.commit();
  EXPECT_EQ(report.version, 6);
  EXPECT_EQ(report.files_removed, 3) << "what was appended is for the next run";
  EXPECT_EQ(table_.content(), before);
  EXPECT_EQ(live_files(), 3U);
  EXPECT_EQ(table_.data_files(), 6U) << "the files were written once";
}

TEST_F(TableOptimizeTest, APieceOfWhichAFileWasRemovedMeanwhileIsDoneAgain) {
  table_.create("SELECT 1::BIGINT AS id, 'x' AS part", {"part"});
  append_files(6, "n::BIGINT AS id, (n % 2)::VARCHAR AS part");
  TableOptimization optimization(database_, options_);
  optimization.write_files();
  ASSERT_EQ(delete_where("id = 4"), 1);
  const std::string before = table_.content();
  const TableOptimizeReport report = optimization.commit();
  EXPECT_EQ(report.version, 8);
  EXPECT_EQ(report.bins, 2);
  EXPECT_EQ(report.files_removed, 5);
  EXPECT_EQ(report.rows, 5);
  EXPECT_EQ(table_.content(), before);
  EXPECT_EQ(live_files(), 2U);
  EXPECT_EQ(table_.data_files(), 8U) << "the file that held the deleted row too is gone";
}

TEST_F(TableOptimizeTest, RowsThatWereDeletedMeanwhileStayDeleted) {
  enable_deletion_vectors("SELECT 1::BIGINT AS id");
  table_.append("SELECT unnest(range(100)) AS id");
  table_.append("SELECT unnest(range(100, 200)) AS id");
  TableOptimization optimization(database_, options_);
  optimization.write_files();
  ASSERT_EQ(delete_where("id BETWEEN 50 AND 149"), 100);
  const std::string before = table_.content();
  const TableOptimizeReport report = optimization.commit();
  EXPECT_EQ(report.rows, 100);
  EXPECT_EQ(report.deletion_vectors_removed, 2);
  EXPECT_EQ(table_.content(), before);
}

TEST_F(TableOptimizeTest, WhatAnotherOneOptimizedMeanwhileIsDropped) {
  table_.create("SELECT 1::BIGINT AS id");
  append_files(3, "n::BIGINT AS id");
  TableOptimization slow(database_, options_);
  slow.write_files();
  optimize();
  EXPECT_EQ(slow.commit().version, std::nullopt);
  EXPECT_EQ(table_.snapshot()->version(), 4);
  EXPECT_EQ(table_.data_files(), 4U);
}

TEST_F(TableOptimizeTest, WithoutRetriesAConflictIsAnErrorAndLeavesNoFile) {
  table_.create("SELECT 1::BIGINT AS id");
  append_files(3, "n::BIGINT AS id");
  options_.max_retries = 0;
  {
    TableOptimization optimization(database_, options_);
    optimization.write_files();
    ASSERT_EQ(delete_where("id = 1"), 1);
    EXPECT_EQ(code_of([&] { optimization.commit(); }), "DELTA_COMMIT_CONFLICT");
  }
  EXPECT_EQ(table_.snapshot()->version(), 4);
  EXPECT_EQ(table_.data_files(), 3U);
}

TEST_F(TableOptimizeTest, ATableWhoseColumnsChangedMeanwhileIsOptimizedAsItIsNow) {
  table_.create("SELECT 1::BIGINT AS id");
  append_files(3, "n::BIGINT AS id");
  TableOptimization optimization(database_, options_);
  optimization.write_files();
  {
    const auto table = table_.snapshot();
    delta::Transaction transaction = delta::Transaction::start(table);
    delta::Metadata metadata = table->metadata();
    delta::Schema schema = table->schema();
    schema.fields.push_back(
        {.name = "more", .type = delta::DataType::primitive(delta::TypeKind::kString)});
    metadata.schema_string = delta::to_json(schema);
    transaction.update_metadata(std::move(metadata));
    transaction.commit({});
  }
  const std::string before = table_.content();
  EXPECT_EQ(optimization.commit().version, 5);
  EXPECT_EQ(table_.content(), before);
  EXPECT_EQ(table_.data_files(), 4U);
}

TEST_F(TableOptimizeTest, RowsKeepTheirIdsAndVersions) {
  table_.create("SELECT 1::BIGINT AS id", {}, {{"delta.enableRowTracking", "true"}});
  append_files(4, "n::BIGINT AS id");
  const auto rows = [&] {
    std::string text;
    for (const auto& row : connection_
                               .query("SELECT id, _row_id, _row_commit_version FROM " +
                                      table_.scan(table_.snapshot()->version()) + " ORDER BY id")
                               .rows) {
      for (const delta::Value& value : row)
        text += std::to_string(std::get<std::int64_t>(value)) + " ";
      text += "\n";
    }
    return text;
  };
  const std::string before = rows();
  EXPECT_EQ(before, "0 0 1 \n1 1 2 \n2 2 3 \n3 3 4 \n");
  ASSERT_TRUE(optimize().version.has_value());
  EXPECT_EQ(rows(), before);
  ASSERT_TRUE(optimize_table(database_, {.location = table_.location(), .zorder_by = {"id"}})
                  .version.has_value());
  EXPECT_EQ(rows(), before) << "moved twice";
  const nlohmann::json info = table_.commit(6).at(0).at("commitInfo");
  EXPECT_EQ(info.at("tags").at("delta.rowTracking.preserved"), "true");
}

TEST_F(TableOptimizeTest, AppendOnlyTablesAreOptimizedSinceNoRowGoes) {
  table_.create("SELECT 1::BIGINT AS id", {}, {{"delta.appendOnly", "true"}});
  append_files(2, "n::BIGINT AS id");
  const std::string before = table_.content();
  EXPECT_EQ(optimize().version, 3);
  EXPECT_EQ(table_.content(), before);
}

TEST_F(TableOptimizeTest, FilesOfMappedTablesHavePhysicalNames) {
  delta::Schema schema;
  for (const char* name : {"id", "part"}) {
    schema.fields.push_back(
        {.name = name, .type = delta::DataType::primitive(delta::TypeKind::kString)});
  }
  delta::Transaction::create(delta::local_store(), table_.location(),
                             {.schema = schema,
                              .partition_columns = {"part"},
                              .configuration = {{"delta.columnMapping.mode", "name"}},
                              .name = std::nullopt},
                             {.column_mapping = true})
      .commit({});
  const std::string physical =
      table_.snapshot()->schema().fields.at(0).metadata.at("delta.columnMapping.physicalName");
  ASSERT_NE(physical, "id");
  for (int i = 0; i < 3; ++i) {
    const auto table = table_.snapshot();
    const CopiedFiles copied = copy_to_parquet(
        connection_, "SELECT '" + std::to_string(i) + "' AS id, 'p' AS part", {}, table->schema(),
        {.directory = table_.location(),
         .partition_by = {"part"},
         .column_mapping = delta::ColumnMapping::kName});
    delta::Transaction transaction = delta::Transaction::start(table, {.column_mapping = true});
    for (const delta::AddFile& file : copied.files) transaction.add(file);
    transaction.commit({});
  }
  const std::string before = table_.content();
  EXPECT_EQ(optimize().files_removed, 3);
  EXPECT_EQ(table_.content(), before);
  const auto table = table_.snapshot();
  const delta::SnapshotFiles live = table->files();
  const delta::AddFile& file = live[0];
  EXPECT_TRUE(nlohmann::json::parse(*file.stats).at("minValues").contains(physical));
  EXPECT_FALSE(file.partition_values.contains("part"));
}

TEST_F(TableOptimizeTest, ATableOfChangesHasNoneToTell) {
  table_.create("SELECT 1::BIGINT AS id", {}, {{"delta.enableChangeDataFeed", "true"}});
  append_files(2, "n::BIGINT AS id");
  ASSERT_EQ(optimize().version, 3);
  const ResultRows changes =
      connection_.query("SELECT count(*) FROM delta_changes(" + quote_string(table_.location()) +
                        ", from_version := 3)");
  EXPECT_EQ(std::get<std::int64_t>(changes.rows.at(0).at(0)), 0);
}

TEST_F(TableOptimizeTest, ATableWithoutFilesHasNothingToDo) {
  table_.create("SELECT 1::BIGINT AS id");
  EXPECT_EQ(optimize().version, std::nullopt);
}

TEST_F(TableOptimizeTest, ZOrderedRowsAreFoundInFewFiles) {
  table_.create("SELECT 1::BIGINT AS x, 1::BIGINT AS y, 'pad' AS pad");
  for (int i = 0; i < 8; ++i) {
    table_.append(
        "SELECT (hash(i) % 1000)::BIGINT AS x, (hash(i, 7) % 1000)::BIGINT AS y, "
        "md5(i || 'a') AS pad FROM (SELECT unnest(range(" +
        std::to_string(i * 15000) + ", " + std::to_string(i * 15000 + 15000) + ")) AS i)");
  }
  const std::string before = table_.content();
  EXPECT_EQ(counts("x BETWEEN 300 AND 310").read(), 8);
  options_.zorder_by = {"X", "y"};
  options_.target_file_bytes = 64 << 10;
  optimize();
  EXPECT_EQ(table_.content(), before);
  const auto files = static_cast<std::int64_t>(live_files());
  ASSERT_GE(files, 30);
  EXPECT_LE(counts("x BETWEEN 300 AND 310").read(), files / 3);
  EXPECT_LE(counts("y BETWEEN 300 AND 310").read(), files / 3);
  EXPECT_LE(counts("x BETWEEN 300 AND 310 AND y BETWEEN 300 AND 310").read(), files / 8);
  EXPECT_EQ(optimize().version, std::nullopt) << "the rows lie so already";
}

// The edges of a graph by the node that they begin at, as the shipped spec groups them.
TEST_F(TableOptimizeTest, RowsAreZOrderedByColumnsOfEveryType) {
  const std::string columns =
      "n % 2 = 0 AS b, n::TINYINT AS i8, n::SMALLINT AS i16, n::INTEGER AS i32, n::BIGINT AS i64, "
      "n::FLOAT AS f, n::DOUBLE AS d, n::DECIMAL(4, 1) AS small, n::DECIMAL(30, 2) AS large, "
      "DATE '2024-02-29' + n::INTEGER AS day, TIMESTAMP '2024-02-29' + to_days(n::INTEGER) AS at, "
      "'row ' || n AS s, ('x' || n)::BLOB AS x, nullif(n, 3)::INTEGER AS with_null";
  table_.create("SELECT " + columns + " FROM (SELECT 1 AS n)");
  append_files(4, columns);
  const std::string before = table_.content();
  const std::vector<std::string> names = {"b",     "i8",    "i16", "i32", "i64", "f", "d",
                                          "small", "large", "day", "at",  "s",   "x", "with_null"};
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    SCOPED_TRACE(names[i] + "," + names[i + 1]);
    options_.zorder_by = {names[i], names[i + 1]};
    EXPECT_EQ(optimize().rows, 4);
    EXPECT_EQ(table_.content(), before);
  }
}

TEST_F(TableOptimizeTest, FloatsStayBitForBit) {
  const std::string columns =
      "i::BIGINT AS id, [0.0, '-0.0'::DOUBLE, 'nan'::DOUBLE, -'nan'::DOUBLE, 1.5, NULL][1 + i % 6] "
      "AS d, "
      "['-0.0'::FLOAT, 0.0, NULL, -'nan'::FLOAT][1 + i % 4]::FLOAT AS f";
  table_.create("SELECT " + columns + " FROM range(1) r(i)");
  for (int i = 0; i < 3; ++i) {
    table_.append("SELECT " + columns + " FROM range(" + std::to_string(i * 5000) + ", " +
                  std::to_string(i * 5000 + 5000) + ") r(i)");
  }
  const auto signs = [&] {
    std::string text;
    for (const auto& row : connection_
                               .query("SELECT d::VARCHAR, signbit(d)::VARCHAR, f::VARCHAR, "
                                      "signbit(f)::VARCHAR, count(*)::VARCHAR, sum(id)::VARCHAR "
                                      "FROM " +
                                      table_.scan() + " GROUP BY ALL ORDER BY ALL")
                               .rows) {
      for (const delta::Value& value : row) {
        text += delta::is_null(value) ? "NULL " : std::get<std::string>(value) + " ";
      }
      text += "\n";
    }
    return text;
  };
  const std::string before = signs();
  EXPECT_NE(before.find("-0.0 true "), std::string::npos) << before;
  EXPECT_NE(before.find("0.0 false "), std::string::npos) << before;
  ASSERT_TRUE(optimize().version.has_value());
  EXPECT_EQ(signs(), before);
  for (const std::vector<std::string>& order :
       {std::vector<std::string>{"d"}, {"f"}, {"d", "f"}, {"f", "id"}}) {
    SCOPED_TRACE(order.front());
    options_.zorder_by = order;
    ASSERT_TRUE(optimize().version.has_value());
    EXPECT_EQ(signs(), before);
  }
}

TEST_F(TableOptimizeTest, ALookUpInAClusteredTableReadsOneFile) {
  const std::string edges =
      "SELECT md5((i * 7919 % 20011)::VARCHAR) AS src_node_id, "
      "[{'dst_node_id': md5(i::VARCHAR), 'edge_kind': 'calls'}] AS edges, "
      "'src/' || (i % 97) || '.py' AS path ";
  delta::Schema schema;
  for (const ResultColumn& column : connection_.describe(edges + "FROM range(1) AS r(i)")) {
    schema.fields.push_back({.name = column.name, .type = column.delta_type.value()});
  }
  delta::Transaction::create(delta::local_store(), table_.location(),
                             {.schema = schema,
                              .partition_columns = {},
                              .configuration = {},
                              .name = std::nullopt,
                              .clustering_columns = {{"src_node_id"}}})
      .commit({});
  for (int i = 0; i < 6; ++i) {
    table_.append(edges + "FROM range(" + std::to_string(i * 3000) + ", " +
                  std::to_string(i * 3000 + 3000) + ") AS r(i)");
  }
  const std::string before = table_.content();
  const std::string look_up = "src_node_id = md5('4711')";
  EXPECT_EQ(counts(look_up).read(), 6);
  options_.target_file_bytes = 128 << 10;
  EXPECT_EQ(optimize().files_removed, 6);
  EXPECT_EQ(table_.content(), before);
  ASSERT_GE(live_files(), 5U);
  EXPECT_EQ(counts(look_up).read(), 1);
  const auto clustered = table_.snapshot();
  for (const delta::AddFile& file : clustered->files()) {
    EXPECT_EQ(file.clustering_provider, "liquid");
  }
  EXPECT_EQ(optimize().version, std::nullopt);

  table_.append(edges + "FROM range(18000, 18100) AS r(i)");
  const TableOptimizeReport more = optimize();
  EXPECT_LT(more.files_removed, static_cast<std::int64_t>(live_files()))
      << "what is clustered already stays, but for what is not much larger";
  options_.zorder_by = {"path"};
  EXPECT_EQ(code_of([&] { optimize(); }), "USAGE");
}

TEST_F(TableOptimizeTest, ColumnsThatCannotOrderRowsAreRefused) {
  table_.create("SELECT 1::BIGINT AS id, 'x' AS part, [1] AS list", {"part"});
  for (const char* column : {"nowhere", "part", "list"}) {
    options_.zorder_by = {column};
    EXPECT_EQ(code_of([&] { optimize(); }), "USAGE") << column;
  }
}

TEST_F(TableOptimizeTest, AnUnclearTargetSizeIsRefused) {
  HandMadeTable table(connection_, "unclear_size");
  table.commit(
      {HandMadeTable::protocol(), table.metadata(table.schema_of("SELECT 1::BIGINT AS id"), {},
                                                 {{"delta.targetFileSize", "large"}})});
  options_.location = table.location();
  EXPECT_EQ(code_of([&] { optimize(); }), "DELTA_PROPERTY_INVALID");
}

TEST_F(TableOptimizeTest, AStopLeavesTableAndFolderAsTheyWere) {
  table_.create("SELECT 1::BIGINT AS id");
  append_files(3, "n::BIGINT AS id");
  std::stop_source source;
  source.request_stop();
  options_.stop = source.get_token();
  EXPECT_EQ(code_of([&] { optimize(); }), "INTERRUPTED");
  EXPECT_EQ(table_.snapshot()->version(), 3);
  EXPECT_EQ(table_.data_files(), 3U);
}

}  // namespace
}  // namespace duck
