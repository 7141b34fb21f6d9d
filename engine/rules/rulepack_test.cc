#include "engine/rules/rulepack.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

std::vector<std::string> engine_rules() { return {"filter_pushdown", "join_order", "top_n"}; }

TEST(Rulepack, HoldsTheEnginesRulesInTheirOrder) {
  const Rulepack rulepack = assemble_rulepack(Spec{}, engine_rules(), {});
  EXPECT_EQ(rulepack.profile, "Default");
  EXPECT_EQ(rulepack.rules, engine_rules());
  EXPECT_TRUE(rulepack.warnings.empty());
}

TEST(Rulepack, LeavesOutWhatTheProfileAndTheOverlaySwitchOff) {
  Spec spec;
  spec.rule_overlay = RuleOverlay{.exclude_rules = {"top_n"}};
  const Rulepack rulepack = assemble_rulepack(spec, engine_rules(), {"join_order"});
  EXPECT_EQ(rulepack.rules, std::vector<std::string>{"filter_pushdown"});
  EXPECT_EQ(rulepack.switched_off, (std::set<std::string>{"join_order", "top_n"}));
}

TEST(Rulepack, WarnsOfAnExcludedRuleThatTheEngineLacks) {
  Spec spec;
  spec.rule_overlay = RuleOverlay{.exclude_rules = {"optimize_unions"}};
  const Rulepack rulepack = assemble_rulepack(spec, engine_rules(), {});
  ASSERT_EQ(rulepack.warnings.size(), 1u);
  EXPECT_EQ(rulepack.warnings[0].context.at("rule_name"), "optimize_unions");
}

TEST(Rulepack, WarnsOfAPriorityThatCannotBeGiven) {
  Spec spec;
  spec.rule_overlay = RuleOverlay{.priority_overrides = {{"join_order", 3}}};
  EXPECT_EQ(assemble_rulepack(spec, engine_rules(), {}).warnings.size(), 1u);
}

TEST(Rulepack, HasOneFingerprintForOneSpec) {
  EXPECT_EQ(assemble_rulepack(Spec{}, engine_rules(), {}).fingerprint,
            assemble_rulepack(Spec{}, engine_rules(), {}).fingerprint);
}

TEST(Rulepack, FingerprintDependsOnProfileRulesOverlayAndIntents) {
  const base::Digest plain = assemble_rulepack(Spec{}, engine_rules(), {}).fingerprint;
  Spec strict;
  strict.rulepack_profile = RulepackProfile::kStrict;
  Spec with_overlay;
  with_overlay.rule_overlay = RuleOverlay{};
  Spec with_intent;
  with_intent.rule_intents = {{"keep_ids", RuleClass::kSafety, {{"level", 1}}}};
  Spec with_other_intent;
  with_other_intent.rule_intents = {{"keep_ids", RuleClass::kSafety, {{"level", 2}}}};
  const std::set<base::Digest> all = {
      plain,
      assemble_rulepack(strict, engine_rules(), {}).fingerprint,
      assemble_rulepack(with_overlay, engine_rules(), {}).fingerprint,
      assemble_rulepack(with_intent, engine_rules(), {}).fingerprint,
      assemble_rulepack(with_other_intent, engine_rules(), {}).fingerprint,
      assemble_rulepack(Spec{}, engine_rules(), {"top_n"}).fingerprint,
  };
  EXPECT_EQ(all.size(), 6u);
}

}  // namespace
}  // namespace engine
