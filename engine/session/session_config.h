// How a run's DuckDB is set up: environment class, runtime profile and command line put together.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "duck/database.h"
#include "engine/session/environment_profile.h"
#include "engine/spec/run_warning.h"
#include "engine/spec/spec.h"

namespace engine {

// What the caller sets beside the spec; it wins over every profile.
struct SessionOverrides {
  std::optional<std::int64_t> threads;
  std::optional<std::int64_t> memory_limit_bytes;
  std::string temp_directory = {};  // empty: a fresh folder under the system's, removed at the end
};

struct SessionConfig {
  std::string profile_name;  // of the runtime profile if there is one, else of the environment
  std::int64_t target_partitions = 0;  // DuckDB's threads
  std::int64_t batch_size = 0;         // rows; recorded only: DuckDB's vectors have a fixed size
  std::int64_t memory_limit_bytes = 0;
  std::int64_t max_temp_directory_bytes = 0;  // 0: no limit
  std::string temp_directory;
  std::set<std::string> switched_off_optimizers;
  std::vector<RunWarning> warnings;

  duck::DatabaseConfig database_config() const;
};

// A runtime profile replaces the environment's partitions, batch size and memory (a memory pool of
// 0 keeps the environment's). Each of its knobs that DuckDB has no counterpart for and that is not
// at its neutral value, the default in RuntimeProfile, gives one ReservedProfileKnobIgnored.
// A partition count that is not from 1 to 4096, or a batch size of 0, is base::Error
// SESSION_INITIALIZATION_FAILED at Stage::kValidation.
SessionConfig configure_session(const EnvironmentProfile& environment,
                                const std::optional<RuntimeProfile>& runtime_profile,
                                const SessionOverrides& overrides);

}  // namespace engine
