// An input table as a run sees it: which version, what it needs of its readers, who it is.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "delta/snapshot.h"

namespace engine {

// What a table asks of those who read and write it.
struct DeltaCompatibility {
  int min_reader_version = 1;
  int min_writer_version = 2;
  std::vector<std::string> reader_features;  // sorted
  std::vector<std::string> writer_features;  // sorted
  std::optional<std::string> column_mapping_mode;
  std::vector<std::string> partition_columns;
};

DeltaCompatibility compatibility_of(const delta::Snapshot& snapshot);

struct TableRegistration {
  std::string name;
  std::string location;  // normalized
  std::int64_t version = 0;
  bool requires_lineage = false;
  base::Digest schema_hash{};
  base::Digest identity{};
  DeltaCompatibility compatibility;
  std::optional<std::int64_t> rows;  // from the files' statistics, when every file has them
  std::shared_ptr<const delta::Snapshot> snapshot;
};

// BLAKE3 over the table's schema as its metadata gives it.
base::Digest schema_hash(const delta::Schema& schema);

// The provider identity: BLAKE3 over logical name, location, version and the scan options: a scan
// gives the table's own columns, takes filters, and is or is not required to keep lineage.
base::Digest provider_identity(const std::string& name, const std::string& location,
                               std::int64_t version, bool requires_lineage);

// BLAKE3 over (name, identity) in the given order.
base::Digest provider_identity_hash(const std::vector<TableRegistration>& tables);

// Live rows by the files' statistics less the deletion vectors'; nothing when a file has none.
std::optional<std::int64_t> known_rows(const delta::Snapshot& snapshot);

}  // namespace engine
