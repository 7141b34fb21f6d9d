// What went less than well in a run that went on: contract/results.md, "RunWarning".
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace engine {

enum class WarningCode {
  kPlanBundleRuntimeCaptureFailed,
  kPlanBundleArtifactBuildFailed,
  kOptionalSubstraitCaptureFailed,
  kOptionalSqlCaptureFailed,
  kOptionalDeltaCodecCaptureFailed,
  kComplianceExplainCaptureFailed,
  kCompliancePushdownProbeFailed,
  kCompliancePushdownProbeSkipped,
  kComplianceOptimizerLabFailed,
  kComplianceSerializationFailed,
  kPushdownContractViolation,
  kCostModelStatsFallback,
  kSemanticValidationWarning,
  kDeltaCompatibilityDrift,
  kMaintenanceFailed,
  kReservedProfileKnobIgnored,
  kLegacyParameterTemplatesRejected,
  kOutputAlreadyWritten,   // of this implementation alone
  kRuntimeSettingIgnored,  // of this implementation alone
};

enum class WarningStage {
  kPreflight,
  kCompilation,
  kPlanBundle,
  kCompliance,
  kMaterialization,
  kMaintenance,
  kRuntimeProfile,
};

struct RunWarning {
  WarningCode code;
  WarningStage stage;
  std::string message;
  std::map<std::string, std::string> context = {};
};

// "CostModelStatsFallback", "cost_model_stats_fallback", "Preflight".
std::string_view to_string(WarningCode code);
std::string to_snake_case(WarningCode code);
std::string_view to_string(WarningStage stage);

}  // namespace engine
