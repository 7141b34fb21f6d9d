#include "engine/report/html_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/quantity.h"
#include "base/time.h"
#include "engine/report/html.h"
#include "engine/report/result_reader.h"
#include "engine/report/style.h"

namespace engine {
namespace {

using Kind = HtmlTable::Kind;
using Cell = HtmlTable::Cell;

Cell text_cell(std::string_view text) { return {.content = Html::text(text)}; }
Cell code_cell(std::string_view text) { return {.content = element("code", text)}; }
Cell count_cell(std::int64_t count) { return text_cell(base::count_text(count)); }

double percent(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }

Html section(std::string_view title, const Html& content) { return element("h2", title) + content; }

Html quiet(std::string_view text) { return element("p", text, {{"class", "quiet"}}); }

// Microseconds between two times of RFC 3339; nothing when one of them is none.
std::optional<std::int64_t> micros_between(const std::string& start, const std::string& end) {
  const auto from = base::parse_rfc3339(start);
  const auto to = base::parse_rfc3339(end);
  if (!from || !to) return std::nullopt;
  return *to - *from;
}

Html card(const std::string& value, std::string_view what) {
  return element("div", element("b", value) + element("span", what), {{"class", "card"}});
}

struct Totals {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
};

Totals totals_of(const std::vector<ResultReader>& outputs) {
  Totals totals;
  for (const ResultReader& output : outputs) {
    totals.rows += output.integer("rows_written");
    totals.bytes += output.object("write_outcome").integer("bytes_written");
  }
  return totals;
}

// To the second.
std::string title_of(const ResultReader& result) {
  const std::string started = result.text("started_at");
  const auto micros = base::parse_rfc3339(started);
  return "Run of " + (micros ? base::to_rfc3339(*micros - *micros % 1'000'000) : started);
}

Html headline(const ResultReader& result) {
  const auto outputs = result.array("outputs");
  const Totals totals = totals_of(outputs);
  const auto took = micros_between(result.text("started_at"), result.text("completed_at"));
  const ResultReader metrics = result.object("collected_metrics");
  const auto warnings = static_cast<std::int64_t>(result.array("warnings").size());
  Html cards = card(base::count_text(static_cast<std::int64_t>(outputs.size())),
                    outputs.size() == 1 ? "output" : "outputs") +
               card(base::count_text(totals.rows), "rows written") +
               card(base::size_text(totals.bytes), "written");
  if (took) cards += card(base::duration_text(*took), "from start to end");
  cards += card(base::size_text(metrics.integer("peak_memory_bytes")), "buffers at most") +
           card(base::size_text(metrics.integer("spilled_bytes")), "spilled to disk") +
           card(base::count_text(warnings), warnings == 1 ? "warning" : "warnings");
  return element("h1", title_of(result)) +
         quiet("CodeAnatomy Engine: what one run of a spec wrote, and how.") +
         element("div", cards, {{"class", "cards"}});
}

std::string version_text(const ResultReader& outcome) {
  return outcome.has("delta_version") ? std::to_string(outcome.integer("delta_version")) : "";
}

Html outputs_section(const ResultReader& result) {
  const auto outputs = result.array("outputs");
  std::int64_t most = 0;
  for (const ResultReader& output : outputs) most = std::max(most, output.integer("rows_written"));
  HtmlTable table({{"output"},
                   {"rows"},
                   {"files", Kind::kNumber},
                   {"size", Kind::kNumber},
                   {"version", Kind::kNumber},
                   {"location"}});
  for (const ResultReader& output : outputs) {
    const ResultReader outcome = output.object("write_outcome");
    const std::int64_t rows = output.integer("rows_written");
    Cell shown_rows = count_cell(rows);
    shown_rows.share = percent(static_cast<double>(rows), static_cast<double>(most));
    table.add_row({code_cell(output.need("table_name").text("table_name")), std::move(shown_rows),
                   count_cell(outcome.integer("files_added")),
                   text_cell(base::size_text(outcome.integer("bytes_written"))),
                   text_cell(version_text(outcome)), code_cell(output.text("delta_location"))});
  }
  return section("Outputs", table.html());
}

Html warnings_section(const ResultReader& result) {
  const auto warnings = result.array("warnings");
  if (warnings.empty()) return {};
  HtmlTable table({{"code"}, {"stage"}, {"message"}});
  for (const ResultReader& warning : warnings) {
    table.add_row({{.content = element("span", warning.text("code"), {{"class", "warn"}})},
                   text_cell(warning.text("stage")),
                   text_cell(warning.text("message"))});
  }
  return section("Warnings", table.html());
}

Html maintenance_section(const ResultReader& result) {
  const auto reports = result.array("maintenance_reports");
  if (reports.empty()) return {};
  HtmlTable table({{"table"}, {"operation"}, {"outcome"}, {"message"}});
  for (const ResultReader& report : reports) {
    const bool good = report.flag("success");
    const Html outcome =
        element("span", good ? "done" : "failed", {{"class", good ? "good" : "bad"}});
    table.add_row({code_cell(report.text("table_name")),
                   text_cell(report.text("operation")),
                   {.content = outcome},
                   text_cell(report.text("message"))});
  }
  return section("Maintenance", table.html());
}

// All operators of one name.
struct Operators {
  std::string name;
  std::int64_t count = 0;
  std::int64_t rows = 0;
  std::int64_t nanos = 0;
};

std::vector<Operators> operators_by_time(const ResultReader& metrics) {
  std::map<std::string, Operators> by_name;
  for (const ResultReader& entry : metrics.array("operator_metrics")) {
    Operators& same = by_name[entry.text("operator_name")];
    ++same.count;
    same.rows += entry.integer("output_rows");
    same.nanos += entry.integer("elapsed_compute_nanos");
  }
  std::vector<Operators> operators;
  for (auto& [name, same] : by_name) {
    same.name = name;
    operators.push_back(std::move(same));
  }
  std::ranges::stable_sort(operators, std::ranges::greater(), &Operators::nanos);
  return operators;
}

Html time_section(const ResultReader& result) {
  const ResultReader metrics = result.object("collected_metrics");
  const std::vector<Operators> operators = operators_by_time(metrics);
  if (operators.empty()) return {};
  double all = 0;
  for (const Operators& same : operators) all += static_cast<double>(same.nanos);
  HtmlTable table({{"operator"},
                   {"processor time, all threads"},
                   {"of all", Kind::kNumber},
                   {"how many", Kind::kNumber},
                   {"rows out", Kind::kNumber}});
  for (const Operators& same : operators) {
    const double part = percent(static_cast<double>(same.nanos), all);
    Cell time = text_cell(base::duration_text(same.nanos / 1000));
    time.share =
        percent(static_cast<double>(same.nanos), static_cast<double>(operators.front().nanos));
    table.add_row({code_cell(same.name), std::move(time), text_cell(fmt::format("{:.1f} %", part)),
                   count_cell(same.count), count_cell(same.rows)});
  }
  const std::string words =
      fmt::format("{} in all; scans gave {:.1f} % of the rows they read; {} parallel streams.",
                  base::duration_text(metrics.integer("elapsed_compute_nanos") / 1000),
                  100 * metrics.number("scan_selectivity"),
                  base::count_text(metrics.integer("partition_count")));
  return section("Where the time went", quiet(words) + table.html());
}

Html schedule_section(const ResultReader& result) {
  if (!result.has("task_schedule")) return {};
  const ResultReader schedule = result.object("task_schedule");
  const auto order = schedule.texts("execution_order");
  const auto path = schedule.texts("critical_path");
  const std::set<std::string> critical(path.begin(), path.end());
  const ResultReader costs = schedule.object("bottom_level_costs");
  const ResultReader slack = schedule.object("slack_by_task");
  double most = 0;
  for (const std::string& task : order) most = std::max(most, costs.number(task));
  HtmlTable table({{"#", Kind::kNumber},
                   {"task"},
                   {"cost to the end, estimated"},
                   {"slack", Kind::kNumber},
                   {"critical path"}});
  std::int64_t place = 0;
  for (const std::string& task : order) {
    Cell cost = text_cell(fmt::format("{:.1f}", costs.number(task)));
    cost.share = percent(costs.number(task), most);
    table.add_row({count_cell(++place), code_cell(task), std::move(cost),
                   text_cell(fmt::format("{:.1f}", slack.number(task))),
                   text_cell(critical.contains(task) ? "on it" : "")});
  }
  const std::string words =
      fmt::format("{}; the critical path costs {:.1f}: {}",
                  base::counted_text(static_cast<std::int64_t>(order.size()), "task"),
                  schedule.number("critical_path_length"), fmt::join(path, " → "));
  return section(
      "Schedule",
      quiet(words) +
          element("details", element("summary", "Tasks in the order they ran") + table.html()));
}

Html proof_section(const ResultReader& result) {
  HtmlTable table({{"hash"}, {"value"}, {"the same means"}});
  table.add_row({code_cell("spec_hash"), code_cell(result.need("spec_hash").hash("spec_hash")),
                 text_cell("the same spec")});
  table.add_row({code_cell("envelope_hash"),
                 code_cell(result.need("envelope_hash").hash("envelope_hash")),
                 text_cell("the same inputs, settings and versions")});
  table.add_row({code_cell("rulepack_fingerprint"),
                 code_cell(result.need("rulepack_fingerprint").hash("rulepack_fingerprint")),
                 text_cell("the same rules in the same order")});
  return section("Proof", quiet("A replay of the run is valid when all three are equal. They are "
                                "in the commitInfo of every output, too.") +
                              table.html());
}

Html plans_section(const ResultReader& result) {
  const auto outputs = result.array("outputs");
  const auto bundles = result.array("plan_bundles");
  Html plans;
  for (std::size_t i = 0; i < bundles.size(); ++i) {
    const std::string name = i < outputs.size() ? outputs[i].text("table_name") : "";
    for (const auto& [field, title] : {std::pair{"sql_text", "SQL"},
                                       {"p1_text", "optimized plan"},
                                       {"p2_text", "physical plan"}}) {
      const std::string text = bundles[i].text(field);
      if (text.empty()) continue;
      plans += element("details", element("summary", name + ": " + title) + element("pre", text));
    }
  }
  return plans.empty() ? plans : section("Plans", plans);
}

nlohmann::json parsed(std::string_view text) {
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    throw base::Error(base::Stage::kValidation, "RESULT_INVALID",
                      "this is no RunResult: it is not JSON, at byte " + std::to_string(error.byte),
                      {{"path", "$"}});
  }
}

}  // namespace

std::string html_report(std::string_view run_result) {
  const nlohmann::json json = parsed(run_result);
  const ResultReader result(json, "$");
  result.need("outputs");
  const Html body = headline(result) + outputs_section(result) + warnings_section(result) +
                    maintenance_section(result) + time_section(result) + schedule_section(result) +
                    proof_section(result) + plans_section(result);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n{}<style>\n{}</style>\n</head>\n{}"
      "</html>\n",
      element("title", title_of(result)).markup(), report_style(), element("body", body).markup());
}

}  // namespace engine
