// The commands on good input, through the built program.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "apps/codeanatomy/program_test_base.h"

namespace apps {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class RunTest : public ProgramTest {};

TEST_F(RunTest, BuildMakesTheGraphOfAPackage) {
  const ProgramResult result = run({"build", "src", "--out", "graph", "--profile", "small"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("cpg_edges_by_dst"), std::string::npos);
  EXPECT_NE(result.out.find("6 outputs"), std::string::npos);
  EXPECT_NE(result.out.find("delta_scan("), std::string::npos);
  for (const char* table : {"cpg_nodes", "cpg_edges", "cpg_props", "cpg_props_map",
                            "cpg_edges_by_src", "cpg_edges_by_dst"}) {
    const auto counts =
        rows("SELECT count(*) AS n FROM delta_scan('graph/" + std::string(table) + "')");
    EXPECT_GT(counts.at(0).at("n"), 0) << table;
  }
}

TEST_F(RunTest, BuildFindsWhoCallsAFunctionOfAnotherFile) {
  ASSERT_EQ(run({"build", "src", "--out", "graph"}).status, 0);
  const auto callers = rows(
      "SELECT DISTINCT e.path FROM delta_scan('graph/cpg_edges') e "
      "JOIN delta_scan('graph/cpg_nodes') n ON n.entity_id = e.dst_node_id "
      "WHERE e.edge_kind ILIKE '%call%' AND n.path = 'shapes/area.py' AND e.path = 'main.py'");
  EXPECT_EQ(callers.size(), 1u);
}

TEST_F(RunTest, BuildFollowsNamesThatModulesHandOn) {
  write("src/facade.py", "from shapes import area as surface\n");
  write("src/once.py", "from shapes import area\narea(1)\n");
  write("src/twice.py", "import facade\nfacade.surface(1)\n");
  ASSERT_EQ(run({"build", "src", "--out", "graph"}).status, 0);
  const auto callers = rows(
      "SELECT e.path FROM delta_scan('graph/cpg_edges') e "
      "JOIN delta_scan('graph/cpg_nodes') n ON n.entity_id = e.dst_node_id "
      "WHERE e.edge_kind = 'calls' AND n.path = 'shapes/area.py' AND n.name = 'area' "
      "ORDER BY e.path");
  ASSERT_EQ(callers.size(), 3u);
  EXPECT_EQ(callers[1].at("path"), "once.py");
  EXPECT_EQ(callers[2].at("path"), "twice.py");
}

TEST_F(RunTest, BuildFollowsNamesThatStarImportsBring) {
  write("src/kit/core.py",
        "def api(): pass\n"
        "def _hidden(): pass\n"
        "class Thing:\n  def make(): pass\n");
  write("src/kit/__init__.py", "from .core import *\n");
  write("src/outer/__init__.py", "from kit import *\n");
  write("src/by_path.py", "import kit\nkit.api()\nkit._hidden()\n");
  write("src/by_name.py", "from outer import api\napi()\n");
  write("src/by_star.py", "from kit.core import *\napi()\n_hidden()\nThing.make()\nlen(())\n");
  write("src/farther.py", "from outer import *\nprint(api())\n");
  write("src/own.py", "from kit import *\ndef api(): pass\napi()\n");
  write("src/method.py", "from outer import Thing\nThing.make()\n");
  ASSERT_EQ(run({"build", "src", "--out", "graph"}).status, 0);
  const auto calls = rows(
      "SELECT e.path, n.path AS found, n.qname, e.resolution_method AS method, e.confidence "
      "FROM delta_scan('graph/cpg_edges') e "
      "JOIN delta_scan('graph/cpg_nodes') n ON n.entity_id = e.dst_node_id "
      "WHERE e.edge_kind = 'calls' AND e.path IN "
      "('by_path.py', 'by_name.py', 'by_star.py', 'farther.py', 'own.py', 'method.py') "
      "ORDER BY e.path, n.qname");
  std::string found;
  for (const Json& call : calls) {
    for (const char* column : {"path", "found", "qname", "method"}) {
      found += call.at(column).get<std::string>() + " ";
    }
    EXPECT_EQ(call.at("confidence"), 1.0);
    found += "\n";
  }
  EXPECT_EQ(found,
            "by_name.py kit/core.py api import \n"
            "by_path.py kit/core.py api import \n"
            "by_star.py kit/core.py Thing.make star_import \n"
            "by_star.py kit/core.py api star_import \n"
            "farther.py kit/core.py api star_import \n"
            "method.py kit/core.py Thing.make import \n"
            "own.py own.py api scope \n");
}

TEST_F(RunTest, RunWritesItsOutputsAndTheirTable) {
  extract();
  const ProgramResult result = run_spec(spec());
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("functions"), std::string::npos);
  EXPECT_NE(result.out.find("1 output, 2 rows"), std::string::npos) << result.out;
  const auto names = rows("SELECT name FROM delta_scan('out/functions') ORDER BY name");
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(names[0]["name"], "area");
  EXPECT_EQ(names[1]["name"], "square");
}

TEST_F(RunTest, ResultSaysWhatWasCommitted) {
  extract();
  ASSERT_EQ(run_spec(spec(), {"--result", "result.json"}).status, 0);
  const Json result = Json::parse(read("result.json"));
  const Json& output = result.at("outputs").at(0);
  EXPECT_EQ(output.at("table_name"), "functions");
  EXPECT_EQ(output.at("rows_written"), 2);
  EXPECT_EQ(output.at("delta_version"), 0);
  EXPECT_EQ(output.at("files_added"),
            std::ranges::count_if(files_in("out/functions"), [](const std::string& file) {
              return file.ends_with(".parquet");
            }));
  EXPECT_EQ(result.at("stats_quality"), "Exact");
  EXPECT_EQ(result.at("collected_metrics").at("output_rows"), 2);
  EXPECT_LT(result.at("collected_metrics").at("scan_selectivity"), 1.0001);
  EXPECT_GT(result.at("collected_metrics").at("elapsed_compute_nanos"), 0);
  EXPECT_EQ(result.at("warnings"), Json::array());
}

TEST_F(RunTest, ARunThatEndedAppendsAgainWhenItIsRunAgain) {
  extract();
  Json appending = spec();
  appending["output_targets"][0]["materialization_mode"] = "Append";
  for (const int rows_then : {2, 4}) {
    const ProgramResult run = run_spec(appending, {"--result", "result.json"});
    ASSERT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(Json::parse(read("result.json")).at("warnings"), Json::array());
    EXPECT_EQ(rows("SELECT count(*) AS n FROM delta_scan('out/functions')").at(0).at("n"),
              rows_then);
    EXPECT_EQ(rows("SELECT count(*) AS n FROM glob('out/functions/_codeanatomy*')").at(0).at("n"),
              0);
  }
}

TEST_F(RunTest, RunsOfOneSpecAtOnceAppendTheirRowsEach) {
  extract();
  Json appending = spec();
  appending["output_targets"][0]["materialization_mode"] = "Append";
  const auto rows_now = [&] {
    return rows("SELECT count(*) AS n FROM delta_scan('out/functions')").at(0).at("n");
  };
  const fs::path pipe = folder_ / "result";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  write("spec.json", appending.dump());
  const std::vector<std::string> waiting = {"run",    "spec.json",  "--result",
                                            "result", "--progress", "plain"};
  // Each has committed, and waits for somebody to read its result.
  ProgramRun first(waiting, folder_);
  ASSERT_TRUE(first.wait_for_error_text("commit:")) << first.finish().err;
  ProgramRun second(waiting, folder_);
  ASSERT_TRUE(second.wait_for_error_text("commit:")) << second.finish().err;
  EXPECT_EQ(rows_now(), 4);
  const ProgramResult third = run_spec(appending);
  EXPECT_EQ(third.status, 0) << third.err;
  EXPECT_EQ(third.err.find("OutputAlreadyWritten"), std::string::npos) << third.err;
  EXPECT_EQ(rows_now(), 6);

  // Those that are cut off are gone on with, each by one.
  for (ProgramRun* const run : {&first, &second}) {
    run->send(SIGKILL);
    EXPECT_EQ(run->finish().status, 128 + SIGKILL);
    const ProgramResult again = run_spec(appending);
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_NE(again.err.find("OutputAlreadyWritten"), std::string::npos) << again.err;
    EXPECT_EQ(rows_now(), 6);
  }
  ASSERT_EQ(run_spec(appending).status, 0);
  EXPECT_EQ(rows_now(), 8);
}

TEST_F(RunTest, MaintenanceIsDoneAfterTheRunAndReported) {
  extract();
  Json maintained = spec();
  maintained["output_targets"][0]["materialization_mode"] = "Append";
  ASSERT_EQ(run_spec(maintained).status, 0);
  maintained["maintenance"] = {
      {"compact", Json::object()},
      {"checkpoint", true},
      {"vacuum", {{"retention_hours", 1}}},
      {"metadata_cleanup", true},
      {"constraints", Json::array({{{"name", "named"}, {"expression", "length(name) > 0"}},
                                   {{"name", "never"}, {"expression", "name = 'x'"}}})},
      {"require_table_quiescence", true}};
  const ProgramResult run = run_spec(maintained, {"--result", "result.json"});
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_NE(run.err.find("maintenance 1/1 functions"), std::string::npos) << run.err;
  const Json result = Json::parse(read("result.json"));
  std::vector<std::string> done;
  for (const Json& report : result.at("maintenance_reports")) {
    EXPECT_EQ(report.at("table_name"), "functions");
    EXPECT_TRUE(report.at("message").is_string());
    done.push_back(report.at("operation").get<std::string>() +
                   (report.at("success").get<bool>() ? "" : " failed"));
  }
  EXPECT_EQ(done, (std::vector<std::string>{"compact", "checkpoint", "vacuum", "metadata_cleanup",
                                            "constraint", "constraint failed"}));
  ASSERT_EQ(result.at("warnings").size(), 1u) << result.at("warnings");
  EXPECT_EQ(result.at("warnings")[0].at("code"), "MaintenanceFailed");
  EXPECT_EQ(result.at("warnings")[0].at("stage"), "Maintenance");
  EXPECT_EQ(
      result.at("trace_metrics_summary").at("warning_counts_by_code").at("maintenance_failed"), 1);
  EXPECT_EQ(result.at("outputs")[0].at("delta_version"), 1);
  EXPECT_EQ(rows("SELECT count(*) AS n FROM delta_scan('out/functions')").at(0).at("n"), 4);
  const Json info =
      Json::parse(this->run({"delta", "info", "out/functions", "--format", "json"}).out);
  EXPECT_EQ(info.at("version"), 3);
  EXPECT_EQ(info.at("files"), 1);
  EXPECT_EQ(info.at("configuration").at("delta.constraints.named"), "length(name) > 0");
}

TEST_F(RunTest, ResultOnStandardOutputIsNothingButJson) {
  extract();
  const ProgramResult result = run_spec(spec(), {"--result", "-"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(Json::parse(result.out).at("outputs").size(), 1u);
  EXPECT_NE(result.err.find("1 output, 2 rows"), std::string::npos);
}

// The rows of a grouped output come from a table function in the order of its keys.
TEST_F(RunTest, GroupedOutputsGoIntoPartitionsAndMappedColumns) {
  ASSERT_EQ(run({"build", "src", "--out", "graph"}).status, 0);
  ASSERT_EQ(run({"sql", "FROM delta_scan('graph/cpg_props_map')", "-o", "expected.parquet"}).status,
            0);
  ASSERT_EQ(run({"delta", "write", "out/mapped", "--from", "expected.parquet", "--partition-by",
                 "node_kind", "--property", "delta.columnMapping.mode=name"})
                .status,
            0);
  Json grouped = spec();
  grouped["input_relations"] =
      Json::array({{{"logical_name", "props"}, {"delta_location", "graph/cpg_props"}}});
  grouped["view_definitions"] = Json::array({view(
      "grouped", {{"kind", "CpgEmit"}, {"output_kind", "PropsMap"}, {"sources", {"props"}}})});
  grouped["output_targets"] = Json::array({output("grouped")});
  Json& target = grouped["output_targets"][0];
  target["partition_by"] = {"node_kind"};
  ASSERT_EQ(run_spec(grouped).status, 0);
  target["table_name"] = "mapped";
  target["delta_location"] = "out/mapped";
  target["materialization_mode"] = "Append";
  const ProgramResult appended = run_spec(grouped);
  ASSERT_EQ(appended.status, 0) << appended.err;

  const std::string expected = "FROM 'expected.parquet' ";
  const std::string twice = "(" + expected + "UNION ALL " + expected + ") ";
  for (const auto& [table, want] :
       {std::pair("out/grouped", expected), std::pair("out/mapped", twice)}) {
    const std::string got = "FROM delta_scan('" + std::string(table) + "') ";
    EXPECT_EQ(rows("SELECT count(*) AS n FROM ((" + got + "EXCEPT ALL " + want + ") UNION ALL (" +
                   want + "EXCEPT ALL " + got + "))")
                  .at(0)
                  .at("n"),
              0)
        << table;
    EXPECT_GT(rows("SELECT count(DISTINCT node_kind) AS n " + got).at(0).at("n"), 1);
  }
}

TEST_F(RunTest, ReportsAreWrittenWithTheRunAndAfterIt) {
  extract();
  const ProgramResult result =
      run_spec(spec(), {"--result", "result.json", "--report", "report.html"});
  ASSERT_EQ(result.status, 0) << result.err;
  const std::string page = read("report.html");
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_NE(page.find("<code>functions</code>"), std::string::npos);
  EXPECT_NE(page.find(run({"hash", "spec.json"}).out.substr(0, 64)), std::string::npos);
  ASSERT_EQ(run({"report", "result.json", "-o", "again.html"}).status, 0);
  EXPECT_EQ(read("again.html"), page);
}

TEST_F(RunTest, TwoRunsOfOneSpecHaveEqualEnvelopes) {
  extract();
  fs::create_directories(folder_ / "spill");
  ASSERT_EQ(run_spec(spec(), {"--result", "one.json"}).status, 0);
  ASSERT_EQ(
      run_spec(spec(), {"--result", "two.json", "--temp-directory", "spill", "--progress", "none"})
          .status,
      0);
  const Json one = Json::parse(read("one.json"));
  const Json two = Json::parse(read("two.json"));
  for (const char* hash : {"spec_hash", "envelope_hash", "rulepack_fingerprint"}) {
    EXPECT_EQ(one.at(hash), two.at(hash)) << hash;
  }
  EXPECT_TRUE(fs::is_empty(folder_ / "spill"));
}

TEST_F(RunTest, AnotherVersionOfAnInputGivesAnotherEnvelope) {
  extract();
  ASSERT_EQ(run_spec(spec(), {"--result", "one.json"}).status, 0);
  extract();
  ASSERT_EQ(run_spec(spec(), {"--result", "two.json"}).status, 0);
  EXPECT_NE(Json::parse(read("one.json")).at("envelope_hash"),
            Json::parse(read("two.json")).at("envelope_hash"));
}

TEST_F(RunTest, CommitsCarryTheRunsHashes) {
  extract();
  Json with_metadata = spec();
  with_metadata["output_targets"][0]["write_metadata"] = {{"owner", "tests"}};
  with_metadata["runtime"] = {{"lineage_tags", {{"team", "graph"}}}};
  ASSERT_EQ(run_spec(with_metadata, {"--result", "result.json"}).status, 0);
  std::istringstream log(read("out/functions/_delta_log/00000000000000000000.json"));
  std::string line;
  std::getline(log, line);
  const Json info = Json::parse(line).at("commitInfo");
  EXPECT_EQ(info.at("codeanatomy.spec_hash").get<std::string>() + "\n",
            run({"hash", "spec.json"}).out);
  EXPECT_EQ(info.at("codeanatomy.rulepack_profile"), "Default");
  EXPECT_EQ(info.at("codeanatomy.lineage_tag.team"), "graph");
  EXPECT_EQ(info.at("owner"), "tests");
  EXPECT_EQ(info.at("codeanatomy.run_started_at"),
            Json::parse(read("result.json")).at("started_at"));
}

TEST_F(RunTest, ASecondRunMakesTheNextVersion) {
  extract();
  ASSERT_EQ(run_spec(spec()).status, 0);
  ASSERT_EQ(run_spec(spec(), {"--result", "result.json"}).status, 0);
  EXPECT_EQ(Json::parse(read("result.json")).at("outputs").at(0).at("delta_version"), 1);
  EXPECT_EQ(rows("FROM delta_scan('out/functions')").size(), 2u);
}

TEST_F(RunTest, RuntimeFileReplacesTheSpecs) {
  extract();
  write("runtime.json", R"({"lineage_tags": {"from": "file"}})");
  ASSERT_EQ(run_spec(spec(), {"--runtime", "runtime.json"}).status, 0);
  EXPECT_NE(read("out/functions/_delta_log/00000000000000000000.json")
                .find("\"codeanatomy.lineage_tag.from\":\"file\""),
            std::string::npos);
}

TEST_F(RunTest, ValidateChecksSourcesAndWritesNothing) {
  extract();
  write("spec.json", spec().dump());
  const ProgramResult result = run({"validate", "spec.json"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, "spec.json is valid: 2 inputs, 1 view, 1 output\n");
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(RunTest, HashNeedsNoSources) {
  write("spec.json", spec().dump());
  const ProgramResult result = run({"hash", "spec.json"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out.size(), 65u);
}

TEST_F(RunTest, ExplainShowsPlanScheduleAndSql) {
  extract();
  write("spec.json", spec().dump());
  const ProgramResult text = run({"explain", "spec.json"});
  ASSERT_EQ(text.status, 0) << text.err;
  for (const char* part : {"critical path", "Filter", "SELECT", "def_kind = 'function'"}) {
    EXPECT_NE(text.out.find(part), std::string::npos) << part << "\n" << text.out;
  }
  const Json json = Json::parse(run({"explain", "spec.json", "--format", "json"}).out);
  EXPECT_EQ(json.at("outputs").at(0).at("name"), "functions");
  EXPECT_EQ(json.at("task_schedule").at("execution_order").back(), "functions");
  EXPECT_TRUE(run({"explain", "spec.json", "--format", "dot"}).out.starts_with("digraph"));
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(RunTest, ExplainAnalyzeRunsTheQueries) {
  extract();
  write("spec.json", spec().dump());
  const ProgramResult result = run({"explain", "spec.json", "--analyze", "--output", "functions"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("2 rows"), std::string::npos) << result.out;
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(RunTest, SqlWritesEachFormat) {
  const std::string query = "SELECT i, 'a,' || i AS t FROM range(2) AS r(i)";
  EXPECT_EQ(run({"sql", query}).out, "{\"i\":0,\"t\":\"a,0\"}\n{\"i\":1,\"t\":\"a,1\"}\n");
  EXPECT_EQ(run({"sql", query, "--format", "csv"}).out, "i,t\n0,\"a,0\"\n1,\"a,1\"\n");
  EXPECT_EQ(run({"sql", query, "--format", "table"}).out, "i  t\n-  ---\n0  a,0\n1  a,1\n2 rows\n");
  ASSERT_EQ(run({"sql", query, "-o", "rows.parquet"}).status, 0);
  EXPECT_EQ(rows("FROM 'rows.parquet'").size(), 2u);
  EXPECT_EQ(files_in(".").size(), 4u) << "nothing but the sources and the file";
}

TEST_F(RunTest, SqlWritesNumbersThatJsonLacksAsStrings) {
  const std::string query =
      "SELECT 'nan'::DOUBLE AS a, [{'x': '-inf'::FLOAT}] AS b, MAP {'NaN': 'inf'::DOUBLE} AS c, "
      "'say \"NaN' AS d, to_json('nan'::DOUBLE) AS e, -1.5 AS f";
  const std::string wanted =
      R"({"a":"NaN","b":[{"x":"-Infinity"}],"c":{"NaN":"Infinity"},"d":"say \"NaN","e":"NaN","f":-1.5})"
      "\n";
  EXPECT_EQ(run({"sql", query}).out, wanted);
  ASSERT_EQ(run({"sql", query, "-o", "rows.jsonl"}).status, 0);
  EXPECT_EQ(read("rows.jsonl"), wanted);
}

TEST_F(RunTest, SqlNumbersColumnsOfOneNameInEveryFormat) {
  const std::string query = "SELECT 1 AS a, 2 AS a, 3 AS A";
  EXPECT_EQ(run({"sql", query}).out, "{\"a\":1,\"a_1\":2,\"A_2\":3}\n");
  EXPECT_EQ(run({"sql", query, "--format", "csv"}).out, "a,a_1,A_2\n1,2,3\n");
  EXPECT_EQ(run({"sql", query, "--format", "table"}).out,
            "a  a_1  A_2\n-  ---  ---\n1    2    3\n1 row\n");
  ASSERT_EQ(run({"sql", query, "-o", "rows.parquet"}).status, 0);
  EXPECT_EQ(rows("FROM 'rows.parquet'").at(0), Json({{"a", 1}, {"a_1", 2}, {"A_2", 3}}));
}

TEST_F(RunTest, SqlTakesOneQueryAndNothingElse) {
  for (const char* format : {"jsonl", "csv", "table"}) {
    EXPECT_EQ(run({"sql", "DESCRIBE SELECT 1; -- done", "--format", format}).status, 0);
    for (const auto& [text, complaint] :
         {std::pair{"", "the query is empty"}, std::pair{"SELECT 1; SELECT 2", "2 statements"},
          std::pair{"CREATE TABLE x(a INTEGER)", "CREATE is not one"}}) {
      const ProgramResult result = run({"sql", text, "--format", format});
      EXPECT_EQ(result.status, 2);
      EXPECT_TRUE(result.err.starts_with("error[SQL_INVALID] compilation: ")) << result.err;
      EXPECT_NE(result.err.find(complaint), std::string::npos) << result.err;
    }
  }
}

TEST_F(RunTest, SqlWritesThroughALinkAndIntoAFifo) {
  std::ofstream(folder_ / "rows.csv") << "before";
  fs::create_symlink("rows.csv", folder_ / "link.csv");
  ASSERT_EQ(run({"sql", "SELECT 1 AS a", "-o", "link.csv"}).status, 0);
  EXPECT_TRUE(fs::is_symlink(folder_ / "link.csv"));
  EXPECT_EQ(rows("FROM 'rows.csv'").size(), 1u);

  const fs::path fifo = folder_ / "fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  // Open for both, so that neither waits for the other; what is written fits its buffer.
  const int reader = ::open(fifo.c_str(), O_RDWR | O_CLOEXEC);
  EXPECT_EQ(run({"sql", "SELECT 1 AS a", "-o", "fifo"}).status, 0);
  std::string bytes(64, '\0');
  ASSERT_TRUE(fs::is_fifo(fifo));
  bytes.resize(static_cast<std::size_t>(::read(reader, bytes.data(), bytes.size())));
  ::close(reader);
  EXPECT_EQ(bytes, "{\"a\":1}\n");
}

}  // namespace
}  // namespace apps
