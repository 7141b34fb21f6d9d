#include <algorithm>
#include <memory>

#include "apps/codeanatomy/commands.h"
#include "apps/codeanatomy/explanation.h"
#include "apps/codeanatomy/session_options.h"
#include "apps/codeanatomy/text_file.h"
#include "base/error.h"
#include "duck/interrupt_watch.h"
#include "duck/sql_text.h"
#include "engine/compiler/plan_text.h"
#include "engine/executor/pipeline.h"
#include "engine/executor/shared_view_lifetimes.h"

namespace apps {
namespace {

struct ExplainOptions {
  std::string spec_file;
  std::string output;
  std::string format = "text";
  bool analyze = false;
  SessionOptions session;
};

// DuckDB's own plan of `query`; with `analyze` the query runs, and its rows are dropped.
std::string engine_plan(duck::Connection& connection, const engine::BoundQuery& query,
                        bool analyze) {
  const duck::ResultRows rows =
      connection.query((analyze ? "EXPLAIN ANALYZE " : "EXPLAIN ") + query.sql, query.parameters);
  std::string text;
  for (const auto& row : rows.rows) {
    const auto* const value = std::get_if<std::string>(&row.back());
    if (value != nullptr) text += *value;
  }
  return text;
}

// The temporary table that later queries read; without `analyze` it stays empty.
void make_table(duck::Connection& connection, const engine::SharedView& view, bool analyze) {
  connection.execute("CREATE TEMPORARY TABLE " + duck::quote_identifier(view.table) + " AS " +
                         view.query.sql + (analyze ? "" : " WITH NO DATA"),
                     view.query.parameters);
}

class Explainer {
 public:
  Explainer(const engine::Spec& spec, const engine::CompiledSpec& compiled,
            duck::Connection& connection, bool analyze)
      : compiled_(compiled), connection_(connection), analyze_(analyze) {
    explanation_.spec_hash = spec.spec_hash;
    explanation_.dependency_map = compiled.dependency_map;
    explanation_.schedule = compiled.schedule;
  }

  // All outputs, or the one named.
  Explanation explain(const std::string& only) {
    const std::vector<const engine::CompiledOutput*> outputs = chosen_outputs(only);
    for (const engine::SharedViewSteps& step : engine::plan_shared_views(compiled_, outputs)) {
      for (const engine::SharedView* view : step.compute) add(*view);
    }
    for (const engine::CompiledOutput* output : outputs) {
      explanation_.outputs.push_back(
          {.name = output->target.table_name,
           .plan = engine::plan_text(*output->plan),
           .query = output->query,
           .engine_plan = engine_plan(connection_, output->query, analyze_)});
    }
    return std::move(explanation_);
  }

 private:
  std::vector<const engine::CompiledOutput*> chosen_outputs(const std::string& only) const {
    std::vector<const engine::CompiledOutput*> outputs = engine::outputs_in_order(compiled_);
    if (only.empty()) return outputs;
    std::erase_if(outputs, [&](const engine::CompiledOutput* output) {
      return output->target.table_name != only;
    });
    if (outputs.empty()) {
      throw base::Error(base::Stage::kValidation, "USAGE", "the spec has no output '" + only + "'",
                        {{"output", only}});
    }
    return outputs;
  }

  void add(const engine::SharedView& view) {
    explanation_.shared_views.push_back(
        {.name = view.name,
         .plan = engine::plan_text(
             *std::ranges::find(compiled_.views, view.name, &engine::CompiledView::name)->plan),
         .query = view.query,
         .engine_plan = engine_plan(connection_, view.query, analyze_)});
    make_table(connection_, view, analyze_);
  }

  const engine::CompiledSpec& compiled_;
  duck::Connection& connection_;
  bool analyze_;
  Explanation explanation_;
};

std::map<std::string, std::int64_t> known_rows(const engine::ExecutionContext& context) {
  std::map<std::string, std::int64_t> rows;
  for (const engine::TableRegistration& table : context.tables) {
    if (table.rows) rows[table.name] = *table.rows;
  }
  return rows;
}

std::string in_format(const Explanation& explanation, const std::string& format) {
  using Json = nlohmann::ordered_json;
  if (format == "dot") return explanation_dot(explanation);
  if (format == "text") return explanation_text(explanation);
  return explanation_json(explanation).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void explain(const ExplainOptions& options, const std::stop_token& stop) {
  const engine::Spec spec = engine::parse_spec(read_text_file(options.spec_file));
  engine::validate_spec(spec);
  engine::ExecutionContext context = engine::prepare_execution_context(
      spec, options.session.profile, options.session.overrides(), {.stop = stop});
  const engine::CompiledSpec compiled = engine::compile_for_run(spec, context);
  const duck::InterruptWatch watch(*context.connection, stop);
  Explanation explanation =
      Explainer(spec, compiled, *context.connection, options.analyze).explain(options.output);
  explanation.task_costs = engine::task_costs(spec, known_rows(context));
  write_standard_output(in_format(explanation, options.format));
}

}  // namespace

void add_explain_command(CLI::App& program, ChosenCommand& chosen) {
  const auto options = std::make_shared<ExplainOptions>();
  CLI::App* command =
      program.add_subcommand("explain", "Show a spec's queries, plans, schedule and costs");
  command->add_option("SPEC.json", options->spec_file, "The spec")->required();
  command->add_option("--output", options->output, "Only this output and what it needs")
      ->type_name("TABLE");
  command->add_option("--format", options->format, "text (the default), json or dot")
      ->check(CLI::IsMember({"text", "json", "dot"}))
      ->option_text("FORMAT");
  command->add_flag("--analyze", options->analyze,
                    "Run the queries, without writing, and show what each operator did");
  options->session.add_to(*command);
  command->callback([options, &chosen] {
    chosen = [options](const std::stop_token& stop) { explain(*options, stop); };
  });
}

}  // namespace apps
