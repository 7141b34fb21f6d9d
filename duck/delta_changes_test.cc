#include "duck/delta_changes.h"

#include "base/error.h"
#include "delta/deletion_vector_writer.h"
#include "duck/hand_made_table.h"
#include "duck/scan_test_base.h"

namespace duck {
namespace {

constexpr const char* kOneColumn = "SELECT 1::BIGINT AS i";

class DeltaChanges : public ScanTest {
 protected:
  std::string changes(const std::string& range) const {
    return "delta_changes(" + quote_string(table_.location()) + ", " + range + ")";
  }
  std::string changed_rows(const std::string& range) {
    return rows("SELECT * EXCLUDE (_commit_timestamp) FROM " + changes(range) + " ORDER BY ALL");
  }
  delta::Metadata metadata(const std::string& schema_query,
                           std::vector<std::string> partition_columns = {}) const {
    return table_.metadata(table_.schema_of(schema_query), std::move(partition_columns),
                           {{"delta.enableChangeDataFeed", "true"}});
  }
  static delta::RemoveFile removed(const delta::AddFile& file) {
    delta::RemoveFile remove;
    remove.path = file.path;
    remove.partition_values = file.partition_values;
    remove.deletion_vector = file.deletion_vector;
    return remove;
  }
  static delta::AddCdcFile change_file(const delta::AddFile& file) {
    return {.path = file.path, .partition_values = file.partition_values, .size = file.size};
  }
  static delta::AddFile with_deleted(delta::AddFile file, std::vector<std::uint64_t> rows) {
    delta::DeletionVectorWriter writer(delta::memory_store(), "/");
    file.deletion_vector = writer.add(delta::DeletionVector::of(rows));
    return file;
  }
  // Version 0 is of 2020-09-13T12:26:40Z, version 1 of one second later.
  void date_commits() const {
    for (int version = 0; version < 2; ++version) {
      const std::chrono::sys_seconds time{std::chrono::seconds(1'600'000'000 + version)};
      std::filesystem::last_write_time(
          table_.location() + "/_delta_log/0000000000000000000" + std::to_string(version) + ".json",
          std::chrono::file_clock::from_sys(time));
    }
  }
  base::Error error(const std::string& query) {
    try {
      rows(query);
    } catch (const base::Error& caught) {
      return caught;
    }
    return base::Error(base::Stage::kRuntime, "NONE", "no error");
  }

  HandMadeTable table_{connection_, "changes"};
};

TEST_F(DeltaChanges, AreTheRowsOfAddedAndRemovedFiles) {
  const delta::AddFile file = table_.file("SELECT range AS i FROM range(3)");
  table_.commit({HandMadeTable::protocol(), metadata(kOneColumn)});
  table_.commit({file});
  table_.commit({removed(file), table_.file("SELECT 7::BIGINT AS i")});
  EXPECT_EQ(changed_rows("0"),
            "0|delete|2\n0|insert|1\n1|delete|2\n1|insert|1\n2|delete|2\n2|insert|1\n"
            "7|insert|2\n");
  EXPECT_EQ(changed_rows("2"), "0|delete|2\n1|delete|2\n2|delete|2\n7|insert|2\n");
  EXPECT_EQ(changed_rows("0, 1"), "0|insert|1\n1|insert|1\n2|insert|1\n");
  EXPECT_EQ(changed_rows("from_version := 0, to_version := 1"),
            "0|insert|1\n1|insert|1\n2|insert|1\n");
  EXPECT_EQ(changed_rows("0, 0"), "");
}

TEST_F(DeltaChanges, HaveColumnsOfTheirOwn) {
  table_.commit({HandMadeTable::protocol(), metadata(kOneColumn)});
  EXPECT_EQ(rows("SELECT column_name, column_type FROM (DESCRIBE FROM " + changes("0") + ")"),
            "i|BIGINT\n_change_type|VARCHAR\n_commit_version|BIGINT\n"
            "_commit_timestamp|TIMESTAMP WITH TIME ZONE\n");
}

TEST_F(DeltaChanges, ComeFromChangeDataFilesWhereACommitHasThem) {
  table_.commit({HandMadeTable::protocol(), metadata("SELECT 1::BIGINT AS i, 'x' AS p", {"p"})});
  table_.commit({table_.file("SELECT 9::BIGINT AS i", {}, {{"p", "a"}}),
                 change_file(table_.file("SELECT * FROM (VALUES (1::BIGINT, 'update_preimage'), "
                                         "(2, 'update_postimage')) AS t(i, _change_type)",
                                         {}, {{"p", "a"}}))});
  EXPECT_EQ(changed_rows("1"), "1|a|update_preimage|1\n2|a|update_postimage|1\n");
  EXPECT_EQ(rows("SELECT i FROM " + changes("0") + " WHERE _change_type = 'update_postimage'"),
            "2\n");
  EXPECT_EQ(count("FROM " + changes("0")), 2);
}

TEST_F(DeltaChanges, AreNotReadFromFilesOfAnotherSize) {
  delta::AddFile added = table_.file("SELECT range AS i FROM range(3)");
  delta::AddFile changed = table_.file("SELECT 9::BIGINT AS i, 'insert' AS _change_type");
  ++added.size;
  ++changed.size;
  const delta::RemoveFile without_size = removed(added);
  delta::RemoveFile with_size = without_size;
  with_size.size = added.size;
  table_.commit({HandMadeTable::protocol(), metadata(kOneColumn)});
  table_.commit({added});
  table_.commit({change_file(changed)});
  table_.commit({with_size});
  table_.commit({without_size});
  for (const char* const version : {"1, 1", "2, 2", "3, 3"}) {
    EXPECT_EQ(error("FROM " + changes(version)).code(), "DELTA_DATA_FILE_UNREADABLE") << version;
  }
  EXPECT_EQ(count("FROM " + changes("4, 4")), 3);
}

TEST_F(DeltaChanges, AreTheRowsBetweenTwoDeletionVectors) {
  const delta::AddFile file = table_.file("SELECT range AS i FROM range(10000)");
  const delta::AddFile once = with_deleted(file, {1, 5000});
  const delta::AddFile twice = with_deleted(file, {1, 2, 9999});
  table_.commit({HandMadeTable::protocol({"deletionVectors"}), metadata(kOneColumn)});
  table_.commit({file});
  table_.commit({removed(file), once});
  table_.commit({removed(once), twice});
  table_.commit({removed(twice), file});
  EXPECT_EQ(changed_rows("2, 2"), "1|delete|2\n5000|delete|2\n");
  EXPECT_EQ(changed_rows("3, 3"), "2|delete|3\n5000|insert|3\n9999|delete|3\n");
  EXPECT_EQ(changed_rows("4"), "1|insert|4\n2|insert|4\n9999|insert|4\n");
  EXPECT_EQ(count("FROM " + changes("0")), 10000 + 2 + 3 + 3);
  EXPECT_EQ(rows("SELECT _change_type FROM " + changes("2") + " WHERE i = 5000 ORDER BY 1"),
            "delete\ninsert\n");
}

TEST_F(DeltaChanges, ShowOldRowsWithAddedColumns) {
  table_.commit({HandMadeTable::protocol(), metadata(kOneColumn)});
  table_.commit({table_.file("SELECT 1::BIGINT AS i")});
  table_.commit({metadata("SELECT 1::BIGINT AS i, 'x' AS s"),
                 table_.file("SELECT 2::BIGINT AS i, 'b' AS s")});
  EXPECT_EQ(changed_rows("0"), "1|NULL|insert|1\n2|b|insert|2\n");
}

TEST_F(DeltaChanges, AreRefusedWhereTheFeedIsNotEnabled) {
  table_.commit({HandMadeTable::protocol(), table_.metadata(table_.schema_of(kOneColumn))});
  EXPECT_EQ(error("FROM " + changes("0")).code(), "DELTA_CHANGES_NOT_RECORDED");
}

TEST_F(DeltaChanges, HaveTheTimeOfTheirCommit) {
  table_.commit({HandMadeTable::protocol(), metadata(kOneColumn)});
  table_.commit({table_.file("SELECT 1::BIGINT AS i")});
  date_commits();
  EXPECT_EQ(rows("SELECT _commit_timestamp FROM " + changes("0")), "2020-09-13 12:26:41+00\n");
  EXPECT_EQ(count("FROM " + changes("from_timestamp := '2020-09-13T12:26:41Z'")), 1);
  EXPECT_EQ(count("FROM " + changes("0, to_timestamp := '2020-09-13 12:26:40.5+00'")), 0);
  EXPECT_EQ(error("FROM " + changes("from_timestamp := '2021-01-01T00:00:00Z'")).code(),
            "DELTA_TIMESTAMP_NOT_FOUND");
}

TEST_F(DeltaChanges, AnEarlierTableIsReadByTimestamp) {
  table_.commit({HandMadeTable::protocol(), metadata(kOneColumn)});
  table_.commit({table_.file("SELECT 1::BIGINT AS i")});
  date_commits();
  const auto as_of = [&](const std::string& time) {
    return "FROM delta_scan(" + quote_string(table_.location()) + ", timestamp = " + time + ")";
  };
  EXPECT_EQ(count(as_of("'2020-09-13T12:26:40Z'")), 0);
  EXPECT_EQ(count(as_of("TIMESTAMPTZ '2020-09-13 14:26:41+02'")), 1);
  EXPECT_EQ(error(as_of("'2020-09-13T12:26:39Z'")).code(), "DELTA_TIMESTAMP_NOT_FOUND");
  EXPECT_EQ(error(as_of("'2020-09-13T12:26:42Z'")).code(), "DELTA_TIMESTAMP_NOT_FOUND");
  EXPECT_EQ(error(as_of("'yesterday'")).code(), "SQL_INVALID");
  EXPECT_EQ(error(as_of("'2020-09-13T12:26:40Z', version := 1")).code(), "SQL_INVALID");
}

}  // namespace
}  // namespace duck
