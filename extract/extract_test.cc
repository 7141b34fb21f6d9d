#include "extract/extract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "delta/value.h"
#include "duck/database.h"
#include "duck/sql_text.h"

namespace extract {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string shown(const delta::Value& value) {
  if (delta::is_null(value)) return "NULL";
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  return std::get<std::string>(value);
}

class Extract : public testing::Test {
 protected:
  Extract() : root_(fs::temp_directory_path() / ("extract_" + std::to_string(::getpid()))) {
    fs::create_directories(source());
  }
  ~Extract() override { fs::remove_all(root_); }

  fs::path source() const { return root_ / "source"; }
  fs::path output() const { return root_ / "output"; }

  void add(const std::string& path, const std::string& bytes) const {
    fs::create_directories((source() / path).parent_path());
    std::ofstream(source() / path, std::ios::binary) << bytes;
  }

  ExtractOptions options() const {
    return {.source_directory = source(), .output_directory = output().string(), .threads = 2};
  }

  ExtractResult run() const { return extract(options()); }

  static base::Error error_of(const ExtractOptions& options) {
    try {
      extract(options);
    } catch (const base::Error& error) {
      return error;
    }
    ADD_FAILURE() << "it did not fail";
    return {base::Stage::kRuntime, "", ""};
  }

  // Rows of a table as text, columns separated by '|', in order.
  std::vector<std::string> rows(const std::string& table, const std::string& columns) const {
    duck::Database database({.threads = 1});
    duck::Connection connection(database);
    const std::string location = duck::quote_string((output() / table).string());
    std::vector<std::string> lines;
    for (const auto& row :
         connection.query("SELECT " + columns + " FROM delta_scan(" + location + ") ORDER BY ALL")
             .rows) {
      std::string line;
      for (const delta::Value& value : row) line += (line.empty() ? "" : "|") + shown(value);
      lines.push_back(line);
    }
    return lines;
  }

  static std::vector<std::string> codes(const ExtractResult& result) {
    std::vector<std::string> codes;
    for (const ExtractWarning& warning : result.warnings) {
      codes.push_back(warning.code + ' ' + warning.path);
    }
    return codes;
  }

  fs::path root_;
};

constexpr const char* kTables[] = {"repo_files_v1",     "ts_nodes_v1", "ts_defs_v1",
                                   "ts_calls_v1",       "ts_refs_v1",  "ts_imports_v1",
                                   "ts_scope_decls_v1", "ts_errors_v1"};

TEST_F(Extract, WritesEightTablesOfOneVersion) {
  add("a.py", "import os\ndef f(x):\n  return os.getcwd()\n");
  const ExtractResult result = run();
  std::vector<std::string> names;
  for (const ExtractedTable& table : result.tables) {
    names.push_back(table.name);
    EXPECT_EQ(table.version, 0) << table.name;
    EXPECT_EQ(table.location, (output() / table.name).string());
  }
  EXPECT_THAT(names, testing::ElementsAreArray(kTables));
  EXPECT_EQ(result.tables[1].rows, 15);
  EXPECT_EQ(result.tables[7].rows, 0);
  EXPECT_THAT(rows("repo_files_v1", "path, size_bytes, line_count"), ElementsAre("a.py|41|3"));
  EXPECT_THAT(rows("ts_nodes_v1", "count(*), max(node_id), count(parent_id)"),
              ElementsAre("15|14|14"));
  EXPECT_THAT(rows("ts_defs_v1", "path, node_id, name, qname, def_kind, bstart, bend"),
              ElementsAre("a.py|4|f|f|function|10|40"));
  EXPECT_THAT(rows("ts_calls_v1", "node_id, callee"), ElementsAre("10|os.getcwd"));
  EXPECT_THAT(rows("ts_refs_v1", "name, ctx"), ElementsAre("os|load", "x|store"));
  EXPECT_THAT(rows("ts_imports_v1", "module, name, alias"), ElementsAre("os|NULL|NULL"));
  EXPECT_THAT(rows("ts_scope_decls_v1", "*"), IsEmpty());
  EXPECT_THAT(rows("ts_errors_v1", "*"), IsEmpty());
}

TEST_F(Extract, WritesTheNamesOfGlobalAndNonlocalStatements) {
  add("a.py", "def f():\n  global x, y\n");
  run();
  EXPECT_THAT(rows("ts_scope_decls_v1", "path, node_id, name, decl_kind, bstart, bend"),
              ElementsAre("a.py|6|x|global|18|19", "a.py|7|y|global|21|22"));
}

TEST_F(Extract, GivesAFileAnIdOfItsPathAndContent) {
  add("a.py", "x\n");
  run();
  EXPECT_THAT(rows("repo_files_v1", "file_id = stable_id_parts('file', path, sha256)"),
              ElementsAre("true"));
}

TEST_F(Extract, ReplacesTheTablesOfAFormerRun) {
  add("a.py", "old()\n");
  run();
  fs::remove(source() / "a.py");
  add("b.py", "new()\n");
  const ExtractResult second = run();
  EXPECT_EQ(second.tables[3].version, 1);
  EXPECT_THAT(rows("ts_calls_v1", "path, callee"), ElementsAre("b.py|new"));
}

TEST_F(Extract, ReplacesATableOfAnotherSchema) {
  add("a.py", "f()\n");
  run();
  fs::remove_all(output() / "ts_calls_v1");
  fs::rename(output() / "ts_refs_v1", output() / "ts_calls_v1");
  run();
  EXPECT_THAT(rows("ts_calls_v1", "path, callee"), ElementsAre("a.py|f"));
}

TEST_F(Extract, GivesTheSameRowsWithAnyNumberOfThreads) {
  for (int i = 0; i < 200; ++i) {
    const std::string n = std::to_string(i);
    add("d" + std::to_string(i % 7) + "/m" + n + ".py",
        "from .m import f" + n + "\nclass C" + n + ":\n  def m(self, a):\n    f" + n + "(a)\n");
  }
  std::map<int, std::vector<std::string>> contents;
  for (const int threads : {1, 4}) {
    ExtractOptions with_threads = options();
    with_threads.threads = threads;
    extract(with_threads);
    for (const char* table : kTables) {
      for (std::string& row : rows(table, "*")) contents[threads].push_back(std::move(row));
    }
  }
  EXPECT_GT(contents[1].size(), 4000U);
  EXPECT_EQ(contents[1], contents[4]);
}

TEST_F(Extract, WarnsAboutAFileThatIsNotUtf8) {
  add("bad.py", "x = '\xE9'\n");
  add("good.py", "x\n");
  EXPECT_THAT(codes(run()), ElementsAre("FILE_NOT_UTF8 bad.py"));
  EXPECT_THAT(rows("ts_errors_v1", "*"), ElementsAre("bad.py|NULL|0|8"));
  EXPECT_THAT(rows("repo_files_v1", "path"), ElementsAre("bad.py", "good.py"));
  EXPECT_THAT(rows("ts_refs_v1", "path"), ElementsAre("good.py"));
}

TEST_F(Extract, WarnsAboutAFileThatIsTooLarge) {
  add("large.py", "x = 1\n");
  add("small.py", "x\n");
  ExtractOptions small = options();
  small.max_file_bytes = 5;
  EXPECT_THAT(codes(extract(small)), ElementsAre("FILE_TOO_LARGE large.py"));
  EXPECT_THAT(rows("ts_errors_v1", "*"), ElementsAre("large.py|NULL|0|6"));
  EXPECT_THAT(rows("repo_files_v1", "path, size_bytes, line_count"),
              ElementsAre("large.py|6|1", "small.py|2|1"));
}

TEST_F(Extract, ReadsAFileOfFiftyMegabytesPiecewise) {
  add("large.py", std::string(50 << 20, '#'));
  EXPECT_THAT(codes(run()), ElementsAre("FILE_TOO_LARGE large.py"));
  EXPECT_THAT(rows("repo_files_v1", "size_bytes"), ElementsAre(std::to_string(50 << 20)));
}

TEST_F(Extract, WarnsAboutEmptyFiles) {
  add("__init__.py", "");
  EXPECT_THAT(codes(run()), ElementsAre("FILE_EMPTY __init__.py"));
  EXPECT_THAT(rows("ts_nodes_v1", "path, node_id, parent_id, kind, bstart, bend, depth"),
              ElementsAre("__init__.py|0|NULL|module|0|0|0"));
}

TEST_F(Extract, WarnsAboutAFileThatCannotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads every file";
  add("closed.py", "x\n");
  add("open.py", "x\n");
  fs::permissions(source() / "closed.py", fs::perms::none);
  EXPECT_THAT(codes(run()), ElementsAre("FILE_UNREADABLE closed.py"));
  EXPECT_THAT(rows("repo_files_v1", "path"), ElementsAre("open.py"));
}

TEST_F(Extract, FindsTheSyntaxErrorsOfAFileFullOfThem) {
  std::string broken;
  for (int i = 0; i < 2000; ++i) broken += "def ) = [ class {{ :\n";
  add("broken.py", broken);
  add("good.py", "f()\n");
  EXPECT_THAT(codes(run()), IsEmpty());
  EXPECT_THAT(rows("ts_errors_v1", "DISTINCT path"), ElementsAre("broken.py"));
  EXPECT_THAT(rows("ts_calls_v1", "path"), ElementsAre("good.py"));
}

TEST_F(Extract, GoesThroughNestingThatWouldExhaustAStack) {
  add("deep.py", std::string(100000, '(') + std::string(100000, ')') + "\n");
  EXPECT_THAT(codes(run()), IsEmpty());
  EXPECT_THAT(rows("repo_files_v1", "path"), ElementsAre("deep.py"));
}

TEST_F(Extract, MakesEmptyTablesOfAFolderWithoutPython) {
  EXPECT_THAT(codes(run()), ElementsAre("NO_PYTHON_FILES "));
  for (const char* table : kTables) EXPECT_THAT(rows(table, "*"), IsEmpty()) << table;
}

TEST_F(Extract, ReportsItsProgressUpToTheEnd) {
  add("a.py", "x\n");
  add("b.py", "y\n");
  ExtractOptions with_progress = options();
  ExtractProgress last;
  with_progress.on_progress = [&](const ExtractProgress& progress) { last = progress; };
  extract(with_progress);
  EXPECT_EQ(last.files, 2);
  EXPECT_EQ(last.bytes, 4);
  EXPECT_EQ(last.nodes, 6);
}

TEST_F(Extract, RefusesASourceThatIsNoFolder) {
  ExtractOptions missing = options();
  missing.source_directory = root_ / "missing";
  EXPECT_THROW(extract(missing), base::Error);
  EXPECT_FALSE(fs::exists(output()));
}

TEST_F(Extract, LeavesNothingBehindWhenInterrupted) {
  add("a.py", "x\n");
  const std::atomic<bool> stop = true;
  ExtractOptions interrupted = options();
  interrupted.stop = &stop;
  EXPECT_EQ(error_of(interrupted).code(), "INTERRUPTED");
  EXPECT_FALSE(fs::exists(output()));
}

TEST_F(Extract, LeavesTheFormerTablesWhenInterrupted) {
  add("a.py", "old()\n");
  run();
  std::size_t files_before = 0;
  for ([[maybe_unused]] const auto& entry : fs::recursive_directory_iterator(output())) {
    ++files_before;
  }
  add("a.py", "new()\n");
  const std::atomic<bool> stop = true;
  ExtractOptions interrupted = options();
  interrupted.stop = &stop;
  EXPECT_THROW(extract(interrupted), base::Error);
  std::size_t files_after = 0;
  for ([[maybe_unused]] const auto& entry : fs::recursive_directory_iterator(output())) {
    ++files_after;
  }
  EXPECT_EQ(files_before, files_after);
  EXPECT_THAT(rows("ts_calls_v1", "callee"), ElementsAre("old"));
}

TEST_F(Extract, LeavesNothingBehindWhenAFileCannotBeWritten) {
  // Many nodes are written while files are read, few at the end, when another table's file is done.
  for (const int lines : {20000, 4000}) {
    std::string python;
    for (int i = 0; i < lines; ++i) python += "name_" + std::to_string(i * 7919) + " = f(x)\n";
    add("a.py", python);
    // As a full disk would: no file may grow beyond 64 KiB.
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit tight = {64 << 10, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    EXPECT_THROW(run(), base::Error);
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    EXPECT_FALSE(fs::exists(output())) << lines;
  }
}

TEST_F(Extract, SaysWhichTablesHaveChangedWhenACommitFails) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root is let as far as the commit";
  add("a.py", "f()\n");
  fs::create_directories(output() / "ts_calls_v1");
  fs::create_directory_symlink("/proc", output() / "ts_calls_v1/_delta_log");
  const base::Error failed = error_of(options());
  EXPECT_EQ(failed.details().at("committed"), "repo_files_v1, ts_nodes_v1, ts_defs_v1");
  EXPECT_THAT(failed.message(),
              testing::HasSubstr("(already committed: repo_files_v1, ts_nodes_v1, ts_defs_v1)"));
  EXPECT_FALSE(fs::exists(output() / "ts_refs_v1"));
}

TEST_F(Extract, FailsBeforeAnyWorkWhenATableCannotBeRead) {
  add("a.py", "x\n");
  fs::create_directories(output() / "ts_refs_v1/_delta_log");
  std::ofstream(output() / "ts_refs_v1/_delta_log/00000000000000000000.json") << "{broken";
  const base::Error refused = error_of(options());
  EXPECT_EQ(refused.code(), "DELTA_LOG_CORRUPT");
  EXPECT_THAT(refused.message(), testing::HasSubstr("ts_refs_v1"));
  EXPECT_FALSE(fs::exists(output() / "repo_files_v1"));
}

TEST_F(Extract, FailsBeforeAnyWorkWhenAFileIsInATablesPlace) {
  add("a.py", "x\n");
  fs::create_directories(output());
  std::ofstream(output() / "ts_refs_v1") << "";
  const base::Error refused = error_of(options());
  EXPECT_EQ(refused.code(), "OUTPUT_LOCATION_INVALID");
  EXPECT_THAT(refused.message(), testing::HasSubstr("ts_refs_v1 is a file"));
  EXPECT_FALSE(fs::exists(output() / "repo_files_v1"));
}

}  // namespace
}  // namespace extract
