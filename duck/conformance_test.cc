// Every Delta table of ../shared/conformance, read by delta_scan and compared with the rows that
// Spark reads from it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/shared_data.h"
#include "duck/database.h"
#include "duck/scan_counts.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

// Those that are known. Whatever else is in the folder is tried too.
const std::set<std::string> kTables = {
    "golden/125-iterator-bug",
    "golden/basic-decimal-table-legacy",
    "golden/basic-with-inserts-deletes-checkpoint",
    "golden/basic-with-inserts-merge",
    "golden/basic-with-inserts-overwrite-restore",
    "golden/basic-with-vacuum-protocol-check-feature",
    "golden/canonicalized-paths-normal-a",
    "golden/canonicalized-paths-special-b",
    "golden/corrupted-last-checkpoint-kernel",
    "golden/data-reader-date-types-America",
    "golden/data-reader-date-types-Jst",
    "golden/data-reader-date-types-Pst",
    "golden/data-reader-escaped-chars",
    "golden/data-reader-nested-struct",
    "golden/data-reader-primitives",
    "golden/data-reader-timestamp_ntz",
    "golden/data-reader-timestamp_ntz-id-mode",
    "golden/data-skipping-basic-stats-all-types-checkpoint",
    "golden/data-skipping-partition-and-data-column",
    "golden/deltalog-getChanges",
    "golden/deltalog-state-reconstruction-from-checkpoint-missing-metadata",
    "golden/deltalog-state-reconstruction-without-protocol",
    "golden/dv-partitioned-with-checkpoint",
    "golden/dv-with-columnmapping",
    "golden/kernel-timestamp-timestamp_micros",
    "golden/log-replay-dv-key-cases",
    "golden/log-replay-latest-metadata-protocol",
    "golden/log-replay-special-characters-a",
    "golden/multi-part-checkpoint",
    "golden/parquet-all-types",
    "golden/parquet-all-types-legacy-format",
    "golden/snapshot-data1",
    "golden/snapshot-data2",
    "golden/snapshot-repartitioned",
    "golden/table-with-columnmapping-mode-id",
    "golden/time-travel-schema-changes-a",
    "golden/time-travel-start",
    "golden/time-travel-start-start20-start40",
    "golden/v2-checkpoint-json",
    "kernel/app-txn-checkpoint",
    "kernel/basic_partitioned",
    "kernel/cdf-column-mapping-name-mode",
    "kernel/cdf-table-backtick-column-names",
    "kernel/cdf-table-delete-conditional-two-rows",
    "kernel/cdf-table-partitioned",
    "kernel/cdf-table-simple",
    "kernel/cdf-table-update-ops",
    "kernel/cdf-table-with-cdc-and-dvs",
    "kernel/cdf-table-with-dv",
    "kernel/data-reader-timestamp_ntz",
    "kernel/parquet_row_group_skipping",
    "kernel/partition_cm__id",
    "kernel/table-with-dv-small",
    "kernel/v1-single-part-struct-stats-only",
    "kernel/v2-classic-checkpoint-parquet",
    "kernel/v2-classic-parquet-struct-stats-only",
};

// Those of which no condition leaves out a file: they have neither partitions nor statistics of
// columns, or no files at all.
const std::set<std::string> kTablesWithNothingToLeaveOut = {
    "golden/125-iterator-bug",
    "golden/data-reader-date-types-America",
    "golden/data-reader-date-types-Jst",
    "golden/data-reader-date-types-Pst",
    "golden/data-reader-nested-struct",
    "golden/data-reader-primitives",
    "golden/deltalog-getChanges",
    "golden/log-replay-special-characters-a",
    "golden/snapshot-data1",
    "golden/snapshot-data2",
    "golden/snapshot-repartitioned",
    "golden/time-travel-schema-changes-a",
    "golden/time-travel-start",
    "golden/time-travel-start-start20-start40",
    "kernel/cdf-table-simple",
    "kernel/parquet_row_group_skipping",
    "kernel/partition_cm__id",
};

// What the fault of a table without rows is called; of another one, any of the library's names.
const std::map<std::string, std::string> kFaults = {
    {"golden/deltalog-state-reconstruction-from-checkpoint-missing-metadata", "DELTA_LOG_CORRUPT"},
    {"golden/deltalog-state-reconstruction-without-protocol", "DELTA_LOG_CORRUPT"},
};

// The cases by their names in the folder.
std::vector<std::string> cases() {
  std::vector<std::string> names;
  const auto shared = base::shared_data_dir();
  if (!shared) return names;
  for (const char* source : {"golden", "kernel"}) {
    const fs::path folder = *shared / "conformance" / source;
    if (!fs::exists(folder)) continue;
    for (const auto& entry : fs::directory_iterator(folder)) {
      names.push_back(std::string(source) + "/" + entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Those with a change feed.
std::vector<std::string> cases_with_changes() {
  std::vector<std::string> names = cases();
  std::erase_if(names, [](const std::string& name) {
    return !fs::exists(*base::shared_data_dir() / "conformance" / name / "expected_cdf");
  });
  return names;
}

// A column's value as comparable text. Zones do not count: all times are UTC here.
std::string comparable(const ResultColumn& column) {
  const std::string name = quote_identifier(column.name);
  if (column.duckdb_type == "TIMESTAMP WITH TIME ZONE") return name + "::TIMESTAMP::VARCHAR";
  return "regexp_replace(" + name + "::VARCHAR, '\\+00', '', 'g')";
}

std::string comparable_rows(const std::vector<ResultColumn>& columns, const std::string& source) {
  std::string list;
  for (const ResultColumn& column : columns) {
    if (!list.empty()) list += ", ";
    list += comparable(column);
  }
  return "SELECT " + list + " FROM " + source;
}

void sort_by_name(std::vector<ResultColumn>& columns) {
  std::sort(
      columns.begin(), columns.end(),
      [](const ResultColumn& left, const ResultColumn& right) { return left.name < right.name; });
}

// "name type" of each column, nested names and types too. Zones do not count here either.
std::vector<std::string> types_of(const std::vector<ResultColumn>& columns) {
  std::vector<std::string> types;
  for (const ResultColumn& column : columns) {
    types.push_back(column.name + " " +
                    std::regex_replace(column.duckdb_type, std::regex(" WITH TIME ZONE"), ""));
  }
  return types;
}

class Conformance : public testing::TestWithParam<std::string> {
 protected:
  fs::path folder() const { return *base::shared_data_dir() / "conformance" / GetParam(); }
  std::string scan() const {
    return "delta_scan(" + quote_string((folder() / "delta").string()) + ")";
  }
  std::string expected() const {
    return "read_parquet(" + quote_string((folder() / "expected" / "*.parquet").string()) +
           ", hive_partitioning = false)";
  }

  std::int64_t count(const std::string& query) {
    const auto rows = connection_.query("SELECT count(*) FROM (" + query + ")");
    return std::get<std::int64_t>(rows.rows.at(0).at(0));
  }

  // How many rows of `left` have no partner in `right`, up to a few of them in the message.
  std::string missing(const std::string& left, const std::string& right) {
    const std::string difference = "(" + left + ") EXCEPT ALL (" + right + ")";
    const std::int64_t rows = count(difference);
    if (rows == 0) return "";
    std::string text = std::to_string(rows) + " rows, such as";
    for (const auto& row : connection_.query(difference + " LIMIT 3").rows) {
      text += "\n ";
      for (const delta::Value& value : row) {
        text += " | " + (delta::is_null(value) ? "NULL" : std::get<std::string>(value));
      }
    }
    return text;
  }

  // The columns that can be read with the condition. DuckDB 1.5.5 fails with "Out of buffer" on
  // texts and binary values in PLAIN pages beside a nested value that IS DISTINCT FROM another one,
  // where some of them are NULL; so it does on the Parquet files themselves.
  static std::vector<ResultColumn> columns_beside(const std::string& condition,
                                                  std::vector<ResultColumn> columns) {
    static const std::regex unreadable(R"( IS DISTINCT FROM '.*'::((STRUCT|MAP)\(.*|.*\[\])$)");
    if (!std::regex_search(condition, unreadable)) return columns;
    std::erase_if(columns, [](const ResultColumn& column) {
      return column.duckdb_type == "VARCHAR" || column.duckdb_type == "BLOB";
    });
    return columns;
  }

  // SQL for a text that is the same for the same rows in any order: their count, and the sum of
  // their hashes.
  static std::string digest_of_rows(const std::vector<ResultColumn>& columns,
                                    const std::string& filter = "") {
    std::string names;
    for (const ResultColumn& column : columns) {
      if (!names.empty()) names += ", ";
      names += quote_identifier(column.name);
    }
    return "concat(count(*)" + filter + ", ' rows, ', sum(hash(" + names + "))" + filter + ")";
  }

  // By the scan of the table at `location` in the last query.
  std::int64_t files_left_out(const std::string& location) {
    const auto counts = scan_counts(connection_.last_profile(), location);
    if (!counts) return 0;
    return counts->pruned_by_partition + counts->pruned_by_statistics;
  }

  // Comparisons with values that the column of `whole` holds, and tests for NULL; those of a
  // struct's fields, too.
  std::vector<std::string> conditions_on(const ResultColumn& column) {
    std::vector<std::string> conditions;
    add_conditions(quote_identifier(column.name), column.duckdb_type, conditions);
    if (column.delta_type) add_conditions_on_fields(column, conditions);
    return conditions;
  }

  void add_conditions_on_fields(const ResultColumn& column, std::vector<std::string>& conditions) {
    std::vector<std::pair<std::string, delta::DataType>> structs = {
        {quote_identifier(column.name), *column.delta_type}};
    while (!structs.empty()) {
      const auto [name, type] = structs.back();
      structs.pop_back();
      if (type.kind() != delta::TypeKind::kStruct) continue;
      for (const delta::StructField& field : type.fields()) {
        const std::string path = name + "." + quote_identifier(field.name);
        const auto described = connection_.describe("SELECT " + path + " FROM whole");
        add_conditions(path, described.at(0).duckdb_type, conditions);
        structs.emplace_back(path, field.type);
      }
    }
  }

  void add_conditions(const std::string& name, const std::string& type,
                      std::vector<std::string>& conditions) {
    conditions.push_back(name + " IS NULL");
    conditions.push_back(name + " IS NOT NULL");
    for (const std::string value : {"min(", "max(", "any_value("}) {
      const std::optional<std::string> constant = constant_of(type, value + name + ")");
      if (!constant) continue;
      for (const char* const compare : {" = ", " <> ", " < ", " >= ", " IS DISTINCT FROM "}) {
        conditions.push_back(name + compare + *constant);
      }
    }
  }

  // An aggregate's value as SQL; nothing when it is NULL or the type has no order.
  std::optional<std::string> constant_of(const std::string& type, const std::string& aggregate) {
    try {
      const auto rows = connection_.query("SELECT " + aggregate + "::VARCHAR FROM whole").rows;
      if (delta::is_null(rows.at(0).at(0))) return std::nullopt;
      return quote_string(std::get<std::string>(rows[0][0])) + "::" + type;
    } catch (const base::Error&) {
      return std::nullopt;
    }
  }

  Database database_{DatabaseConfig{.threads = 2}};
  Connection connection_{database_};
};

TEST_P(Conformance, ReadsAsSparkDoes) {
  if (!fs::exists(folder() / "expected")) {
    if (GetParam().find("canonicalized-paths-") != std::string::npos) {
      // The add and the remove spell one file in two ways.
      EXPECT_EQ(count("FROM " + scan()), 0);
      return;
    }
    try {
      count("FROM " + scan());
      FAIL() << "the table was read";
    } catch (const base::Error& error) {
      const auto known = kFaults.find(GetParam());
      EXPECT_TRUE(error.code().starts_with("DELTA_")) << error.code() << ": " << error.message();
      if (known != kFaults.end()) {
        EXPECT_EQ(error.code(), known->second) << error.message();
      }
    }
    return;
  }
  auto columns = connection_.describe("FROM " + scan());
  auto expected_columns = connection_.describe("FROM " + expected());
  sort_by_name(columns);
  sort_by_name(expected_columns);
  ASSERT_EQ(types_of(columns), types_of(expected_columns));
  const std::string actual_rows = comparable_rows(columns, scan());
  const std::string expected_rows = comparable_rows(expected_columns, expected());
  EXPECT_EQ(missing(expected_rows, actual_rows), "") << "not read";
  EXPECT_EQ(missing(actual_rows, expected_rows), "") << "read too much";
  EXPECT_EQ(count("FROM " + scan()), count("FROM " + expected()));
}

// For each column: a condition selects the same rows, whether the scan knows of it and leaves out
// files and row groups, or not.
TEST_P(Conformance, LeavingOutFilesChangesNoAnswer) {
  if (!fs::exists(folder() / "expected")) GTEST_SKIP() << "nothing to read";
  connection_.execute("CREATE TABLE whole AS FROM " + scan());
  connection_.set_profiling(true);
  const std::vector<ResultColumn> columns = connection_.describe("FROM whole");
  const std::string location =
      database_.snapshot((folder() / "delta").string(), std::nullopt)->location();
  std::int64_t left_out = 0;
  for (const ResultColumn& column : columns) {
    const std::vector<std::string> conditions = conditions_on(column);
    std::string digests;
    for (const std::string& condition : conditions) {
      digests +=
          digest_of_rows(columns_beside(condition, columns), " FILTER (WHERE " + condition + ")") +
          ", ";
    }
    const auto expected = connection_.query("SELECT " + digests + "0 FROM whole").rows.at(0);
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      const std::vector<ResultColumn> compared = columns_beside(conditions[i], columns);
      const std::string where = " WHERE " + conditions[i];
      const auto found =
          connection_.query("SELECT " + digest_of_rows(compared) + " FROM " + scan() + where);
      left_out += files_left_out(location);
      const std::string expected_rows = comparable_rows(compared, "whole" + where);
      const std::string found_rows = comparable_rows(compared, scan() + where);
      EXPECT_EQ(std::get<std::string>(found.rows.at(0).at(0)), std::get<std::string>(expected[i]))
          << conditions[i] << "\nnot found: " << missing(expected_rows, found_rows)
          << "\nfound besides: " << missing(found_rows, expected_rows);
    }
  }
  if (kTables.contains(GetParam())) {
    EXPECT_EQ(left_out == 0, kTablesWithNothingToLeaveOut.contains(GetParam())) << left_out;
  }
}

TEST(ConformanceFolder, HasTheTablesThatAreKnown) {
  if (!base::shared_data_dir()) GTEST_SKIP() << "there is no ../shared";
  const std::vector<std::string> there = cases();
  EXPECT_EQ(kTables.size(), 56u);
  for (const std::string& name : kTables) {
    EXPECT_NE(std::find(there.begin(), there.end(), name), there.end()) << name;
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

// The feed from version 0 on. What was expected there lacks the commits' times.
class ChangesConformance : public Conformance {};

TEST_P(ChangesConformance, HasTheChangesThatSparkReads) {
  const std::string expected = "read_parquet(" +
                               quote_string((folder() / "expected_cdf" / "*.parquet").string()) +
                               ", hive_partitioning = false)";
  const std::string changes = "(SELECT * EXCLUDE (_commit_timestamp) FROM delta_changes(" +
                              quote_string((folder() / "delta").string()) + ", 0))";
  auto columns = connection_.describe("FROM " + changes);
  auto expected_columns = connection_.describe("FROM " + expected);
  sort_by_name(columns);
  sort_by_name(expected_columns);
  ASSERT_EQ(types_of(columns), types_of(expected_columns));
  const std::string actual_rows = comparable_rows(columns, changes);
  const std::string expected_rows = comparable_rows(expected_columns, expected);
  EXPECT_EQ(missing(expected_rows, actual_rows), "") << "not read";
  EXPECT_EQ(missing(actual_rows, expected_rows), "") << "read too much";
  EXPECT_GT(count("FROM " + changes), 0);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Conformance);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ChangesConformance);
INSTANTIATE_TEST_SUITE_P(Tables, ChangesConformance, testing::ValuesIn(cases_with_changes()),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Tables, Conformance, testing::ValuesIn(cases()), test_name);

}  // namespace
}  // namespace duck
