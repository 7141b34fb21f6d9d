// What a run depends on, as hashes: contract/results.md, "Determinism".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/hash.h"
#include "engine/providers/table_registration.h"
#include "engine/rules/rulepack.h"
#include "engine/session/session_config.h"

namespace engine {

// A replay is valid when all three equal the original's.
struct DeterminismContract {
  base::Digest spec_hash{};
  base::Digest envelope_hash{};
  base::Digest rulepack_fingerprint{};

  bool operator==(const DeterminismContract&) const = default;
};

struct SessionEnvelope {
  DeterminismContract contract;
  base::Digest planning_surface_hash{};
  base::Digest provider_identity_hash{};
};

// What the session offers to the planner. DuckDB's own version and settings, and the names of the
// SQL functions that this project adds.
struct PlanningSurface {
  std::string engine_version;
  std::map<std::string, std::string> settings;
  std::vector<std::string> functions;
};

// Settings by name without those that name a place (folders, search paths, log files), a person
// (user, password, proxy) or how a run is watched (progress bar, profiling, logging): they differ
// between two runs of the same thing and change no row.
std::map<std::string, std::string> deterministic_settings(
    std::map<std::string, std::string> settings);

// Captured after the inputs are registered.
// planning_surface_hash: DuckDB version, deterministic settings, rules in force, functions, and
// each table's name and schema hash.
// envelope_hash: versions of the engine, DuckDB and the Delta library; deterministic settings;
// partitions, batch size, memory and spill limit; each table's name, location, version, schema
// hash and identity; functions; spec_hash, rulepack fingerprint, planning_surface_hash and
// provider_identity_hash.
SessionEnvelope capture_envelope(const base::Digest& spec_hash, const SessionConfig& config,
                                 const Rulepack& rulepack, const PlanningSurface& surface,
                                 const std::vector<TableRegistration>& tables);

}  // namespace engine
