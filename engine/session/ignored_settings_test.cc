#include "engine/session/ignored_settings.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

using Texts = std::vector<std::string>;

Texts texts(const Spec& spec) {
  Texts texts;
  for (const RunWarning& warning : ignored_settings(spec)) {
    texts.push_back(std::string(to_string(warning.code)) + " " + warning.context.at("path") + " " +
                    warning.context.at("value"));
    EXPECT_TRUE(warning.message.starts_with(warning.context.at("path") + ": "));
  }
  return texts;
}

Spec with_runtime(const std::string& json) {
  Spec spec;
  spec.runtime = parse_runtime(json);
  return spec;
}

TEST(IgnoredSettings, NothingIsSaidOfDefaults) {
  EXPECT_EQ(texts({}), Texts{});
  EXPECT_EQ(texts(with_runtime(R"({"tuner_mode": "Off", "enable_tracing": false,
                                   "lineage_tags": {"team": "a"}, "tracing": {}})")),
            Texts{});
}

TEST(IgnoredSettings, EachIsNamedWithItsPlace) {
  EXPECT_EQ(texts(with_runtime(R"({"tuner_mode": "Apply", "enable_function_factory": true,
                                   "pushdown_enforcement_mode": "strict",
                                   "extension_governance_mode": "strict_allowlist",
                                   "tracing_preset": "Maximal"})")),
            (Texts{"RuntimeSettingIgnored $.runtime.enable_function_factory true",
                   "RuntimeSettingIgnored $.runtime.extension_governance_mode \"strict_allowlist\"",
                   "RuntimeSettingIgnored $.runtime.pushdown_enforcement_mode \"strict\"",
                   "RuntimeSettingIgnored $.runtime.tracing_preset \"Maximal\"",
                   "RuntimeSettingIgnored $.runtime.tuner_mode \"Apply\""}));
}

TEST(IgnoredSettings, TracingIsToldFieldByField) {
  EXPECT_EQ(texts(with_runtime(R"({"tracing": {"enabled": true, "record_metrics": true,
                                               "otel_resource_attributes": {"a": "b"},
                                               "export_policy": {"bsp_max_queue_size": 7}}})")),
            (Texts{"RuntimeSettingIgnored $.runtime.tracing.enabled true",
                   "RuntimeSettingIgnored $.runtime.tracing.export_policy.bsp_max_queue_size 7",
                   "RuntimeSettingIgnored $.runtime.tracing.otel_resource_attributes "
                   "{\"a\":\"b\"}"}));
}

TEST(IgnoredSettings, CapturesHaveTheirOwnCodes) {
  EXPECT_EQ(texts(with_runtime(R"({"compliance_capture": true, "capture_substrait": true,
                                   "capture_optimizer_lab": true, "capture_delta_codec": true})")),
            (Texts{"OptionalDeltaCodecCaptureFailed $.runtime.capture_delta_codec true",
                   "ComplianceOptimizerLabFailed $.runtime.capture_optimizer_lab true",
                   "OptionalSubstraitCaptureFailed $.runtime.capture_substrait true",
                   "PlanBundleRuntimeCaptureFailed $.runtime.compliance_capture true"}));
}

TEST(IgnoredSettings, OfTheCachePolicyAndTheOverlay) {
  Spec spec;
  spec.cache_policy = CachePolicy{.cache_memory_budget = 1024, .use_historical_metrics = true};
  spec.rule_overlay = RuleOverlay{.explain_per_rule = true};
  EXPECT_EQ(texts(spec), (Texts{"RuntimeSettingIgnored $.cache_policy.cache_memory_budget 1024",
                                "RuntimeSettingIgnored $.cache_policy.use_historical_metrics true",
                                "RuntimeSettingIgnored $.rule_overlay.explain_per_rule true"}));
}

}  // namespace
}  // namespace engine
