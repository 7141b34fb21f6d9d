// From a spec and its inputs' schemas to the queries of a run.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delta/schema.h"
#include "delta/snapshot.h"
#include "delta/value.h"
#include "duck/database.h"
#include "engine/compiler/plan.h"
#include "engine/compiler/task_schedule.h"
#include "engine/spec/run_warning.h"
#include "engine/spec/spec.h"

namespace engine {

// An input as registered in the database, under its logical name.
struct InputTable {
  std::string name;
  std::shared_ptr<const delta::Snapshot> snapshot;
  std::vector<duck::ResultColumn> columns;
  std::optional<std::int64_t> rows;
};

// A query with what is bound to its placeholders.
struct BoundQuery {
  std::string sql;
  std::vector<delta::Value> parameters;
};

struct CompiledView {
  std::string name;
  PlanPtr plan;  // over inputs and other views by name
  std::vector<duck::ResultColumn> columns;
  bool shared =
      false;  // computed once, into a temporary table, since two or more consumers read it
};

// A shared view's query, over inputs and the temporary tables of shared views before it.
struct SharedView {
  std::string name;
  std::string table;  // the temporary table's name, not quoted
  BoundQuery query;
};

struct CompiledOutput {
  OutputTarget target;
  PlanPtr plan;  // over inputs and shared views by name; all other views are expanded into it
  BoundQuery query;
  delta::Schema schema;
  std::vector<std::string> sorted_by;     // columns the rows come sorted by; empty: no order
  std::vector<std::string> shared_views;  // that the query reads
};

struct CompiledSpec {
  std::vector<CompiledView> views;                                 // in dependency order
  std::vector<SharedView> shared_views;                            // in the order to run them
  std::vector<CompiledOutput> outputs;                             // in the spec's order
  std::map<std::string, std::vector<std::string>> dependency_map;  // task → tasks it reads
  TaskSchedule schedule;
  std::vector<RunWarning> warnings;
};

// Compiles against `connection`, in which the inputs are registered; no view is run. What Metadata
// and FileManifest read is put into temporary tables there, so the queries belong to that
// connection. Throws base::Error: VIEW_LOWERING_FAILED at Stage::kCompilation (details["view"] or
// ["output"], and
// ["path"], the JSON path), naming the column, function or type at fault; INVALID_SPEC at
// Stage::kValidation for typed parameters, cache overrides, and output and partition columns that
// do not fit the spec or its inputs.
CompiledSpec compile(const Spec& spec, const std::vector<InputTable>& inputs,
                     duck::Connection& connection);

}  // namespace engine
