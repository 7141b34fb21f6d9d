#include "engine/spec/run_warning.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

TEST(RunWarning, NamesCodesAndStagesAsTheContractDoes) {
  EXPECT_EQ(to_string(WarningCode::kPlanBundleRuntimeCaptureFailed),
            "PlanBundleRuntimeCaptureFailed");
  EXPECT_EQ(to_string(WarningCode::kSemanticValidationWarning), "SemanticValidationWarning");
  EXPECT_EQ(to_string(WarningCode::kLegacyParameterTemplatesRejected),
            "LegacyParameterTemplatesRejected");
  EXPECT_EQ(to_string(WarningStage::kPreflight), "Preflight");
  EXPECT_EQ(to_string(WarningStage::kRuntimeProfile), "RuntimeProfile");
}

TEST(RunWarning, CountsCodesUnderSnakeCaseKeys) {
  EXPECT_EQ(to_snake_case(WarningCode::kCostModelStatsFallback), "cost_model_stats_fallback");
  EXPECT_EQ(to_snake_case(WarningCode::kOptionalDeltaCodecCaptureFailed),
            "optional_delta_codec_capture_failed");
}

}  // namespace
}  // namespace engine
