#include "engine/executor/run_identity.h"

namespace engine {

std::string run_identity(const base::Digest& spec_hash,
                         const std::vector<TableRegistration>& inputs,
                         const std::map<std::string, std::string>& lineage_tags) {
  base::FieldHasher hasher;
  hasher.add("run");
  hasher.add(base::to_hex(spec_hash));
  hasher.add(static_cast<std::int64_t>(inputs.size()));
  for (const TableRegistration& input : inputs) {
    hasher.add(base::to_hex(input.identity));
    // A table that was dropped and made again may have the same version.
    hasher.add(input.snapshot ? input.snapshot->metadata().id : "");
  }
  hasher.add(static_cast<std::int64_t>(lineage_tags.size()));
  for (const auto& [key, value] : lineage_tags) hasher.add(key).add(value);
  return base::to_hex(hasher.finish());
}

}  // namespace engine
