#include "engine/executor/execution_context.h"

#include "base/error.h"
#include "base/time.h"
#include "duck/interrupt_watch.h"
#include "duck/sql_text.h"
#include "engine/providers/input_registration.h"
#include "engine/session/ignored_settings.h"

namespace engine {
namespace {

std::unique_ptr<duck::Database> open_database(const SessionConfig& config) {
  try {
    return std::make_unique<duck::Database>(config.database_config());
  } catch (const base::Error& error) {
    base::Error::Details details = error.details();
    details["cause"] = error.code();
    throw base::Error(error.stage(), "SESSION_INITIALIZATION_FAILED", error.message(),
                      std::move(details));
  }
}

std::vector<std::string> optimizers(duck::Connection& connection) {
  std::vector<std::string> names;
  for (const auto& row : connection.query("SELECT name FROM duckdb_optimizers()").rows) {
    names.push_back(std::get<std::string>(row.at(0)));
  }
  return names;
}

void switch_off(duck::Connection& connection, const std::set<std::string>& optimizers) {
  std::string names;
  for (const std::string& name : optimizers) names += (names.empty() ? "" : ",") + name;
  if (names.empty()) return;
  connection.execute("SET disabled_optimizers = " + duck::quote_string(names));
}

void append(std::vector<RunWarning>& to, const std::vector<RunWarning>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::vector<InputTable> ExecutionContext::inputs() const {
  std::vector<InputTable> inputs;
  for (const TableRegistration& table : tables) {
    inputs.push_back({.name = table.name,
                      .snapshot = table.snapshot,
                      .columns = connection->describe("FROM " + duck::quote_identifier(table.name)),
                      .rows = table.rows});
  }
  return inputs;
}

ExecutionContext prepare_execution_context(const Spec& spec, const std::string& environment,
                                           const SessionOverrides& overrides,
                                           const RunControl& control) {
  control.tell({.step = RunStep::kPreflight});
  ExecutionContext context;
  context.started_at_us = base::now_us();
  context.config =
      configure_session(environment_profile(environment), spec.runtime_profile, overrides);
  context.database = open_database(context.config);
  context.connection = std::make_unique<duck::Connection>(*context.database);
  context.rulepack = assemble_rulepack(spec, optimizers(*context.connection),
                                       context.config.switched_off_optimizers);
  switch_off(*context.connection, context.rulepack.switched_off);

  RegisteredInputs registered = register_inputs(spec.input_relations, *context.database);
  duck::throw_if_stopped(control.stop);
  context.tables = std::move(registered.tables);
  append(context.warnings, ignored_settings(spec));
  append(context.warnings, context.config.warnings);
  append(context.warnings, context.rulepack.warnings);
  append(context.warnings, registered.warnings);
  context.envelope = capture_envelope(spec.spec_hash, context.config, context.rulepack,
                                      {.engine_version = duck::Database::engine_version(),
                                       .settings = context.database->settings(),
                                       .functions = context.database->added_functions()},
                                      context.tables);
  control.tell({.step = RunStep::kPreflight, .finished = true});
  return context;
}

}  // namespace engine
