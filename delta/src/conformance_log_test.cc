// Tables that Spark and Databricks made, as far as their logs alone tell: ../shared/conformance.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/shared_data.h"
#include "delta/column_mapping.h"
#include "delta/snapshot.h"
#include "delta/src/commit_reader.h"
#include "delta/src/log_path.h"
#include "delta/statistics.h"

namespace delta {
namespace {

namespace fs = std::filesystem;

// Features that the library does not read (yet): such a table must be refused for one of them.
bool is_supported(const std::exception& error) {
  const auto* const fault = dynamic_cast<const base::Error*>(&error);
  return !fault || fault->code() != "DELTA_UNSUPPORTED_FEATURE";
}

class ConformanceLogTest : public testing::TestWithParam<std::string> {
 protected:
  fs::path table() const { return *base::shared_data_dir() / "conformance" / GetParam() / "delta"; }
  bool has_expected_rows() const { return fs::exists(table().parent_path() / "expected"); }
};

bool needs_parquet(const fs::path& table) {
  for (const auto& entry : fs::directory_iterator(table / "_delta_log")) {
    const auto name = parse_log_file_name(entry.path().filename().string());
    if (name && name->kind != LogFileKind::kCommit && name->kind != LogFileKind::kCompaction) {
      return true;
    }
  }
  return false;
}

// Those without checkpoints.
std::vector<std::string> conformance_tables() {
  std::vector<std::string> names;
  const auto shared = base::shared_data_dir();
  if (!shared || !fs::exists(*shared / "conformance")) return names;
  for (const char* group : {"golden", "kernel"}) {
    for (const auto& entry : fs::directory_iterator(*shared / "conformance" / group)) {
      const fs::path table = entry.path() / "delta";
      if (fs::exists(table) && !needs_parquet(table)) {
        names.push_back(std::string(group) + "/" + entry.path().filename().string());
      }
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST_P(ConformanceLogTest, HasFilesThatAreThere) {
  try {
    const auto snapshot = Snapshot::load(local_store(), nullptr, table().string());
    EXPECT_TRUE(has_expected_rows() || GetParam().find("canonicalized-paths") != std::string::npos)
        << "must be refused";
    if (GetParam().find("canonicalized-paths") != std::string::npos) {
      EXPECT_TRUE(snapshot->files().empty());
    }
    EXPECT_EQ(parse_schema(to_json(snapshot->schema())), snapshot->schema());
    const ColumnMapping mapping = column_mapping(snapshot->protocol(), snapshot->metadata());
    for (const AddFile& file : snapshot->files()) {
      const std::string path = snapshot->data_path(file);
      ASSERT_TRUE(fs::exists(path)) << path;
      EXPECT_EQ(static_cast<std::int64_t>(fs::file_size(path)), file.size) << path;
      if (file.stats) {
        EXPECT_GE(parse_statistics(*file.stats, snapshot->schema(), mapping).num_records, 0);
      }
      for (const std::string& name : snapshot->metadata().partition_columns) {
        const StructField& field = *snapshot->schema().find(name);
        parse_partition_value(file.partition_values.at(physical_name(field, mapping)), field.type);
      }
    }
  } catch (const base::Error& error) {
    if (!is_supported(error)) GTEST_SKIP() << error.message();
    EXPECT_FALSE(has_expected_rows()) << error.message();
    EXPECT_EQ(error.code(), "DELTA_LOG_CORRUPT") << error.message();
  }
}

// Every version's live files by the plainest of replays: all adds and removes in order.
TEST_P(ConformanceLogTest, ReplaysEveryVersionAsAPlainReplayDoes) {
  struct PlainReplay final : ActionSink {
    void on_add(AddFile&& add) override { adds.insert(key(add.path, add.deletion_vector)); }
    void on_remove(RemoveFile&& remove) override {
      removes.insert(key(remove.path, remove.deletion_vector));
    }
    static std::string key(const std::string& path,
                           const std::optional<DeletionVectorDescriptor>& vector) {
      return path + (vector ? " " + vector->unique_id() : "");
    }
    std::set<std::string> adds;
    std::set<std::string> removes;
  };
  std::set<std::string> live;
  for (std::int64_t version = 0; fs::exists(commit_path(table().string(), version)); ++version) {
    PlainReplay commit;
    const std::string path = commit_path(table().string(), version);
    CommitReader().read(local_store()->read(path), path, {.files = true}, commit);
    for (const std::string& removed : commit.removes) live.erase(removed);
    live.insert(commit.adds.begin(), commit.adds.end());
    try {
      const auto snapshot = Snapshot::load(local_store(), nullptr, table().string(), version);
      std::set<std::string> found;
      for (const AddFile& file : snapshot->files()) {
        found.insert(PlainReplay::key(file.path, file.deletion_vector));
      }
      EXPECT_EQ(found.size(), snapshot->files().size());
      if (GetParam().find("canonicalized-paths") == std::string::npos) {
        EXPECT_EQ(found, live);
      }
    } catch (const base::Error& error) {
      if (!is_supported(error)) GTEST_SKIP() << error.message();
      EXPECT_FALSE(has_expected_rows()) << error.message();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, ConformanceLogTest, testing::ValuesIn(conformance_tables()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](unsigned char c) { return !std::isalnum(c); }, '_');
                           return name;
                         });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConformanceLogTest);

}  // namespace
}  // namespace delta
