// What a table is to be when it is made: PROTOCOL.md, "Change Metadata" and "Table Features".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/schema.h"

namespace delta {

struct NewTable {
  Schema schema;
  std::vector<std::string> partition_columns;
  // The table's properties. "delta.feature.<name>" = "supported" asks for a feature by its name.
  std::map<std::string, std::string> configuration;
  std::optional<std::string> name;
  // Paths of names. Not together with partition columns; each must have statistics.
  std::vector<std::vector<std::string>> clustering_columns = {};
};

// The least protocol that a table with this schema and configuration needs. Throws
// DELTA_UNSUPPORTED_FEATURE for a feature that this library does not write.
Protocol protocol_for(const NewTable& table);

}  // namespace delta
