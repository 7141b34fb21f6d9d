#include "delta/src/action_parser.h"

#include <charconv>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "delta/src/required_field.h"
#include "delta/src/unknown_name.h"

namespace delta {
namespace {

namespace ondemand = simdjson::ondemand;

[[noreturn]] void wrong(std::string_view field, std::string_view expected) {
  throw std::invalid_argument("'" + std::string(field) + "' is not " + std::string(expected));
}

std::string to_text(ondemand::value value, std::string_view field) {
  std::string_view text;
  if (value.get_string().get(text)) wrong(field, "a string");
  return std::string(text);
}

// Some writers put numbers and booleans where strings belong: they are the text that they are
// spelled as.
std::string to_spelled_text(ondemand::value value, std::string_view field) {
  const ondemand::json_type type = value.type();
  if (type == ondemand::json_type::string) return to_text(value, field);
  return std::string(std::string_view(simdjson::to_json_string(value)));
}

bool is_nested(ondemand::value value) {
  const ondemand::json_type type = value.type();
  return type == ondemand::json_type::object || type == ondemand::json_type::array;
}

bool to_bool(ondemand::value value, std::string_view field) {
  bool flag = false;
  if (value.get_bool().get(flag)) wrong(field, "a boolean");
  return flag;
}

// Integers, and integers that a writer spelled as floating point or as a string.
std::int64_t to_long(ondemand::value value, std::string_view field) {
  std::int64_t number = 0;
  if (!value.get_int64().get(number)) return number;
  double floating = 0;
  if (!value.get_double().get(floating) && floating >= -9.2e18 && floating <= 9.2e18) {
    return static_cast<std::int64_t>(floating);
  }
  std::string_view text;
  if (!value.get_string().get(text)) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
  }
  wrong(field, "an integer");
}

std::int32_t to_int(ondemand::value value, std::string_view field) {
  const std::int64_t number = to_long(value, field);
  if (number < std::numeric_limits<std::int32_t>::min() ||
      number > std::numeric_limits<std::int32_t>::max()) {
    wrong(field, "a 32-bit integer");
  }
  return static_cast<std::int32_t>(number);
}

// Calls `visit(key, value)` for every member that is not null.
template <typename Visit>
void each_member(ondemand::value value, std::string_view field, const Visit& visit) {
  ondemand::object object;
  if (value.get_object().get(object)) wrong(field, "an object");
  for (auto member : object) {
    const std::string_view key = member.unescaped_key();
    ondemand::value content = member.value();
    if (!content.is_null()) visit(key, content);
  }
}

std::vector<std::string> to_texts(ondemand::value value, std::string_view field) {
  ondemand::array array;
  if (value.get_array().get(array)) wrong(field, "an array");
  std::vector<std::string> texts;
  for (auto element : array) texts.push_back(to_text(element.value(), field));
  return texts;
}

std::map<std::string, std::string> to_text_map(ondemand::value value, std::string_view field) {
  std::map<std::string, std::string> map;
  each_member(value, field, [&](std::string_view key, ondemand::value content) {
    std::string name(key);
    map.insert_or_assign(std::move(name), to_spelled_text(content, field));
  });
  return map;
}

PartitionValues to_partition_values(ondemand::value value, std::string_view field) {
  ondemand::object object;
  if (value.get_object().get(object)) wrong(field, "an object");
  PartitionValues values;
  for (auto member : object) {
    std::string name(std::string_view(member.unescaped_key()));
    ondemand::value content = member.value();
    std::optional<std::string> text;
    if (is_nested(content)) wrong(field, "a string");
    if (!content.is_null()) text = to_spelled_text(content, field);
    values.insert_or_assign(values.end(), std::move(name), std::move(text));
  }
  return values;
}

DeletionVectorDescriptor to_deletion_vector(ondemand::value value, std::string_view field) {
  DeletionVectorDescriptor descriptor;
  each_member(value, field, [&](std::string_view key, ondemand::value content) {
    if (key == "storageType") {
      descriptor.storage_type = to_text(content, key);
    } else if (key == "pathOrInlineDv") {
      descriptor.path_or_inline_dv = to_text(content, key);
    } else if (key == "offset") {
      descriptor.offset = to_int(content, key);
    } else if (key == "sizeInBytes") {
      descriptor.size_in_bytes = to_int(content, key);
    } else if (key == "cardinality") {
      descriptor.cardinality = to_long(content, key);
    } else {
      check_unknown_field("deletionVector", key);
    }
  });
  if (descriptor.storage_type.empty() || descriptor.path_or_inline_dv.empty()) {
    wrong(field, "a deletion vector: storageType or pathOrInlineDv is missing");
  }
  return descriptor;
}

AddFile to_add(ondemand::value value) {
  AddFile add;
  bool has_path = false;
  each_member(value, "add", [&](std::string_view key, ondemand::value content) {
    if (key == "path") {
      add.path = to_text(content, key);
      has_path = true;
    } else if (key == "partitionValues") {
      add.partition_values = to_partition_values(content, "partitionValues");
    } else if (key == "size") {
      add.size = to_long(content, key);
    } else if (key == "modificationTime") {
      add.modification_time = to_long(content, key);
    } else if (key == "dataChange") {
      add.data_change = to_bool(content, key);
    } else if (key == "stats") {
      add.stats = to_text(content, key);
    } else if (key == "tags") {
      add.tags = to_text_map(content, "tags");
    } else if (key == "deletionVector") {
      add.deletion_vector = to_deletion_vector(content, "deletionVector");
    } else if (key == "baseRowId") {
      add.base_row_id = to_long(content, key);
    } else if (key == "defaultRowCommitVersion") {
      add.default_row_commit_version = to_long(content, key);
    } else if (key == "clusteringProvider") {
      add.clustering_provider = to_text(content, key);
    } else {
      check_unknown_field("add", key);
    }
  });
  require_field(has_path, "add", "path");
  return add;
}

RemoveFile to_remove(ondemand::value value) {
  RemoveFile remove;
  bool has_path = false;
  each_member(value, "remove", [&](std::string_view key, ondemand::value content) {
    if (key == "path") {
      remove.path = to_text(content, key);
      has_path = true;
    } else if (key == "deletionTimestamp") {
      remove.deletion_timestamp = to_long(content, key);
    } else if (key == "dataChange") {
      remove.data_change = to_bool(content, key);
    } else if (key == "extendedFileMetadata") {
      remove.extended_file_metadata = to_bool(content, key);
    } else if (key == "partitionValues") {
      remove.partition_values = to_partition_values(content, "partitionValues");
    } else if (key == "size") {
      remove.size = to_long(content, key);
    } else if (key == "stats") {
      remove.stats = to_text(content, key);
    } else if (key == "deletionVector") {
      remove.deletion_vector = to_deletion_vector(content, "deletionVector");
    } else if (key == "baseRowId") {
      remove.base_row_id = to_long(content, key);
    } else if (key == "defaultRowCommitVersion") {
      remove.default_row_commit_version = to_long(content, key);
    } else {
      check_unknown_field("remove", key);
    }
  });
  require_field(has_path, "remove", "path");
  return remove;
}

AddCdcFile to_cdc(ondemand::value value) {
  AddCdcFile file;
  each_member(value, "cdc", [&](std::string_view key, ondemand::value content) {
    if (key == "path") {
      file.path = to_text(content, key);
    } else if (key == "partitionValues") {
      file.partition_values = to_partition_values(content, key);
    } else if (key == "size") {
      file.size = to_long(content, key);
    } else {
      check_unknown_field("cdc", key);
    }
  });
  require_field(!file.path.empty(), "cdc", "path");
  return file;
}

Protocol to_protocol(ondemand::value value) {
  Protocol protocol;
  bool has_reader = false;
  bool has_writer = false;
  each_member(value, "protocol", [&](std::string_view key, ondemand::value content) {
    if (key == "minReaderVersion") {
      protocol.min_reader_version = to_int(content, key);
      has_reader = true;
    } else if (key == "minWriterVersion") {
      protocol.min_writer_version = to_int(content, key);
      has_writer = true;
    } else if (key == "readerFeatures") {
      protocol.reader_features = to_texts(content, key);
    } else if (key == "writerFeatures") {
      protocol.writer_features = to_texts(content, key);
    } else {
      check_unknown_field("protocol", key);
    }
  });
  require_field(has_reader, "protocol", "minReaderVersion");
  require_field(has_writer, "protocol", "minWriterVersion");
  return protocol;
}

Metadata to_metadata(ondemand::value value) {
  Metadata metadata;
  bool has_schema = false;
  each_member(value, "metaData", [&](std::string_view key, ondemand::value content) {
    if (key == "id") {
      metadata.id = to_text(content, key);
    } else if (key == "name") {
      metadata.name = to_text(content, key);
    } else if (key == "description") {
      metadata.description = to_text(content, key);
    } else if (key == "schemaString") {
      metadata.schema_string = to_text(content, key);
      has_schema = true;
    } else if (key == "partitionColumns") {
      metadata.partition_columns = to_texts(content, key);
    } else if (key == "configuration") {
      metadata.configuration = to_text_map(content, "configuration");
    } else if (key == "createdTime") {
      metadata.created_time = to_long(content, key);
    } else {
      check_unknown_field("metaData", key);
    }
  });
  require_field(has_schema, "metaData", "schemaString");
  return metadata;
}

SetTransaction to_transaction(ondemand::value value) {
  SetTransaction transaction;
  bool has_id = false;
  bool has_version = false;
  each_member(value, "txn", [&](std::string_view key, ondemand::value content) {
    if (key == "appId") {
      transaction.app_id = to_text(content, key);
      has_id = true;
    } else if (key == "version") {
      transaction.version = to_long(content, key);
      has_version = true;
    } else if (key == "lastUpdated") {
      transaction.last_updated = to_long(content, key);
    }
  });
  require_field(has_id, "txn", "appId");
  require_field(has_version, "txn", "version");
  return transaction;
}

DomainMetadata to_domain_metadata(ondemand::value value) {
  DomainMetadata domain;
  each_member(value, "domainMetadata", [&](std::string_view key, ondemand::value content) {
    if (key == "domain") {
      domain.domain = to_text(content, key);
    } else if (key == "configuration") {
      domain.configuration = to_text(content, key);
    } else if (key == "removed") {
      domain.removed = to_bool(content, key);
    } else {
      check_unknown_field("domainMetadata", key);
    }
  });
  require_field(!domain.domain.empty(), "domainMetadata", "domain");
  return domain;
}

CommitInfo to_commit_info(ondemand::value value) {
  const std::string_view json = simdjson::to_json_string(value);
  CommitInfo info{nlohmann::json::parse(json)};
  if (!info.fields.is_object()) wrong("commitInfo", "an object");
  return info;
}

Sidecar to_sidecar(ondemand::value value) {
  Sidecar sidecar;
  each_member(value, "sidecar", [&](std::string_view key, ondemand::value content) {
    if (key == "path") sidecar.path = to_text(content, key);
    if (key == "sizeInBytes") sidecar.size_in_bytes = to_long(content, key);
  });
  require_field(!sidecar.path.empty(), "sidecar", "path");
  return sidecar;
}

}  // namespace

bool parse_action(std::string_view name, ondemand::value value, ActionSelection selection,
                  ActionSink& sink) {
  if (name == "add") {
    if (selection.files) sink.on_add(to_add(value));
  } else if (name == "remove") {
    if (selection.files) sink.on_remove(to_remove(value));
  } else if (name == "cdc") {
    if (selection.changes) sink.on_cdc(to_cdc(value));
  } else if (name == "commitInfo") {
    if (selection.commit_info) sink.on_commit_info(to_commit_info(value));
  } else if (name == "protocol") {
    if (selection.table) sink.on_protocol(to_protocol(value));
  } else if (name == "metaData") {
    if (selection.table && sink.wants_metadata()) sink.on_metadata(to_metadata(value));
  } else if (name == "txn") {
    if (selection.table) sink.on_transaction(to_transaction(value));
  } else if (name == "domainMetadata") {
    if (selection.table) sink.on_domain_metadata(to_domain_metadata(value));
  } else if (name == "sidecar") {
    if (selection.table) sink.on_sidecar(to_sidecar(value));
  } else {
    return false;
  }
  return true;
}

}  // namespace delta
