#include "engine/report/html_report.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace engine {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

json hash(int byte) { return json(std::vector<int>(32, byte)); }

json run_result() {
  return {
      {"outputs",
       {{{"table_name", "<nodes>"},
         {"delta_location", "/data/out/nodes"},
         {"rows_written", 1234567},
         {"partition_count", 4},
         {"write_outcome",
          {{"status", "captured"},
           {"delta_version", 7},
           {"files_added", 2},
           {"bytes_written", 12897485}}}}}},
      {"spec_hash", hash(0)},
      {"envelope_hash", hash(171)},
      {"rulepack_fingerprint", hash(255)},
      {"plan_bundles", {{{"sql_text", "SELECT a < b"}, {"p2_text", nullptr}}}},
      {"task_schedule",
       {{"execution_order", {"in", "v", "<nodes>"}},
        {"critical_path", {"in", "<nodes>"}},
        {"critical_path_length", 12.5},
        {"bottom_level_costs", {{"in", 12.5}, {"v", 2.0}, {"<nodes>", 1.0}}},
        {"slack_by_task", {{"v", 3.5}}}}},
      {"collected_metrics",
       {{"elapsed_compute_nanos", 3'200'000'000},
        {"peak_memory_bytes", 1 << 30},
        {"scan_selectivity", 0.25},
        {"partition_count", 4},
        {"operator_metrics",
         {{{"operator_name", "SCAN"}, {"output_rows", 5}, {"elapsed_compute_nanos", 1'000'000'000}},
          {{"operator_name", "JOIN"}, {"output_rows", 6}, {"elapsed_compute_nanos", 2'000'000'000}},
          {{"operator_name", "SCAN"},
           {"output_rows", 7},
           {"elapsed_compute_nanos", 200'000'000}}}}}},
      {"maintenance_reports",
       {{{"table_name", "nodes"}, {"operation", "vacuum"}, {"success", false}, {"message", "no"}}}},
      {"warnings",
       {{{"code", "MaintenanceFailed"}, {"stage", "Maintenance"}, {"message", "a & b"}}}},
      {"started_at", "2026-11-22T09:42:05.360146765Z"},
      {"completed_at", "2026-11-22T09:42:08.560146Z"}};
}

std::string report(const json& result) { return html_report(result.dump()); }

TEST(HtmlReport, ShowsWhatWasWritten) {
  EXPECT_THAT(report(run_result()),
              AllOf(HasSubstr("<code>&lt;nodes&gt;</code>"), HasSubstr("1,234,567"),
                    HasSubstr("12.3 MiB"), HasSubstr("/data/out/nodes"), HasSubstr(">7</td>"),
                    HasSubstr("3.2 s"), Not(HasSubstr("<nodes>"))));
}

TEST(HtmlReport, ShowsWarningsMaintenanceAndPlansWhereThereAreAny) {
  EXPECT_THAT(report(run_result()), AllOf(HasSubstr("a &amp; b"), HasSubstr(">failed</span>"),
                                          HasSubstr("SELECT a &lt; b")));
  json plain = run_result();
  plain["warnings"] = json::array();
  plain["maintenance_reports"] = json::array();
  plain["plan_bundles"] = json::array();
  EXPECT_THAT(report(plain), AllOf(Not(HasSubstr(">Warnings<")), Not(HasSubstr(">Maintenance<")),
                                   Not(HasSubstr(">Plans<"))));
}

TEST(HtmlReport, AddsUpOperatorsOfOneNameAndPutsTheSlowestFirst) {
  const std::string html = report(run_result());
  EXPECT_LT(html.find("<code>JOIN</code>"), html.find("<code>SCAN</code>"));
  EXPECT_THAT(html, AllOf(HasSubstr("1.2 s"), HasSubstr("37.5 %"), HasSubstr(">12</td>")));
}

TEST(HtmlReport, ShowsTheCriticalPathAndTheHashes) {
  std::string ab;
  for (int i = 0; i < 32; ++i) ab += "ab";
  EXPECT_THAT(report(run_result()),
              AllOf(HasSubstr("in → &lt;nodes&gt;"), HasSubstr("12.5"), HasSubstr(ab)));
}

TEST(HtmlReport, NeedsNoNetworkAndNoScript) {
  EXPECT_THAT(report(run_result()), AllOf(Not(HasSubstr("http")), Not(HasSubstr("<script"))));
}

TEST(HtmlReport, RefusesWhatIsNoRunResult) {
  const auto path_of_error = [](const std::string& text) {
    try {
      html_report(text);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "RESULT_INVALID");
      return error.details().at("path");
    }
    return std::string("no error");
  };
  EXPECT_EQ(path_of_error("{"), "$");
  EXPECT_EQ(path_of_error("[]"), "$");
  EXPECT_EQ(path_of_error("{}"), "$.outputs");
  json wrong = run_result();
  wrong["outputs"][0]["rows_written"] = "many";
  EXPECT_EQ(path_of_error(wrong.dump()), "$.outputs[0].rows_written");
  wrong = run_result();
  wrong["spec_hash"][31] = 256;
  EXPECT_EQ(path_of_error(wrong.dump()), "$.spec_hash");
  wrong = run_result();
  wrong.erase("envelope_hash");
  EXPECT_EQ(path_of_error(wrong.dump()), "$.envelope_hash");
}

}  // namespace
}  // namespace engine
