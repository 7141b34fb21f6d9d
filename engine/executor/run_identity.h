// What makes two runs the same run, tried again.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/hash.h"
#include "engine/providers/table_registration.h"

namespace engine {

// 64 hexadecimal digits, BLAKE3 over the spec's hash, the inputs (logical name, location, version,
// scan options, table id) and the lineage tags. What changes no row does not count: threads,
// memory, the versions of the engine.
std::string run_identity(const base::Digest& spec_hash,
                         const std::vector<TableRegistration>& inputs,
                         const std::map<std::string, std::string>& lineage_tags);

}  // namespace engine
