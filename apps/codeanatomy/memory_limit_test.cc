// What reads, sorts and writes many rows keeps to a memory limit far below what they take up.
#include "apps/codeanatomy/program_test_base.h"

namespace apps {
namespace {

class MemoryLimitTest : public ProgramTest {
 protected:
  static constexpr std::int64_t kMiB = 1 << 20;
  // 366 MiB in memory, 64 bytes a row; half of it text that repeats nothing.
  static constexpr std::int64_t kRows = 6'000'000;
  // The program takes some 50 MiB by itself; its allocator does not give back all at once.
  static constexpr std::int64_t kPeak = 300 * kMiB;

  // Runs a command of the program in 96 MiB; says what it printed.
  std::string in_little_memory(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(),
                     {"--memory-limit", "96MiB", "--threads", "2", "--temp-directory", "spilled"});
    const std::string command = arguments[0] + " " + arguments[1];
    const ProgramResult result = run(std::move(arguments));
    EXPECT_EQ(result.status, 0) << command << ": " << result.err;
    EXPECT_LT(result.peak_memory_bytes, kPeak) << command;
    RecordProperty("peak MiB of " + command, std::to_string(result.peak_memory_bytes / kMiB));
    return result.out;
  }

  // The table t, in files of about 16 MiB.
  void make_table() const {
    const ProgramResult made =
        run({"sql",
             "SELECT i AS id, hash(i) % 1000 AS k, md5(i::VARCHAR) AS text FROM range(" +
                 std::to_string(kRows) + ") r(i)",
             "--format", "parquet", "-o", "rows.parquet", "--threads", "2"});
    ASSERT_EQ(made.status, 0) << made.err;
    in_little_memory({"delta", "write", "t", "--from", "rows.parquet", "--property",
                      "delta.targetFileSize=16777216"});
    std::filesystem::remove(folder_ / "rows.parquet");
  }

  // One number for all rows, in whatever order.
  std::string digest(const std::string& condition = "true") const {
    return rows(
               "SELECT count(*) AS n, sum(hash(id, k, text) >> 32) AS digest "
               "FROM delta_scan('t') WHERE " +
               condition)
        .at(0)
        .dump();
  }
};

TEST_F(MemoryLimitTest, TablesAreWrittenOptimizedAndClustered) {
  make_table();
  const std::string before = digest();
  EXPECT_TRUE(before.find("\"n\":" + std::to_string(kRows)) != std::string::npos) << before;

  in_little_memory({"delta", "optimize", "t", "--target-size", "512MiB"});
  EXPECT_EQ(digest(), before);
  in_little_memory({"delta", "optimize", "t", "--target-size", "16MiB", "--zorder", "k,text"});
  EXPECT_EQ(digest(), before);
}

TEST_F(MemoryLimitTest, TooLowALimitSaysWhatIsEnough) {
  make_table();
  const ProgramResult result = run({"delta", "optimize", "t", "--target-size", "512MiB",
                                    "--memory-limit", "4MiB", "--threads", "1"});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(result.err.starts_with("error[OUT_OF_MEMORY] runtime: ")) << result.err;
  EXPECT_TRUE(result.err.ends_with(" is enough\n")) << result.err;
}

TEST_F(MemoryLimitTest, RowsComeOutInEveryFormat) {
  make_table();
  for (const std::string file : {"rows.csv", "rows.jsonl", "rows.parquet"}) {
    in_little_memory({"delta", "scan", "t", "-o", file});
    EXPECT_EQ(rows("SELECT count(*) AS n, sum(id) AS ids FROM '" + file + "'").at(0),
              Json::parse(R"({"n":6000000,"ids":17999997000000})"));
  }
}

TEST_F(MemoryLimitTest, RowsAreDeletedByCopyingTheOthers) {
  make_table();
  const std::string kept = digest("id % 3 > 0");
  in_little_memory({"delta", "delete", "t", "--where", "id % 3 = 0"});
  EXPECT_EQ(digest(), kept);
}

TEST_F(MemoryLimitTest, ARunWritesAnOutput) {
  make_table();
  Json specification = spec();
  specification["input_relations"] = {{{"logical_name", "t"}, {"delta_location", "t"}}};
  specification["view_definitions"] = Json::array(
      {view("even", {{"kind", "Filter"}, {"source", "t"}, {"predicate", "id % 2 = 0"}})});
  specification["output_targets"] = Json::array({output("even")});
  write("spec.json", specification.dump());
  in_little_memory({"run", "spec.json"});
  EXPECT_EQ(rows("SELECT count(*) AS n FROM delta_scan('out/even')").at(0).at("n"), kRows / 2);
}

}  // namespace
}  // namespace apps
