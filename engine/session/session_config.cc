#include "engine/session/session_config.h"

#include <algorithm>
#include <limits>
#include <map>

#include "base/error.h"
#include "engine/session/profile_knobs.h"

namespace engine {
namespace {

constexpr std::int64_t kMostThreads = 4096;
constexpr std::int64_t kMostRows = std::numeric_limits<std::int64_t>::max();

// Joins of spans inside spans run as interval joins however few rows DuckDB expects: when it is
// wrong about that, what it would choose instead compares all pairs.
std::map<std::string, std::string> interval_join_settings() {
  return {{"merge_join_threshold", "0"}, {"nested_loop_join_threshold", "0"}};
}

// It puts repeated parts of a query into a materialized CTE, and DuckDB chooses no interval join
// in a query that has one. Views that are read twice are computed once without it.
constexpr const char* kCommonSubplans = "common_subplan";

void require_between(std::int64_t value, std::int64_t most, const std::string& knob) {
  if (value >= 1 && value <= most) return;
  throw base::Error(
      base::Stage::kValidation, "SESSION_INITIALIZATION_FAILED",
      knob + " must be from 1 to " + std::to_string(most) + ", not " + std::to_string(value),
      {{"knob", knob}});
}

// The profile's numbers have 64 bits without sign; what is above the signed ones is as good as
// the greatest of these.
std::int64_t signed_number(std::uint64_t number) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(std::min(number, kMost));
}

void apply_runtime_profile(SessionConfig& config, const RuntimeProfile& profile) {
  config.profile_name = profile.profile_name;
  config.target_partitions = signed_number(profile.target_partitions);
  require_between(config.target_partitions, kMostThreads, "runtime_profile.target_partitions");
  config.batch_size = signed_number(profile.batch_size);
  require_between(config.batch_size, kMostRows, "runtime_profile.batch_size");
  if (profile.memory_pool_bytes > 0) {
    config.memory_limit_bytes = signed_number(profile.memory_pool_bytes);
  }
  config.max_temp_directory_bytes = signed_number(profile.max_temp_directory_bytes);
  config.switched_off_optimizers = optimizers_switched_off(profile);
  config.warnings = ignored_knobs(profile);
}

}  // namespace

duck::DatabaseConfig SessionConfig::database_config() const {
  return {.threads = static_cast<int>(target_partitions),
          .memory_limit_bytes = memory_limit_bytes,
          .temp_directory = temp_directory,
          .max_temp_directory_bytes = max_temp_directory_bytes,
          .settings = interval_join_settings()};
}

SessionConfig configure_session(const EnvironmentProfile& environment,
                                const std::optional<RuntimeProfile>& runtime_profile,
                                const SessionOverrides& overrides) {
  SessionConfig config;
  config.profile_name = environment.name;
  config.target_partitions = environment.target_partitions;
  config.batch_size = environment.batch_size;
  config.memory_limit_bytes = environment.memory_limit_bytes;
  config.temp_directory = overrides.temp_directory;
  if (runtime_profile) apply_runtime_profile(config, *runtime_profile);
  config.switched_off_optimizers.insert(kCommonSubplans);
  if (overrides.threads) {
    require_between(*overrides.threads, kMostThreads, "threads");
    config.target_partitions = *overrides.threads;
  }
  if (overrides.memory_limit_bytes) {
    config.memory_limit_bytes = *overrides.memory_limit_bytes;
  }
  return config;
}

}  // namespace engine
