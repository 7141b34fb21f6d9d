#include "engine/executor/lineage.h"

namespace engine {

std::map<std::string, std::string> commit_properties(
    const LineageContext& lineage, const std::map<std::string, std::string>& write_metadata) {
  const DeterminismContract& contract = lineage.envelope.contract;
  std::map<std::string, std::string> properties = {
      {"codeanatomy.spec_hash", base::to_hex(contract.spec_hash)},
      {"codeanatomy.envelope_hash", base::to_hex(contract.envelope_hash)},
      {"codeanatomy.planning_surface_hash", base::to_hex(lineage.envelope.planning_surface_hash)},
      {"codeanatomy.provider_identity_hash", base::to_hex(lineage.envelope.provider_identity_hash)},
      {"codeanatomy.rulepack_fingerprint", base::to_hex(contract.rulepack_fingerprint)},
      {"codeanatomy.rulepack_profile", lineage.rulepack_profile},
      {"codeanatomy.run_started_at", lineage.run_started_at},
  };
  if (lineage.runtime_profile) {
    properties["codeanatomy.runtime_profile"] = *lineage.runtime_profile;
  }
  for (const auto& [key, value] : lineage.lineage_tags) {
    properties["codeanatomy.lineage_tag." + key] = value;
  }
  properties.insert(write_metadata.begin(), write_metadata.end());
  return properties;
}

}  // namespace engine
