// The actions of the transaction log: PROTOCOL.md, "Actions". Field names follow the protocol's.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace delta {

struct Protocol {
  int min_reader_version = 1;
  int min_writer_version = 2;
  // Present exactly when the version is 3 (reader) or 7 (writer).
  std::optional<std::vector<std::string>> reader_features;
  std::optional<std::vector<std::string>> writer_features;

  bool operator==(const Protocol&) const = default;
};

struct Metadata {
  std::string id;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::string schema_string;
  std::vector<std::string> partition_columns;
  std::map<std::string, std::string> configuration;
  std::optional<std::int64_t> created_time;  // ms since the epoch

  bool operator==(const Metadata&) const = default;
};

// PROTOCOL.md, "Deletion Vectors".
struct DeletionVectorDescriptor {
  std::string storage_type;  // "u" relative file, "i" inline, "p" absolute path
  std::string path_or_inline_dv;
  std::optional<std::int32_t> offset;
  std::int32_t size_in_bytes = 0;
  std::int64_t cardinality = 0;

  // With the path, the key of a logical file: <storageType><pathOrInlineDv>[@offset].
  std::string unique_id() const;
  bool operator==(const DeletionVectorDescriptor&) const = default;
};

// A null value is std::nullopt.
using PartitionValues = std::map<std::string, std::optional<std::string>>;

struct AddFile {
  std::string path;  // as in the log: relative to the table (percent-encoded) or absolute
  PartitionValues partition_values;
  std::int64_t size = 0;               // bytes
  std::int64_t modification_time = 0;  // ms since the epoch
  bool data_change = true;
  std::optional<std::string> stats;  // JSON text: PROTOCOL.md, "Per-file Statistics"
  std::map<std::string, std::string> tags;
  std::optional<DeletionVectorDescriptor> deletion_vector;
  std::optional<std::int64_t> base_row_id;
  std::optional<std::int64_t> default_row_commit_version;
  std::optional<std::string> clustering_provider;
};

struct RemoveFile {
  std::string path;
  std::optional<std::int64_t> deletion_timestamp;  // ms since the epoch
  bool data_change = true;
  std::optional<bool> extended_file_metadata;
  std::optional<PartitionValues> partition_values;
  std::optional<std::int64_t> size;
  std::optional<std::string> stats;
  std::optional<DeletionVectorDescriptor> deletion_vector;
  std::optional<std::int64_t> base_row_id;
  std::optional<std::int64_t> default_row_commit_version;
};

struct AddCdcFile {
  std::string path;
  PartitionValues partition_values;
  std::int64_t size = 0;
};

struct SetTransaction {
  std::string app_id;
  std::int64_t version = 0;
  std::optional<std::int64_t> last_updated;  // ms since the epoch
};

struct DomainMetadata {
  std::string domain;
  std::string configuration;
  bool removed = false;
};

struct CommitInfo {
  // The whole object as in the log: timestamp, operation, operationParameters, engineInfo, ….
  nlohmann::json fields = nlohmann::json::object();
};

using Action = std::variant<Protocol, Metadata, AddFile, RemoveFile, AddCdcFile, SetTransaction,
                            DomainMetadata, CommitInfo>;

// One line of a commit file, without the line feed.
std::string to_json_line(const Action& action);

}  // namespace delta
