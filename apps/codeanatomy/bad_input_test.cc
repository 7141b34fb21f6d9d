// The commands on bad input, through the built program: one clear line, the right exit status, no
// partial table version, no file left.

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "apps/codeanatomy/program_test_base.h"

namespace apps {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class BadInputTest : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    extract();
  }

  // Fails as it should: one line that begins with error[code] stage and has `text` in it.
  static void expect_error(const ProgramResult& result, int status, const std::string& begin,
                           const std::string& text) {
    EXPECT_EQ(result.status, status) << result.err;
    const std::string line = last_line(result.err);
    EXPECT_TRUE(line.starts_with(begin)) << line;
    EXPECT_NE(line.find(text), std::string::npos) << line;
    EXPECT_EQ(count_of("error[", result.err), 1) << result.err;
  }

  static std::string last_line(const std::string& text) {
    const std::size_t end = text.find_last_not_of('\n');
    const std::size_t begin = text.rfind('\n', end);
    return text.substr(begin + 1, end - begin);
  }

  static int count_of(const std::string& part, const std::string& text) {
    int count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
  }

  // The extracted table's only data files and commit.
  fs::path data_file(const std::string& table) const {
    for (const std::string& file : files_in("in/" + table)) {
      if (file.ends_with(".parquet")) return folder_ / file;
    }
    return {};
  }

  ProgramResult refusal(Json bad) const;
  static Json endless_spec();

  // Gives the run that reads it a spec by a pipe, and closes that.
  static void write_spec(int pipe) {
    const std::string text = spec().dump();
    EXPECT_EQ(::write(pipe, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    close(pipe);
  }

  void expect_no_output() const { EXPECT_FALSE(fs::exists(folder_ / "out")); }
};

TEST_F(BadInputTest, UsageErrorsAreOneLine) {
  expect_error(run({}), 2, "error[USAGE] validation: ", "a command is missing");
  expect_error(run({"frobnicate"}), 2, "error[USAGE] validation: ", "'frobnicate'");
  expect_error(run({"--frobnicate"}), 2, "error[USAGE] validation: ", "'--frobnicate'");
  expect_error(run({"--errors", "text", "delta", "-x"}), 2, "error[USAGE] validation: ", "'-x'");
  expect_error(run({"run"}), 2, "error[USAGE] validation: ", "SPEC.json");
  expect_error(run({"run", "x", "--threads", "none"}), 2, "error[USAGE] validation: ", "none");
  expect_error(run({"run", "x", "--progress", "some"}), 2, "error[USAGE] validation: ", "auto");
  expect_error(run({"sql", "SELECT 1", "--memory-limit", "12q"}), 2,
               "error[USAGE] validation: ", "'12q'");
}

TEST_F(BadInputTest, ReplaceWhereIsAnOverwrite) {
  for (const char* const mode : {"append", "error"}) {
    expect_error(run({"delta", "write", "t", "--from", "x.jsonl", "--mode", mode, "--replace-where",
                      "id = 1"}),
                 2, "error[USAGE] validation: ", mode);
  }
}

TEST_F(BadInputTest, ErrorsComeAsJsonWhenWanted) {
  for (const ProgramResult& result :
       {run({"hash", "missing.json", "--errors", "json"}), run({"--errors=json", "frobnicate"})}) {
    EXPECT_EQ(result.status, 2);
    const Json error = Json::parse(result.err);
    EXPECT_EQ(error.at("stage"), "validation");
    EXPECT_TRUE(error.at("details").is_object());
  }
}

TEST_F(BadInputTest, AMissingSpecFile) {
  expect_error(run({"run", "missing.json"}), 2,
               "error[FILE_NOT_READABLE] validation: ", "missing.json");
}

TEST_F(BadInputTest, AFieldOfTheWrongType) {
  Json bad = spec();
  bad["output_targets"][0]["partition_by"] = "path";
  expect_error(run_spec(bad), 2,
               "error[INVALID_SPEC_JSON] validation: ", "$.output_targets[0].partition_by");
}

TEST_F(BadInputTest, AMemoryLimitThatIsTooLow) {
  const ProgramResult result = run_spec(spec(), {"--memory-limit", "5"});
  expect_error(result, 1, "error[", "the memory limit is too low: ");
  expect_no_output();
}

TEST_F(BadInputTest, AnUnknownEnvironmentClass) {
  expect_error(run_spec(spec(), {"--profile", "huge"}), 2,
               "error[INVALID_ENVIRONMENT_CLASS] validation: ", "'huge'");
}

TEST_F(BadInputTest, NumbersAndConditionsOfDeltaCommands) {
  expect_error(run({"delta", "vacuum", "in/ts_defs_v1", "--retention-hours", "-1"}), 2,
               "error[USAGE] validation: ", "a number from 0 on is needed, not -1");
  expect_error(run({"delta", "write", "t", "--from", "a.csv", "--retries", "-1"}), 2,
               "error[USAGE] validation: ", "a number from 0 on is needed, not -1");
  expect_error(run({"delta", "scan", "in/ts_defs_v1", "--where", ""}), 2,
               "error[SQL_INVALID] compilation: ", "syntax error");
  expect_error(run({"delta", "delete", "in/ts_defs_v1", "--where", " "}), 2,
               "error[SQL_INVALID] compilation: ", "the expression is empty");
}

TEST_F(BadInputTest, APartitionValueThatIsNotOfItsColumnsType) {
  write("rows.csv", "n,p\n1,7\n");
  ASSERT_EQ(run({"delta", "write", "t", "--from", "rows.csv", "--partition-by", "p"}).status, 0);
  fs::remove(folder_ / "t/_delta_log/00000000000000000000.crc");
  const std::string commit = "t/_delta_log/00000000000000000000.json";
  std::string log = read(commit);
  const std::string good = R"("partitionValues":{"p":"7"})";
  ASSERT_NE(log.find(good), std::string::npos);
  write(commit, log.replace(log.find(good), good.size(), R"("partitionValues":{"p":"many"})"));
  expect_error(run({"delta", "scan", "t"}), 1, "error[DELTA_PARTITION_VALUE_INVALID] runtime: ",
               "the partition value 'many' is not of type long: column 'p' of file 'p=7/");
  expect_error(run({"delta", "write", "t", "--from", "rows.csv", "--mode", "overwrite",
                    "--partition-overwrite", "dynamic"}),
               1, "error[DELTA_PARTITION_VALUE_INVALID] runtime: ",
               "' of table " + (folder_ / "t").string());
}

TEST_F(BadInputTest, AFaultyCsvFile) {
  std::string numbers = "n\n";
  for (int i = 0; i < 30000; ++i) numbers += std::to_string(i) + "\n";
  write("bad.csv", numbers + "many\n");
  expect_error(run({"delta", "write", "t", "--from", "bad.csv"}), 1,
               "error[QUERY_FAILED] runtime: ",
               "file 'bad.csv', line 30002: Error when converting column \"n\"");
  write("binary.csv", "a,b\n\xff\xfe,1\n");
  expect_error(run({"delta", "write", "t", "--from", "binary.csv"}), 2,
               "error[SQL_INVALID] compilation: ", "not utf-8");
}

TEST_F(BadInputTest, ABuildThatCannotRunExtractsNothing) {
  expect_error(run({"build", "src", "--out", "out", "--profile", "huge"}), 2,
               "error[INVALID_ENVIRONMENT_CLASS] validation: ", "'huge'");
  expect_error(run({"build", "src", "--out", "out", "--memory-limit", "12q"}), 2,
               "error[USAGE] validation: ", "'12q'");
  expect_error(run({"build", "src", "--out", "out\xff"}), 2,
               "error[DELTA_STORE_UNSUPPORTED] validation: ", "not UTF-8");
  expect_no_output();
}

TEST_F(BadInputTest, AMissingTable) {
  fs::remove_all(folder_ / "in" / "ts_defs_v1");
  for (const char* command : {"run", "validate", "explain"}) {
    write("spec.json", spec().dump());
    expect_error(run({command, "spec.json"}), 2,
                 "error[PREPARE_EXECUTION_CONTEXT_FAILED] validation: ", "input 'defs'");
  }
  expect_no_output();
}

TEST_F(BadInputTest, AFileInATablesPlace) {
  fs::remove_all(folder_ / "in" / "ts_defs_v1");
  write("in/ts_defs_v1", "not a table");
  expect_error(run_spec(spec()), 2,
               "error[PREPARE_EXECUTION_CONTEXT_FAILED] validation: ", "input 'defs'");
}

TEST_F(BadInputTest, AVersionThatIsNotThere) {
  Json bad = spec();
  bad["input_relations"][0]["version_pin"] = 7;
  expect_error(run_spec(bad), 2, "error[PREPARE_EXECUTION_CONTEXT_FAILED] validation: ", "7");
}

TEST_F(BadInputTest, ATruncatedLog) {
  const fs::path commit = folder_ / "in/ts_defs_v1/_delta_log/00000000000000000000.json";
  fs::resize_file(commit, fs::file_size(commit) - 40);
  expect_error(run_spec(spec()), 1,
               "error[PREPARE_EXECUTION_CONTEXT_FAILED] runtime: ", "input 'defs'");
  expect_no_output();
}

TEST_F(BadInputTest, ATruncatedParquetFile) {
  ASSERT_EQ(run_spec(spec()).status, 0);
  const std::vector<std::string> before = files_in("out");
  const fs::path file = data_file("ts_defs_v1");
  fs::resize_file(file, fs::file_size(file) / 2);
  const ProgramResult result = run_spec(spec());
  expect_error(result, 1,
               "error[OUTPUT_MATERIALIZATION_FAILED] materialization: ", "output 'functions'");
  EXPECT_NE(result.err.find(file.filename().string()), std::string::npos) << result.err;
  EXPECT_EQ(files_in("out"), before);
}

TEST_F(BadInputTest, AMissingParquetFile) {
  fs::remove(data_file("ts_defs_v1"));
  expect_error(run_spec(spec()), 1,
               "error[OUTPUT_MATERIALIZATION_FAILED] materialization: ", "output 'functions'");
  expect_no_output();
}

TEST_F(BadInputTest, AnUnknownColumnInAPredicate) {
  Json bad = spec();
  bad["view_definitions"][0]["transform"]["predicate"] = "kindness = 'function'";
  for (const char* command : {"run", "validate"}) {
    write("spec.json", bad.dump());
    const ProgramResult result = run({command, "spec.json"});
    expect_error(result, 2, "error[VIEW_LOWERING_FAILED] compilation: ", "kindness");
    EXPECT_NE(result.err.find("functions"), std::string::npos) << result.err;
  }
  expect_no_output();
}

TEST_F(BadInputTest, AFunctionOverTheWrongType) {
  Json bad = spec();
  bad["view_definitions"][0]["transform"] = {
      {"kind", "Aggregate"},
      {"source", "defs"},
      {"group_by", {"path"}},
      {"aggregations", Json::array({{{"column", "name"}, {"function", "sum"}, {"alias", "s"}}})}};
  expect_error(run_spec(bad), 2, "error[VIEW_LOWERING_FAILED] compilation: ", "functions");
}

TEST_F(BadInputTest, AnOutputColumnThatTheViewLacks) {
  Json bad = spec();
  bad["output_targets"][0]["columns"] = {"path", "colour"};
  expect_error(run_spec(bad), 2, "error[INVALID_SPEC] validation: ", "colour");
}

TEST_F(BadInputTest, TwoOutputsInOnePlace) {
  Json bad = spec();
  bad["output_targets"].push_back(output("functions"));
  bad["output_targets"][1]["table_name"] = "other";
  expect_error(run_spec(bad), 2, "error[INVALID_SPEC] validation: ", "'other'");
}

TEST_F(BadInputTest, AnOutputInsideAnother) {
  Json bad = spec();
  bad["output_targets"].push_back(output("functions"));
  bad["output_targets"][1]["table_name"] = "other";
  bad["output_targets"][1]["delta_location"] = "./out/functions/other";
  write("spec.json", bad.dump());
  for (const char* command : {"run", "validate", "explain"}) {
    const ProgramResult result = run({command, "spec.json"});
    expect_error(result, 2, "error[INVALID_SPEC] validation: ", "output 'other'");
    EXPECT_NE(result.err.find("output 'functions'"), std::string::npos) << result.err;
  }
  expect_no_output();
}

// What validate says, which run must say too, and before it has computed anything: a view that
// fails for every row is there to show it.
ProgramResult BadInputTest::refusal(Json bad) const {
  const Json fails = {{{"name", "n"}, {"expression", "error('ran: ' || path)"}}};
  bad["view_definitions"].push_back(
      view("fails", {{"kind", "Derive"}, {"source", "defs"}, {"columns", fails}}));
  bad["output_targets"].push_back(output("fails"));
  write("spec.json", bad.dump());
  ProgramResult of_run = run({"run", "spec.json", "--progress", "none"});
  const ProgramResult of_validate = run({"validate", "spec.json"});
  EXPECT_EQ(of_validate.status, of_run.status);
  EXPECT_EQ(of_validate.err, of_run.err);
  return of_run;
}

TEST_F(BadInputTest, OutputsThatDoNotGoWithTheirTableAreWrongRequests) {
  ASSERT_EQ(run_spec(spec()).status, 0);
  write("file", "not a table");
  write("rows.csv", "n\n1\n");
  ASSERT_EQ(
      run({"delta", "write", "kept", "--from", "rows.csv", "--property", "delta.appendOnly=true"})
          .status,
      0);
  const std::vector<std::pair<Json, std::string>> wrong = {
      {{{"delta_location", "file"}}, ".delta_location: output \"functions\": "},
      {{{"delta_location", "file/below"}}, ".delta_location: output \"functions\": "},
      {{{"delta_location", "out/functions/below"}}, ".delta_location: output \"functions\": "},
      {{{"delta_location", "kept"}}, ".materialization_mode: output \"functions\": "},
      {{{"materialization_mode", "Append"}, {"partition_by", {"path"}}},
       ".partition_by: output \"functions\": "},
      {{{"materialization_mode", "Append"}, {"delta_location", "kept"}},
       ": output \"functions\": "},
      {{{"materialization_mode", "Append"},
        {"delta_location", "kept"},
        {"columns", {"path", "name"}}},
       ".columns[0]: output \"functions\": "}};
  const std::vector<std::string> before = files_in("out");
  for (const auto& [fields, place] : wrong) {
    Json bad = spec();
    bad["output_targets"][0].update(fields);
    const ProgramResult refused = refusal(bad);
    expect_error(refused, 2, "error[INVALID_SPEC] validation: $.output_targets[0]" + place, "");
  }
  EXPECT_EQ(files_in("out"), before);
}

TEST_F(BadInputTest, ErrorsOfOutputsNameThePlaceInTheSpecForPrograms) {
  write("out/functions", "not a table");
  write("spec.json", spec().dump());
  const ProgramResult refused = run({"validate", "spec.json", "--errors", "json"});
  const Json details = Json::parse(refused.err).at("details");
  EXPECT_EQ(details.at("path"), "$.output_targets[0].delta_location");
  EXPECT_EQ(details.at("location"), (folder_ / "out/functions").string());
  EXPECT_EQ(details.at("output"), "functions");
  EXPECT_EQ(details.at("cause"), "OUTPUT_LOCATION_INVALID");
}

// A folder that may not be written is the machine's state: the same request is right elsewhere.
TEST_F(BadInputTest, AFolderThatMayNotBeWrittenFailsTheRunBeforeItBegins) {
  fs::create_directories(folder_ / "closed");
  Json closed = spec();
  closed["output_targets"][0]["delta_location"] = "closed/functions";
  if (::geteuid() != 0) {
    fs::permissions(folder_ / "closed", static_cast<fs::perms>(0555));
  } else if (mount("tmpfs", (folder_ / "closed").c_str(), "tmpfs", MS_RDONLY, "size=64k") != 0) {
    GTEST_SKIP() << "needs the right to mount a file system";
  }
  const ProgramResult refused = refusal(closed);
  if (::geteuid() == 0) umount((folder_ / "closed").c_str());
  expect_error(refused, 1, "error[OUTPUT_MATERIALIZATION_FAILED] materialization: ",
               "closed is a folder that cannot be written: ");
  expect_no_output();
}

TEST_F(BadInputTest, ColumnsThatNoTableHoldsAreWrongRequests) {
  for (const auto& [expression, words] :
       {std::pair{"len(path)::HUGEINT", "is HUGEINT, which no Delta type holds"},
        std::pair{"path::VARIANT", "is VARIANT, and variants are not written"},
        std::pair{"[{'a': path::VARIANT}]", "and variants are not written"},
        std::pair{"row(path, 1)", "with a field that has no name"}}) {
    Json bad = spec();
    bad["view_definitions"][0]["transform"] = {
        {"kind", "Derive"},
        {"source", "defs"},
        {"columns", Json::array({{{"name", "x"}, {"expression", expression}}})}};
    expect_error(refusal(bad), 2,
                 "error[VIEW_LOWERING_FAILED] compilation: output \"functions\" "
                 "($.output_targets[0]): the column \"x\" ",
                 words);
  }
  expect_no_output();
}

TEST_F(BadInputTest, ADamagedTableFailsTheRunBeforeItBegins) {
  ASSERT_EQ(run_spec(spec()).status, 0);
  const fs::path commit = folder_ / "out/functions/_delta_log/00000000000000000000.json";
  fs::resize_file(commit, fs::file_size(commit) - 40);
  expect_error(refusal(spec()), 1, "error[OUTPUT_MATERIALIZATION_FAILED] materialization: ",
               "00000000000000000000.json");
}

TEST_F(BadInputTest, AFailingRowLeavesAllTablesAsTheyWere) {
  ASSERT_EQ(run_spec(spec()).status, 0);
  const std::vector<std::string> before = files_in("out");
  Json bad = spec();
  bad["view_definitions"].push_back(view(
      "failing",
      {{"kind", "Derive"},
       {"source", "defs"},
       {"columns", Json::array({{{"name", "n"}, {"expression", "error('row of ' || path)"}}})}}));
  bad["output_targets"].push_back(output("failing"));
  expect_error(run_spec(bad), 1,
               "error[OUTPUT_MATERIALIZATION_FAILED] materialization: ", "output 'failing'");
  EXPECT_EQ(files_in("out"), before);
}

TEST_F(BadInputTest, AFileInTheLogsPlaceLeavesNoDataFiles) {
  fs::create_directories(folder_ / "out/functions");
  std::ofstream(folder_ / "out/functions/_delta_log") << "";
  const std::vector<std::string> before = files_in("out");
  expect_error(run_spec(spec()), 2, "error[INVALID_SPEC] validation: ", "_delta_log is a file");
  EXPECT_EQ(files_in("out"), before);
}

TEST_F(BadInputTest, RowsThatDoNotFitTheTable) {
  ASSERT_EQ(run_spec(spec()).status, 0);
  Json bad = spec();
  bad["view_definitions"][0]["transform"] = {
      {"kind", "Derive"},
      {"source", "defs"},
      {"columns", Json::array({{{"name", "extra"}, {"expression", "1"}}})}};
  bad["output_targets"][0]["materialization_mode"] = "Append";
  expect_error(run_spec(bad), 2,
               "error[INVALID_SPEC] validation: $.output_targets[0]: output \"functions\": ",
               "the table has no column 'extra'");
}

TEST_F(BadInputTest, AResultFileThatCannotBeWrittenIsFoundBeforeTheRun) {
  expect_error(run_spec(spec(), {"--report", "no/such/folder/report.html"}), 2,
               "error[FILE_NOT_WRITABLE] validation: ", "no/such/folder/report.html");
  expect_error(run_spec(spec(), {"--result", "no/such/folder/result.json"}), 2,
               "error[FILE_NOT_WRITABLE] validation: ", "no/such/folder/result.json");
  expect_error(run_spec(spec(), {"--result", "spec.json/result.json"}), 2,
               "error[FILE_NOT_WRITABLE] validation: ", "spec.json/result.json: Not a directory");
  expect_no_output();
}

TEST_F(BadInputTest, ARunDoesNotWriteOverWhatItReads) {
  const std::string text = spec().dump();
  write("spec.json", text);
  write("runtime.json", "{}");
  fs::create_directories(folder_ / "other");
  fs::create_symlink("../spec.json", folder_ / "other" / "link.json");
  fs::create_hard_link(folder_ / "spec.json", folder_ / "other" / "same.json");
  fs::create_symlink("new.json", folder_ / "other" / "to_new.json");
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"--result", "spec.json"}, "--result would write over the spec, which is read: spec.json"},
      {{"--report", "spec.json"}, "--report would write over the spec"},
      {{"--result", "other/../spec.json"}, "--result would write over the spec"},
      {{"--result", (folder_ / "spec.json").string()}, "--result would write over the spec"},
      {{"--result", "other/link.json"}, "--result would write over the spec"},
      {{"--report", "other/same.json"}, "--report would write over the spec"},
      {{"--runtime", "runtime.json", "--result", "./runtime.json"},
       "--result would write over --runtime, which is read: ./runtime.json"},
      {{"--result", "new.json", "--report", "./new.json"},
       "--report would write over --result, which is written too: ./new.json"},
      {{"--result", "other/new.json", "--report", "other/to_new.json"},
       "--report would write over --result"},
      {{"--result", "-", "--report", "-"}, "--report would write over --result"}};
  for (const auto& [more, message] : wrong) {
    std::vector<std::string> arguments = {"run", "spec.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    expect_error(run(arguments), 2, "error[USAGE] validation: ", message);
  }
  EXPECT_EQ(read("spec.json"), text);
  EXPECT_EQ(read("runtime.json"), "{}");
  EXPECT_FALSE(fs::exists(folder_ / "new.json"));
  expect_no_output();
  expect_error(run({"build", "src", "--out", "out", "--result", "new", "--report", "other/../new"}),
               2, "error[USAGE] validation: ", "--report would write over --result");
  expect_no_output();

  write("-", text);  // what is read under this name is no standard input
  expect_error(run({"run", "-", "--result", "./-"}), 2, "error[USAGE] validation: ",
               "--result would write over the spec, which is read: ./-");
  EXPECT_EQ(read("-"), text);
  expect_no_output();

  EXPECT_EQ(run({"run", "spec.json", "--result", "/dev/null", "--report", "/dev/null"}).status, 0);
  ASSERT_EQ(run({"run", "spec.json", "--result", "result.json"}).status, 0);
  const std::string result = read("result.json");
  expect_error(run({"report", "result.json", "-o", "other/../result.json"}), 2,
               "error[USAGE] validation: ", "--output would write over the result, which is read");
  EXPECT_EQ(read("result.json"), result);
}

TEST_F(BadInputTest, AReportOfWhatIsNoRunResult) {
  ASSERT_EQ(run_spec(spec()).status, 0);
  expect_error(run({"report", "spec.json", "-o", "report.html"}), 2,
               "error[RESULT_INVALID] validation: ", "$.outputs is missing");
  EXPECT_FALSE(fs::exists(folder_ / "report.html"));
}

TEST_F(BadInputTest, AFullDisk) {
  fs::create_directories(folder_ / "out");
  if (mount("tmpfs", (folder_ / "out").c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "needs the right to mount a file system";
  }
  Json big = spec();
  big["view_definitions"][0]["transform"] = {
      {"kind", "Derive"},
      {"source", "defs"},
      {"columns",
       Json::array({{{"name", "noise"},
                     {"expression", "list_transform(range(20000), lambda i: uuid())"}}})}};
  const ProgramResult result = run_spec(big);
  const std::vector<std::string> left = files_in("out");
  umount((folder_ / "out").c_str());
  expect_error(result, 1,
               "error[OUTPUT_MATERIALIZATION_FAILED] materialization: ", "No space left on device");
  EXPECT_EQ(left, std::vector<std::string>{});
}

// A spec that does not come to an end.
Json BadInputTest::endless_spec() {
  Json endless = spec();
  // Each view pairs all rows of the one before with each other.
  const auto pairs = [](const std::string& name, const std::string& left,
                        const std::string& right) {
    return view(name,
                {{"kind", "Relate"},
                 {"left", left},
                 {"right", right},
                 {"join_type", "Inner"},
                 {"join_keys", Json::array({{{"left_key", "k"}, {"right_key", "k"}}})}},
                {left, right});
  };
  endless["view_definitions"] = Json::array(
      {view("constant", {{"kind", "Derive"},
                         {"source", "defs"},
                         {"columns", Json::array({{{"name", "k"}, {"expression", "1"}}})}}),
       view("keys", {{"kind", "Project"}, {"source", "constant"}, {"columns", {"k"}}},
            {"constant"}),
       pairs("pairs4", "keys", "keys"), pairs("pairs16", "pairs4", "pairs4"),
       pairs("pairs256", "pairs16", "pairs16"), pairs("many", "pairs256", "pairs256"),
       pairs("more", "many", "pairs256"), pairs("most", "more", "many"),
       view("counted",
            {{"kind", "Aggregate"},
             {"source", "most"},
             {"group_by", {"k"}},
             {"aggregations",
              Json::array({{{"column", "*"}, {"function", "count"}, {"alias", "n"}}})}},
            {"most"})});
  endless["output_targets"] = Json::array({output("counted")});
  return endless;
}

TEST_F(BadInputTest, ARunThatIsToStopLeavesNothing) {
  write("spec.json", endless_spec().dump());
  fs::create_directories(folder_ / "spill");
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    ProgramRun program({"run", "spec.json", "--progress", "plain", "--temp-directory", "spill"},
                       folder_);
    ASSERT_TRUE(program.wait_for_error_text("compile:")) << program.finish().err;
    program.send(signal);
    expect_error(program.finish(), 1, "error[INTERRUPTED] runtime: ", "no table has changed");
    expect_no_output();
    EXPECT_TRUE(fs::is_empty(folder_ / "spill"));
  }
}

// One SIGHUP after another comes from a terminal that closes; each other one ends the program.
TEST_F(BadInputTest, ATerminalThatClosesStopsARunOnce) {
  const fs::path pipe = folder_ / "spec.json";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  ProgramRun program({"run", "spec.json"}, folder_);
  const int writer = program.wait_for_reader(pipe);
  ASSERT_GE(writer, 0);
  for (int i = 0; i < 2; ++i) {
    program.send(SIGHUP);
    program.wait_until_idle();
  }
  write_spec(writer);
  const ProgramResult result = program.finish();
  expect_error(result, 1, "error[INTERRUPTED] runtime: ", "no table has changed");
  expect_no_output();
}

TEST_F(BadInputTest, ARunStartedToIgnoreItOutlivesItsTerminal) {
  const fs::path pipe = folder_ / "spec.json";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const auto before = std::signal(SIGHUP, SIG_IGN);
  ProgramRun program({"run", "spec.json"}, folder_);
  std::signal(SIGHUP, before);
  const int writer = program.wait_for_reader(pipe);
  ASSERT_GE(writer, 0);
  program.send(SIGHUP);
  program.wait_until_idle();
  write_spec(writer);
  const ProgramResult result = program.finish();
  EXPECT_EQ(result.status, 0) << result.err;
}

TEST_F(BadInputTest, ASecondCtrlCSaysWhatMayBeLeft) {
  const fs::path pipe = folder_ / "spec.json";
  for (const bool as_json : {false, true}) {
    fs::remove(pipe);
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    ProgramRun program({"run", "spec.json", "--errors", as_json ? "json" : "text"}, folder_);
    const int writer = program.wait_for_reader(pipe);
    ASSERT_GE(writer, 0);
    program.send(SIGINT);
    program.wait_until_idle();
    program.send(SIGTERM);
    const ProgramResult result = program.finish();
    close(writer);
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(result.err.find("data files that no table knows may be left"), std::string::npos);
    if (as_json) {
      EXPECT_EQ(Json::parse(result.err).at("code"), "INTERRUPTED");
    } else {
      expect_error(result, 1, "error[INTERRUPTED] runtime: ", "codeanatomy delta vacuum");
    }
  }
}

}  // namespace
}  // namespace apps
