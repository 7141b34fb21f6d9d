#include "apps/codeanatomy/explanation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "apps/codeanatomy/text_table.h"
#include "engine/executor/run_result.h"

namespace apps {
namespace {

std::string value_text(const delta::Value& value) {
  if (delta::is_null(value)) return "NULL";
  return delta::serialize_partition_value(value).value_or("''");
}

std::vector<std::string> parameter_texts(const engine::BoundQuery& query) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < query.parameters.size(); ++i) {
    texts.push_back(fmt::format("${} = {}", i + 1, value_text(query.parameters[i])));
  }
  return texts;
}

double at_or_zero(const std::map<std::string, double>& costs, const std::string& task) {
  const auto entry = costs.find(task);
  return entry == costs.end() ? 0 : entry->second;
}

std::string schedule_text(const Explanation& explanation) {
  using Align = TextTable::Align;
  TextTable table({{"task"},
                   {"cost", Align::kRight},
                   {"to the end", Align::kRight},
                   {"slack", Align::kRight},
                   {"reads"}});
  const engine::TaskSchedule& schedule = explanation.schedule;
  for (const std::string& task : schedule.execution_order) {
    const auto reads = explanation.dependency_map.find(task);
    table.add_row({task, fmt::format("{:.1f}", at_or_zero(explanation.task_costs, task)),
                   fmt::format("{:.1f}", at_or_zero(schedule.bottom_level_costs, task)),
                   fmt::format("{:.1f}", at_or_zero(schedule.slack_by_task, task)),
                   reads == explanation.dependency_map.end()
                       ? ""
                       : fmt::format("{}", fmt::join(reads->second, ", "))});
  }
  return table.to_string() + fmt::format("critical path ({:.1f}): {}\n",
                                         schedule.critical_path_length,
                                         fmt::join(schedule.critical_path, " > "));
}

std::string query_text(const std::string& kind, const ExplainedQuery& query) {
  std::string text =
      fmt::format("\n{} {}\n\n{}\n{}\n", kind, query.name, query.plan, query.query.sql);
  for (const std::string& parameter : parameter_texts(query.query)) text += parameter + "\n";
  return text + "\n" + query.engine_plan + "\n";
}

nlohmann::ordered_json query_json(const ExplainedQuery& query) {
  return {{"name", query.name},
          {"plan", query.plan},
          {"sql", query.query.sql},
          {"parameters", parameter_texts(query.query)},
          {"engine_plan", query.engine_plan}};
}

nlohmann::ordered_json queries_json(const std::vector<ExplainedQuery>& queries) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const ExplainedQuery& query : queries) json.push_back(query_json(query));
  return json;
}

std::string dot_quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char character : text) {
    if (character == '"' || character == '\\') quoted += '\\';
    quoted += character;
  }
  return quoted + '"';
}

bool names(const std::vector<ExplainedQuery>& queries, const std::string& task) {
  return std::ranges::find(queries, task, &ExplainedQuery::name) != queries.end();
}

// Inputs are cylinders, outputs boxes, views round; a shared view has two rims.
std::string dot_shape(const Explanation& explanation, const std::string& task) {
  if (names(explanation.outputs, task)) return "shape=box";
  if (names(explanation.shared_views, task)) return "shape=ellipse, peripheries=2";
  const auto reads = explanation.dependency_map.find(task);
  const bool is_input = reads == explanation.dependency_map.end() || reads->second.empty();
  return is_input ? "shape=cylinder" : "shape=ellipse";
}

}  // namespace

std::string explanation_text(const Explanation& explanation) {
  std::string text = fmt::format("spec_hash {}\n\n{}", base::to_hex(explanation.spec_hash),
                                 schedule_text(explanation));
  for (const ExplainedQuery& view : explanation.shared_views) {
    text += query_text("shared view", view);
  }
  for (const ExplainedQuery& output : explanation.outputs) text += query_text("output", output);
  return text;
}

nlohmann::ordered_json explanation_json(const Explanation& explanation) {
  nlohmann::ordered_json dependencies = nlohmann::ordered_json::object();
  for (const auto& [task, reads] : explanation.dependency_map) dependencies[task] = reads;
  nlohmann::ordered_json costs = nlohmann::ordered_json::object();
  for (const auto& [task, cost] : explanation.task_costs) costs[task] = cost;
  return {{"spec_hash", base::to_hex(explanation.spec_hash)},
          {"outputs", queries_json(explanation.outputs)},
          {"shared_views", queries_json(explanation.shared_views)},
          {"dependency_map", std::move(dependencies)},
          {"task_costs", std::move(costs)},
          {"task_schedule", engine::to_json(explanation.schedule)}};
}

std::string explanation_dot(const Explanation& explanation) {
  const std::vector<std::string>& path = explanation.schedule.critical_path;
  const std::set<std::string> critical(path.begin(), path.end());
  std::string text = "digraph spec {\n  rankdir=LR;\n";
  for (const std::string& task : explanation.schedule.execution_order) {
    text += fmt::format(
        "  {} [{}{}, label={}];\n", dot_quoted(task), dot_shape(explanation, task),
        critical.contains(task) ? ", style=bold" : "",
        dot_quoted(fmt::format("{} ({:.1f})", task, at_or_zero(explanation.task_costs, task))));
  }
  for (const auto& [task, reads] : explanation.dependency_map) {
    for (const std::string& source : reads) {
      const bool is_bold = critical.contains(task) && critical.contains(source);
      text += fmt::format("  {} -> {}{};\n", dot_quoted(source), dot_quoted(task),
                          is_bold ? " [style=bold]" : "");
    }
  }
  return text + "}\n";
}

}  // namespace apps
