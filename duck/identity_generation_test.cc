// Identity columns: values are given to rows while they are written.
#include <thread>

#include "base/error.h"
#include "delta/identity_columns.h"
#include "duck/table_delete.h"
#include "duck/table_optimize.h"
#include "duck/table_write_fixture.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

class IdentityTest : public TableWriteFixture {
 protected:
  IdentityTest() : TableWriteFixture("id") {}

  static delta::StructField identity(const std::string& name, std::int64_t start, std::int64_t step,
                                     bool allows_explicit = false) {
    return {.name = name,
            .type = delta::DataType::primitive(delta::TypeKind::kLong),
            .metadata = {{"delta.identity.start", start},
                         {"delta.identity.step", step},
                         {"delta.identity.allowExplicitInsert", allows_explicit}}};
  }

  void create(std::vector<delta::StructField> columns,
              std::map<std::string, std::string> properties = {},
              std::vector<std::string> partition_by = {}) {
    delta::NewTable table{.schema = {std::move(columns)},
                          .partition_columns = std::move(partition_by),
                          .configuration = std::move(properties),
                          .name = std::nullopt};
    table.schema.fields.push_back({"v", delta::DataType::primitive(delta::TypeKind::kLong)});
    delta::Transaction::create(delta::local_store(), options_.location, table,
                               {.row_rules = true, .column_mapping = true, .change_data = true})
        .commit({});
  }

  std::shared_ptr<const delta::Snapshot> snapshot() {
    return delta::Snapshot::load(delta::local_store(), database_.parquet_engine(),
                                 options_.location);
  }
  std::optional<std::int64_t> mark(std::size_t column = 0) {
    return delta::identity_columns(snapshot()->schema()).at(column).high_water_mark;
  }
};

TEST_F(IdentityTest, EachAppendGoesOnWhereTheLastOneEnded) {
  create({identity("id", 10, 5), identity("down", -1, -2)});
  write("SELECT 1::BIGINT AS v ORDER BY 1");
  EXPECT_EQ(table(), "10|-1|1\n");
  write("FROM (VALUES (2::BIGINT), (3)) t(v)");
  EXPECT_EQ(table("id, down"), "10|-1\n15|-3\n20|-5\n");
  EXPECT_EQ(mark(0), 20);
  EXPECT_EQ(mark(1), -5);
  write("SELECT 1::BIGINT AS v WHERE false");  // gives out none
  EXPECT_EQ(mark(0), 20);
  options_.mode = WriteMode::kOverwrite;
  write("SELECT 4::BIGINT AS v");
  EXPECT_EQ(table(), "25|-7|4\n");
}

TEST_F(IdentityTest, ThreadsAndPartitionsShareNoValue) {
  create({identity("id", 1, 1)}, {}, {"v"});
  write("SELECT (i % 7)::BIGINT AS v FROM range(1000000) t(i)");
  write("SELECT (i % 3)::BIGINT AS v FROM range(100000) t(i)");
  EXPECT_EQ(table("count(*), count(DISTINCT id), min(id), max(id)"), "1100000|1100000|1|1100000\n");
  EXPECT_EQ(mark(), 1100000);
}

TEST_F(IdentityTest, WhatRestsOnAValueSeesTheOneThatIsStored) {
  delta::StructField twice{.name = "twice",
                           .type = delta::DataType::primitive(delta::TypeKind::kLong),
                           .metadata = {{"delta.generationExpression", "id * 2"}}};
  create({identity("id", 1, 1), std::move(twice)},
         {{"delta.constraints.even", "twice = id + id"}, {"delta.constraints.few", "id < 200000"}});
  write("SELECT i AS v FROM range(100000) t(i)");
  EXPECT_EQ(table("count(*), sum((twice = 2 * id)::INTEGER)"), "100000|100000\n");
  EXPECT_EQ(code("SELECT i AS v FROM range(100000) t(i)"), "DELTA_CONSTRAINT_VIOLATED");
  EXPECT_EQ(mark(), 100000);
}

TEST_F(IdentityTest, GivenValuesAreRefusedUnlessTheColumnAllowsThem) {
  create({identity("always", 1, 1), identity("default", 1, 1, true)});
  EXPECT_EQ(code("SELECT 7::BIGINT AS always, 1::BIGINT AS v"), "DELTA_IDENTITY_NOT_EXPLICIT");
  EXPECT_EQ(code("SELECT NULL::BIGINT AS ALWAYS, 1::BIGINT AS v"), "DELTA_IDENTITY_NOT_EXPLICIT");
  write("SELECT 50::BIGINT AS \"default\", 1::BIGINT AS v");
  EXPECT_EQ(mark(0), 1);
  EXPECT_EQ(mark(1), std::nullopt);  // as in Spark: SYNC IDENTITY would raise it
  write("SELECT 2::BIGINT AS v");
  EXPECT_EQ(table(), "1|50|1\n2|1|2\n");
}

TEST_F(IdentityTest, ValuesThatRunOutAreNamed) {
  create({identity("id", 9223372036854775806, 1)});
  EXPECT_EQ(code("SELECT i AS v FROM range(3) t(i)"), "DELTA_IDENTITY_OVERFLOW");
  EXPECT_EQ(table(), "");
  write("SELECT i AS v FROM range(2) t(i)");
  EXPECT_EQ(table("id"), "9223372036854775806\n9223372036854775807\n");
  EXPECT_EQ(code("SELECT 1::BIGINT AS v"), "DELTA_IDENTITY_OVERFLOW");
}

TEST_F(IdentityTest, DeletesAndMaintenanceKeepTheValues) {
  for (const char* const vectors : {"true", "false"}) {
    fs::remove_all(folder_);
    create({identity("id", 3, 3)}, {{"delta.enableDeletionVectors", vectors},
                                    {"delta.enableChangeDataFeed", "true"},
                                    {"delta.columnMapping.mode", "name"}});
    for (int i = 0; i < 3; ++i) write("SELECT i AS v FROM range(4) t(i) ORDER BY i");
    delete_rows(database_, connection_, {.location = options_.location, .where = "v = 1"});
    const std::string before = table();
    optimize_table(database_, {.location = options_.location});
    EXPECT_EQ(table(), before);
    EXPECT_EQ(table("id % 3, v >= 0"), rows("SELECT 0, true FROM range(9)"));
    EXPECT_EQ(mark(), 36);
    options_.mode = WriteMode::kOverwrite;
    options_.replace_where = "v = 0 OR id > 36";
    write("SELECT 9::BIGINT AS v");
    EXPECT_EQ(table("max(id), count(*), count(DISTINCT id)"), "39|7|7\n");
    options_.mode = WriteMode::kAppend;
    options_.replace_where = std::nullopt;
  }
}

TEST_F(IdentityTest, AnOverwriteWithTheColumnsThatAreGivenKeepsTheOthers) {
  delta::StructField twice{.name = "twice",
                           .type = delta::DataType::primitive(delta::TypeKind::kLong),
                           .metadata = {{"delta.generationExpression", "v * 2"}}};
  create({identity("id", 1, 1), std::move(twice)});
  options_.mode = WriteMode::kOverwrite;
  options_.overwrite_schema = true;
  write("SELECT 7::BIGINT AS v");
  write("SELECT 8::BIGINT AS v");
  EXPECT_EQ(table(), "2|16|8\n");
  write("SELECT 'x' AS other");
  EXPECT_EQ(table(), "x\n");
}

TEST_F(IdentityTest, ConcurrentWritesThatLoseGenerateAnew) {
  create({identity("id", 1, 1)});
  options_.max_retries = 1000;
  const auto write_ten = [&] {
    Connection connection(database_);
    for (int i = 0; i < 10; ++i) {
      write_table(database_, connection, "SELECT i AS v FROM range(10) t(i)", {}, options_);
    }
  };
  std::thread other(write_ten);
  write_ten();
  other.join();
  EXPECT_EQ(table("count(*), count(DISTINCT id), max(id)"), "200|200|200\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 21);  // 20 files and the log
}

TEST_F(IdentityTest, AWriteInStepsIsRefusedWhenItsValuesAreTaken) {
  create({identity("id", 1, 1)});
  TableWriter first(database_, options_,
                    {{{"v", delta::DataType::primitive(delta::TypeKind::kLong)}}});
  first.write(connection_, "SELECT 1::BIGINT AS v", {});
  write("SELECT 2::BIGINT AS v");
  try {
    first.commit();
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_COMMIT_CONFLICT");
    EXPECT_EQ(error.details().at("conflict"), "MetadataChanged");
  }
  EXPECT_EQ(table(), "1|2\n");
}

}  // namespace
}  // namespace duck
