#include "engine/rules/rulepack.h"

#include <algorithm>

namespace engine {
namespace {

std::string_view to_string(RuleClass rule_class) {
  switch (rule_class) {
    case RuleClass::kSemanticIntegrity:
      return "SemanticIntegrity";
    case RuleClass::kDeltaScanAware:
      return "DeltaScanAware";
    case RuleClass::kCostShape:
      return "CostShape";
    case RuleClass::kSafety:
      return "Safety";
  }
  return "";
}

void hash_intents(base::FieldHasher& hasher, const std::vector<RuleIntent>& intents) {
  hasher.add(static_cast<std::int64_t>(intents.size()));
  for (const RuleIntent& intent : intents) {
    hasher.add(intent.name).add(to_string(intent.rule_class)).add(intent.params.dump());
  }
}

void hash_names(base::FieldHasher& hasher, const std::vector<std::string>& names) {
  hasher.add(static_cast<std::int64_t>(names.size()));
  for (const std::string& name : names) hasher.add(name);
}

void hash_overlay(base::FieldHasher& hasher, const RuleOverlay& overlay) {
  hash_intents(hasher, overlay.additional_intents);
  hash_names(hasher, overlay.exclude_rules);
  hasher.add(static_cast<std::int64_t>(overlay.priority_overrides.size()));
  for (const PriorityOverride& entry : overlay.priority_overrides) {
    hasher.add(entry.rule_name).add(entry.priority);
  }
  hasher.add(std::int64_t{overlay.explain_per_rule});
}

base::Digest fingerprint_of(const Rulepack& rulepack, const Spec& spec) {
  base::FieldHasher hasher;
  hasher.add("codeanatomy.rulepack.v1").add(rulepack.profile);
  hash_names(hasher, rulepack.rules);
  hash_intents(hasher, spec.rule_intents);
  hasher.add(std::int64_t{spec.rule_overlay.has_value()});
  if (spec.rule_overlay) hash_overlay(hasher, *spec.rule_overlay);
  return hasher.finish();
}

RunWarning without_effect(const std::string& rule, const std::string& message) {
  return {WarningCode::kSemanticValidationWarning,
          WarningStage::kCompilation,
          message,
          {{"rule_name", rule}}};
}

void apply_overlay(Rulepack& rulepack, const RuleOverlay& overlay,
                   const std::vector<std::string>& engine_rules) {
  for (const std::string& rule : overlay.exclude_rules) {
    if (std::ranges::find(engine_rules, rule) != engine_rules.end()) {
      rulepack.switched_off.insert(rule);
    } else {
      rulepack.warnings.push_back(without_effect(rule, "rule_overlay.exclude_rules names '" + rule +
                                                           "', which this engine does not have"));
    }
  }
  for (const PriorityOverride& entry : overlay.priority_overrides) {
    rulepack.warnings.push_back(without_effect(
        entry.rule_name, "rule_overlay.priority_overrides has no effect on '" + entry.rule_name +
                             "': the engine's rules run in a fixed order"));
  }
}

}  // namespace

std::string_view to_string(RulepackProfile profile) {
  switch (profile) {
    case RulepackProfile::kDefault:
      return "Default";
    case RulepackProfile::kLowLatency:
      return "LowLatency";
    case RulepackProfile::kReplay:
      return "Replay";
    case RulepackProfile::kStrict:
      return "Strict";
  }
  return "";
}

Rulepack assemble_rulepack(const Spec& spec, const std::vector<std::string>& engine_rules,
                           const std::set<std::string>& switched_off) {
  Rulepack rulepack;
  rulepack.profile = to_string(spec.rulepack_profile);
  rulepack.switched_off = switched_off;
  if (spec.rule_overlay) apply_overlay(rulepack, *spec.rule_overlay, engine_rules);
  std::ranges::copy_if(
      engine_rules, std::back_inserter(rulepack.rules),
      [&](const std::string& rule) { return !rulepack.switched_off.contains(rule); });
  rulepack.fingerprint = fingerprint_of(rulepack, spec);
  return rulepack;
}

}  // namespace engine
