// A small valid spec that tests change.
#pragma once

#include <nlohmann/json.hpp>

namespace engine {

inline nlohmann::json sample_spec() {
  return nlohmann::json::parse(R"({
    "version": 4,
    "input_relations": [{"logical_name": "calls", "delta_location": "/data/calls"}],
    "view_definitions": [
      {"name": "a", "view_kind": "filter", "view_dependencies": [],
       "transform": {"kind": "Filter", "source": "calls", "predicate": "x > 1"},
       "output_schema": {"columns": {}}},
      {"name": "b", "view_kind": "project", "view_dependencies": ["a"],
       "transform": {"kind": "Project", "source": "a", "columns": ["x"]},
       "output_schema": {"columns": {"x": "Int64"}}}
    ],
    "join_graph": {"edges": [], "constraints": []},
    "output_targets": [{"table_name": "out", "source_view": "b", "columns": []}],
    "rule_intents": [],
    "rulepack_profile": "Default"
  })");
}

}  // namespace engine
