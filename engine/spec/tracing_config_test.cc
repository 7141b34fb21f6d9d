#include <gtest/gtest.h>

#include "engine/spec/spec.h"

namespace engine {
namespace {

TracingConfig effective(const std::string& json) { return effective_tracing(parse_runtime(json)); }

TEST(EffectiveTracing, IsOffByDefault) {
  const auto config = effective("{}");
  EXPECT_FALSE(config.enabled);
  EXPECT_TRUE(config.record_metrics);
  EXPECT_EQ(config.rule_mode, RuleMode::kDisabled);
}

TEST(EffectiveTracing, TakesThePreset) {
  const auto maximal = effective(R"({"tracing_preset": "Maximal"})");
  EXPECT_TRUE(maximal.enabled && maximal.record_metrics && maximal.instrument_object_store);
  EXPECT_TRUE(maximal.plan_diff);
  EXPECT_EQ(maximal.rule_mode, RuleMode::kFull);
  EXPECT_EQ(maximal.preview_limit, 5U);

  const auto no_data = effective(R"({"tracing_preset": "MaximalNoData"})");
  EXPECT_TRUE(no_data.plan_diff);
  EXPECT_EQ(no_data.preview_limit, 0U);

  const auto lean = effective(R"({"tracing_preset": "ProductionLean"})");
  EXPECT_FALSE(lean.plan_diff);
  EXPECT_EQ(lean.rule_mode, RuleMode::kPhaseOnly);
}

TEST(EffectiveTracing, LetsAnExplicitObjectReplaceThePresetWhole) {
  const auto config =
      effective(R"({"tracing_preset": "Maximal", "tracing": {"preview_limit": 3}})");
  EXPECT_FALSE(config.enabled);
  EXPECT_FALSE(config.record_metrics);
  EXPECT_EQ(config.rule_mode, RuleMode::kDisabled);
  EXPECT_EQ(config.preview_limit, 3U);
}

TEST(EffectiveTracing, KeepsThePresetWhenTheObjectSaysOnlyTheDefaults) {
  EXPECT_TRUE(
      effective(R"({"tracing_preset": "Maximal", "tracing": {"record_metrics": true}})").enabled);
}

TEST(EffectiveTracing, AppliesTheSwitchesLast) {
  const auto config = effective(
      R"({"enable_tracing": true, "enable_rule_tracing": true, "enable_plan_preview": true})");
  EXPECT_TRUE(config.enabled);
  EXPECT_EQ(config.rule_mode, RuleMode::kFull);
  EXPECT_EQ(config.preview_limit, 5U);

  const auto lean = effective(
      R"({"tracing_preset": "ProductionLean", "enable_rule_tracing": true,
          "enable_plan_preview": true, "tracing": {"rule_mode": "PhaseOnly", "preview_limit": 2}})");
  EXPECT_EQ(lean.rule_mode, RuleMode::kPhaseOnly);
  EXPECT_EQ(lean.preview_limit, 2U);
}

}  // namespace
}  // namespace engine
