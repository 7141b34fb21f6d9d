// What a spec would do, in words, as JSON and as a graph.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/hash.h"
#include "engine/compiler/compile.h"

namespace apps {

// A query of a run: of a shared view's temporary table or of an output.
struct ExplainedQuery {
  std::string name;
  std::string plan;  // our own plan (plan_text.h); empty for a shared view's
  engine::BoundQuery query;
  std::string engine_plan;  // DuckDB's EXPLAIN, or EXPLAIN ANALYZE of a query that ran
};

struct Explanation {
  base::Digest spec_hash{};
  std::vector<ExplainedQuery> shared_views;
  std::vector<ExplainedQuery> outputs;
  std::map<std::string, std::vector<std::string>> dependency_map;  // task → tasks it reads
  std::map<std::string, double> task_costs;
  engine::TaskSchedule schedule;
};

std::string explanation_text(const Explanation& explanation);
nlohmann::ordered_json explanation_json(const Explanation& explanation);
// The tasks and what reads what, for Graphviz; the critical path is bold.
std::string explanation_dot(const Explanation& explanation);

}  // namespace apps
