#include "engine/session/session_config.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace engine {
namespace {

std::string code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.stage(), base::Stage::kValidation);
    return error.code();
  }
  return "no error";
}

TEST(EnvironmentProfile, IsWhatTheContractSays) {
  EXPECT_EQ(environment_profile("small").target_partitions, 4);
  EXPECT_EQ(environment_profile("small").memory_limit_bytes, 512LL << 20);
  EXPECT_EQ(environment_profile("medium").batch_size, 8192);
  EXPECT_EQ(environment_profile("large").target_partitions, 16);
  EXPECT_EQ(environment_profile("large").memory_limit_bytes, 8LL << 30);
}

TEST(EnvironmentProfile, RefusesAnUnknownClass) {
  EXPECT_EQ(code_of([] { environment_profile("huge"); }), "INVALID_ENVIRONMENT_CLASS");
}

TEST(SessionConfig, TakesTheEnvironment) {
  const SessionConfig config = configure_session(environment_profile("small"), {}, {});
  EXPECT_EQ(config.profile_name, "small");
  EXPECT_EQ(config.database_config().threads, 4);
  EXPECT_EQ(config.database_config().memory_limit_bytes, 512LL << 20);
  EXPECT_TRUE(config.warnings.empty());
}

TEST(SessionConfig, LetsTheRuntimeProfileReplaceTheEnvironment) {
  RuntimeProfile profile;
  profile.profile_name = "nightly";
  profile.target_partitions = 3;
  profile.memory_pool_bytes = 1 << 30;
  profile.max_temp_directory_bytes = 77;
  const SessionConfig config = configure_session(environment_profile("small"), profile, {});
  EXPECT_EQ(config.profile_name, "nightly");
  EXPECT_EQ(config.target_partitions, 3);
  EXPECT_EQ(config.memory_limit_bytes, 1 << 30);
  EXPECT_EQ(config.database_config().max_temp_directory_bytes, 77);
}

TEST(SessionConfig, RefusesBatchesWithoutRows) {
  RuntimeProfile profile;
  profile.batch_size = 0;
  EXPECT_EQ(code_of([&] { configure_session(environment_profile("small"), profile, {}); }),
            "SESSION_INITIALIZATION_FAILED");
}

TEST(SessionConfig, LetsTheCallerWin) {
  const SessionConfig config =
      configure_session(environment_profile("large"), RuntimeProfile{},
                        {.threads = 2, .memory_limit_bytes = 1000, .temp_directory = "/spill"});
  EXPECT_EQ(config.target_partitions, 2);
  EXPECT_EQ(config.memory_limit_bytes, 1000);
  EXPECT_EQ(config.database_config().temp_directory, "/spill");
}

TEST(SessionConfig, RefusesThreadsBelowOne) {
  EXPECT_EQ(code_of([] { configure_session(environment_profile("small"), {}, {.threads = 0}); }),
            "SESSION_INITIALIZATION_FAILED");
}

TEST(SessionConfig, SwitchesOffTheOptimizersOfThePushdownKnobs) {
  RuntimeProfile profile;
  profile.pushdown_filters = false;
  profile.enable_join_dynamic_filter_pushdown = false;
  const SessionConfig config = configure_session(environment_profile("small"), profile, {});
  EXPECT_EQ(config.switched_off_optimizers,
            (std::set<std::string>{"common_subplan", "filter_pushdown", "join_filter_pushdown"}));
  EXPECT_TRUE(config.warnings.empty());
}

TEST(SessionConfig, KeepsDuckDbFromChoosingOtherJoinsForSpans) {
  const SessionConfig config = configure_session(environment_profile("small"), {}, {});
  EXPECT_EQ(config.database_config().settings.at("merge_join_threshold"), "0");
  EXPECT_EQ(config.database_config().settings.at("nested_loop_join_threshold"), "0");
  EXPECT_TRUE(config.switched_off_optimizers.contains("common_subplan"));
}

TEST(SessionConfig, WarnsOnceOfEachKnobWithoutCounterpart) {
  RuntimeProfile profile;
  profile.metadata_size_hint = 524288;
  profile.list_files_cache_ttl = "2m";
  const SessionConfig config = configure_session(environment_profile("small"), profile, {});
  ASSERT_EQ(config.warnings.size(), 2u);
  EXPECT_EQ(config.warnings[0].code, WarningCode::kReservedProfileKnobIgnored);
  EXPECT_EQ(config.warnings[0].stage, WarningStage::kRuntimeProfile);
  EXPECT_EQ(config.warnings[0].context.at("knob"), "metadata_size_hint");
  EXPECT_EQ(config.warnings[1].context.at("value"), "2m");
}

}  // namespace
}  // namespace engine
