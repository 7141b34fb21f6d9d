#include "engine/providers/table_registration.h"

#include <algorithm>
#include <string_view>

#include "delta/file_rows.h"
#include "delta/word_property.h"

namespace engine {
namespace {

// A scan gives the table's columns and nothing else: no file column, no row index.
constexpr std::string_view kScanOptions = "columns=table;filters=pushed";

std::vector<std::string> sorted(std::optional<std::vector<std::string>> names) {
  std::vector<std::string> result = std::move(names).value_or(std::vector<std::string>{});
  std::ranges::sort(result);
  return result;
}

std::optional<std::string> column_mapping_mode(const delta::Metadata& metadata) {
  const std::string mode = delta::word_property(metadata, "delta.columnMapping.mode", "none");
  return mode == "none" ? std::nullopt : std::optional(mode);
}

}  // namespace

DeltaCompatibility compatibility_of(const delta::Snapshot& snapshot) {
  const delta::Protocol& protocol = snapshot.protocol();
  return {.min_reader_version = protocol.min_reader_version,
          .min_writer_version = protocol.min_writer_version,
          .reader_features = sorted(protocol.reader_features),
          .writer_features = sorted(protocol.writer_features),
          .column_mapping_mode = column_mapping_mode(snapshot.metadata()),
          .partition_columns = snapshot.metadata().partition_columns};
}

base::Digest schema_hash(const delta::Schema& schema) {
  return base::blake3(delta::to_json(schema));
}

base::Digest provider_identity(const std::string& name, const std::string& location,
                               std::int64_t version, bool requires_lineage) {
  base::FieldHasher hasher;
  hasher.add(name).add(location).add(version).add(kScanOptions);
  hasher.add(std::int64_t{requires_lineage});
  return hasher.finish();
}

base::Digest provider_identity_hash(const std::vector<TableRegistration>& tables) {
  base::FieldHasher hasher;
  for (const TableRegistration& table : tables) {
    hasher.add(table.name).add(base::to_hex(table.identity));
  }
  return hasher.finish();
}

std::optional<std::int64_t> known_rows(const delta::Snapshot& snapshot) {
  std::int64_t total = 0;
  for (const delta::AddFile& file : snapshot.files()) {
    const std::optional<std::int64_t> rows = delta::file_rows({&file, 1}).front();
    if (!rows) return std::nullopt;
    total += *rows;
  }
  return total;
}

}  // namespace engine
