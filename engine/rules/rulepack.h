// The rules that shape a run's plans, under one fingerprint: contract/results.md, "Determinism".
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "engine/spec/run_warning.h"
#include "engine/spec/spec.h"

namespace engine {

struct Rulepack {
  std::string profile;                 // "Default", "LowLatency", "Replay" or "Strict"
  std::vector<std::string> rules;      // in force, in the order in which they run
  std::set<std::string> switched_off;  // rules of the engine that do not run
  base::Digest fingerprint{};
  std::vector<RunWarning> warnings;  // overlay entries without effect
};

// "Default", ….
std::string_view to_string(RulepackProfile profile);

// `engine_rules` are the optimizers that DuckDB has, in its order; `switched_off` those that the
// session's runtime profile does without. The overlay's exclude_rules are added to them; a name
// that is no rule here, or a priority (DuckDB's order is fixed), gives a warning.
// The fingerprint is BLAKE3 over profile, rules in force, overlay and intents: equal in every
// process for one spec and one DuckDB version.
Rulepack assemble_rulepack(const Spec& spec, const std::vector<std::string>& engine_rules,
                           const std::set<std::string>& switched_off);

}  // namespace engine
