#include "engine/session/envelope.h"

#include <array>
#include <string_view>

#include "delta/version.h"
#include "engine/session/engine_version.h"

namespace engine {
namespace {

constexpr std::array<std::string_view, 23> kNotHashed = {
    "allowed_directories",
    "allowed_paths",
    "custom_user_agent",
    "duckdb_api",
    "enable_http_logging",
    "enable_logging",
    "enable_profiling",
    "enable_progress_bar",
    "enable_progress_bar_print",
    "errors_as_json",
    "explain_output",
    "extension_directories",
    "extension_directory",
    "file_search_path",
    "home_directory",
    "http_logging_output",
    "log_query_path",
    "password",
    "secret_directory",
    "search_path",
    "temp_directory",
    "user",
    "username",
};

bool is_hashed(std::string_view name) {
  for (const std::string_view other : kNotHashed) {
    if (name == other) return false;
  }
  return !name.starts_with("http_proxy") && !name.starts_with("profil") &&
         !name.starts_with("custom_profiling") && !name.starts_with("logging_") &&
         !name.starts_with("progress_bar");
}

void add_digest(base::FieldHasher& hasher, const base::Digest& digest) {
  hasher.add(base::to_hex(digest));
}

void add_names(base::FieldHasher& hasher, const std::vector<std::string>& names) {
  hasher.add(static_cast<std::int64_t>(names.size()));
  for (const std::string& name : names) hasher.add(name);
}

void add_settings(base::FieldHasher& hasher, const std::map<std::string, std::string>& settings) {
  hasher.add(static_cast<std::int64_t>(settings.size()));
  for (const auto& [name, value] : settings) hasher.add(name).add(value);
}

base::Digest hash_planning_surface(const PlanningSurface& surface,
                                   const std::map<std::string, std::string>& settings,
                                   const Rulepack& rulepack,
                                   const std::vector<TableRegistration>& tables) {
  base::FieldHasher hasher;
  hasher.add("codeanatomy.planning_surface.v1").add(surface.engine_version);
  add_settings(hasher, settings);
  add_names(hasher, rulepack.rules);
  add_names(hasher, surface.functions);
  hasher.add(static_cast<std::int64_t>(tables.size()));
  for (const TableRegistration& table : tables) {
    hasher.add(table.name);
    add_digest(hasher, table.schema_hash);
  }
  return hasher.finish();
}

}  // namespace

std::map<std::string, std::string> deterministic_settings(
    std::map<std::string, std::string> settings) {
  std::erase_if(settings, [](const auto& entry) { return !is_hashed(entry.first); });
  return settings;
}

SessionEnvelope capture_envelope(const base::Digest& spec_hash, const SessionConfig& config,
                                 const Rulepack& rulepack, const PlanningSurface& surface,
                                 const std::vector<TableRegistration>& tables) {
  const std::map<std::string, std::string> settings = deterministic_settings(surface.settings);
  SessionEnvelope envelope;
  envelope.contract.spec_hash = spec_hash;
  envelope.contract.rulepack_fingerprint = rulepack.fingerprint;
  envelope.provider_identity_hash = provider_identity_hash(tables);
  envelope.planning_surface_hash = hash_planning_surface(surface, settings, rulepack, tables);

  base::FieldHasher hasher;
  hasher.add("codeanatomy.envelope.v1");
  hasher.add(kEngineVersion).add(surface.engine_version).add(delta::kLibraryVersion);
  add_settings(hasher, settings);
  hasher.add(config.target_partitions).add(config.batch_size);
  hasher.add(config.memory_limit_bytes).add(config.max_temp_directory_bytes);
  hasher.add(static_cast<std::int64_t>(tables.size()));
  for (const TableRegistration& table : tables) {
    hasher.add(table.name).add(table.location).add(table.version);
    add_digest(hasher, table.schema_hash);
    add_digest(hasher, table.identity);
  }
  add_names(hasher, surface.functions);
  add_digest(hasher, spec_hash);
  add_digest(hasher, rulepack.fingerprint);
  add_digest(hasher, envelope.planning_surface_hash);
  add_digest(hasher, envelope.provider_identity_hash);
  envelope.contract.envelope_hash = hasher.finish();
  return envelope;
}

}  // namespace engine
