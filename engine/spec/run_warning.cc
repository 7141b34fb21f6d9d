#include "engine/spec/run_warning.h"

#include <array>

namespace engine {
namespace {

// In the order of the enum.
constexpr std::array<std::string_view, 19> kCodes = {
    "PlanBundleRuntimeCaptureFailed",
    "PlanBundleArtifactBuildFailed",
    "OptionalSubstraitCaptureFailed",
    "OptionalSqlCaptureFailed",
    "OptionalDeltaCodecCaptureFailed",
    "ComplianceExplainCaptureFailed",
    "CompliancePushdownProbeFailed",
    "CompliancePushdownProbeSkipped",
    "ComplianceOptimizerLabFailed",
    "ComplianceSerializationFailed",
    "PushdownContractViolation",
    "CostModelStatsFallback",
    "SemanticValidationWarning",
    "DeltaCompatibilityDrift",
    "MaintenanceFailed",
    "ReservedProfileKnobIgnored",
    "LegacyParameterTemplatesRejected",
    "OutputAlreadyWritten",
    "RuntimeSettingIgnored",
};
constexpr std::array<std::string_view, 7> kStages = {
    "Preflight",       "Compilation", "PlanBundle",     "Compliance",
    "Materialization", "Maintenance", "RuntimeProfile",
};

}  // namespace

std::string_view to_string(WarningCode code) { return kCodes[static_cast<std::size_t>(code)]; }

std::string_view to_string(WarningStage stage) { return kStages[static_cast<std::size_t>(stage)]; }

std::string to_snake_case(WarningCode code) {
  std::string snake;
  for (const char c : to_string(code)) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper && !snake.empty()) snake += '_';
    snake += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return snake;
}

}  // namespace engine
