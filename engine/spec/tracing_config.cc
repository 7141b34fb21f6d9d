#include "engine/spec/spec.h"

namespace engine {
namespace {

constexpr std::uint64_t kPreviewRows = 5;

TracingConfig config_of(TracingPreset preset) {
  TracingConfig config;
  config.enabled = true;
  config.record_metrics = true;
  config.instrument_object_store = true;
  switch (preset) {
    case TracingPreset::kMaximal:
      config.preview_limit = kPreviewRows;
      [[fallthrough]];
    case TracingPreset::kMaximalNoData:
      config.rule_mode = RuleMode::kFull;
      config.plan_diff = true;
      break;
    case TracingPreset::kProductionLean:
      config.rule_mode = RuleMode::kPhaseOnly;
      break;
  }
  return config;
}

}  // namespace

TracingConfig effective_tracing(const RuntimeConfig& runtime) {
  TracingConfig config;
  if (runtime.tracing_preset) config = config_of(*runtime.tracing_preset);
  if (runtime.tracing != TracingConfig()) config = runtime.tracing;

  if (runtime.enable_tracing) config.enabled = true;
  if (runtime.enable_rule_tracing && config.rule_mode == RuleMode::kDisabled) {
    config.rule_mode = RuleMode::kFull;
  }
  if (runtime.enable_plan_preview && config.preview_limit == 0) {
    config.preview_limit = kPreviewRows;
  }
  return config;
}

}  // namespace engine
