#include "delta/src/checkpoint_actions.h"

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "delta/src/arrow_json.h"
#include "delta/src/required_field.h"
#include "delta/src/unknown_name.h"

namespace delta {
namespace {

using OptionalColumn = std::optional<ArrowColumn>;

bool has(const OptionalColumn& column, std::int64_t row) { return column && !column->is_null(row); }

void read(const OptionalColumn& column, std::int64_t row, std::string& out) {
  if (has(column, row)) out = column->text(row);
}
void read(const OptionalColumn& column, std::int64_t row, std::int64_t& out) {
  if (has(column, row)) out = column->integer(row);
}
void read(const OptionalColumn& column, std::int64_t row, std::int32_t& out) {
  if (has(column, row)) out = static_cast<std::int32_t>(column->integer(row));
}
void read(const OptionalColumn& column, std::int64_t row, bool& out) {
  if (has(column, row)) out = column->boolean(row);
}
void read(const OptionalColumn& column, std::int64_t row, std::vector<std::string>& out) {
  if (!has(column, row)) return;
  const ArrowColumn element = column->child(0);
  const ArrowColumn::Range range = column->elements(row);
  for (std::int64_t i = range.begin; i < range.end; ++i) {
    if (!element.is_null(i)) out.emplace_back(element.text(i));
  }
}

// Calls visit(key, value column, its row) for each entry.
template <typename Visit>
void each_entry(const ArrowColumn& map, std::int64_t row, const Visit& visit) {
  const ArrowColumn entries = map.child(0);
  if (entries.child_count() != 2) throw std::invalid_argument("a map's entries are no pairs");
  const ArrowColumn keys = entries.child(0);
  const ArrowColumn values = entries.child(1);
  const ArrowColumn::Range range = map.elements(row);
  for (std::int64_t i = range.begin; i < range.end; ++i) {
    if (!keys.is_null(i)) visit(std::string(keys.text(i)), values, i);
  }
}

void read(const OptionalColumn& column, std::int64_t row, std::map<std::string, std::string>& out) {
  if (!has(column, row)) return;
  each_entry(*column, row, [&](std::string key, const ArrowColumn& values, std::int64_t i) {
    if (!values.is_null(i)) out.insert_or_assign(std::move(key), std::string(values.text(i)));
  });
}
void read(const OptionalColumn& column, std::int64_t row, PartitionValues& out) {
  if (!has(column, row)) return;
  each_entry(*column, row, [&](std::string key, const ArrowColumn& values, std::int64_t i) {
    std::optional<std::string> value;
    if (!values.is_null(i)) value = values.text(i);
    out.insert_or_assign(std::move(key), std::move(value));
  });
}
template <typename T>
void read(const OptionalColumn& column, std::int64_t row, std::optional<T>& out) {
  if (!has(column, row)) return;
  out.emplace();
  read(column, row, *out);
}

// A struct of nulls is what some writers make of no deletion vector.
std::optional<DeletionVectorDescriptor> deletion_vector_at(const OptionalColumn& column,
                                                           std::int64_t row) {
  if (!has(column, row) || !has(column->field("storageType"), row)) return std::nullopt;
  DeletionVectorDescriptor descriptor;
  read(column->field("storageType"), row, descriptor.storage_type);
  read(column->field("pathOrInlineDv"), row, descriptor.path_or_inline_dv);
  read(column->field("offset"), row, descriptor.offset);
  read(column->field("sizeInBytes"), row, descriptor.size_in_bytes);
  read(column->field("cardinality"), row, descriptor.cardinality);
  return descriptor;
}

// The columns of `add`, looked up once a batch.
class AddColumns {
 public:
  explicit AddColumns(const ArrowColumn& add)
      : add_(add),
        path_(add.field("path")),
        partition_values_(add.field("partitionValues")),
        size_(add.field("size")),
        modification_time_(add.field("modificationTime")),
        data_change_(add.field("dataChange")),
        stats_(add.field("stats")),
        stats_parsed_(add.field("stats_parsed")),
        tags_(add.field("tags")),
        deletion_vector_(add.field("deletionVector")),
        base_row_id_(add.field("baseRowId")),
        default_row_commit_version_(add.field("defaultRowCommitVersion")),
        clustering_provider_(add.field("clusteringProvider")) {}

  bool is_null(std::int64_t row) const { return add_.is_null(row); }

  AddFile at(std::int64_t row) const {
    require_field(has(path_, row), "add", "path");
    AddFile file;
    read(path_, row, file.path);
    read(partition_values_, row, file.partition_values);
    read(size_, row, file.size);
    read(modification_time_, row, file.modification_time);
    read(data_change_, row, file.data_change);
    read(stats_, row, file.stats);
    if (!file.stats && has(stats_parsed_, row)) {
      append_json(*stats_parsed_, row, file.stats.emplace());
    }
    read(tags_, row, file.tags);
    read(base_row_id_, row, file.base_row_id);
    read(default_row_commit_version_, row, file.default_row_commit_version);
    read(clustering_provider_, row, file.clustering_provider);
    file.deletion_vector = deletion_vector_at(deletion_vector_, row);
    return file;
  }

 private:
  ArrowColumn add_;
  OptionalColumn path_, partition_values_, size_, modification_time_, data_change_, stats_,
      stats_parsed_, tags_;
  OptionalColumn deletion_vector_, base_row_id_, default_row_commit_version_, clustering_provider_;
};

RemoveFile remove_at(const ArrowColumn& column, std::int64_t row) {
  require_field(has(column.field("path"), row), "remove", "path");
  RemoveFile remove;
  read(column.field("path"), row, remove.path);
  read(column.field("deletionTimestamp"), row, remove.deletion_timestamp);
  read(column.field("dataChange"), row, remove.data_change);
  read(column.field("extendedFileMetadata"), row, remove.extended_file_metadata);
  read(column.field("partitionValues"), row, remove.partition_values);
  read(column.field("size"), row, remove.size);
  read(column.field("baseRowId"), row, remove.base_row_id);
  read(column.field("defaultRowCommitVersion"), row, remove.default_row_commit_version);
  remove.deletion_vector = deletion_vector_at(column.field("deletionVector"), row);
  return remove;
}

Protocol protocol_at(const ArrowColumn& column, std::int64_t row) {
  require_field(has(column.field("minReaderVersion"), row), "protocol", "minReaderVersion");
  require_field(has(column.field("minWriterVersion"), row), "protocol", "minWriterVersion");
  Protocol protocol;
  read(column.field("minReaderVersion"), row, protocol.min_reader_version);
  read(column.field("minWriterVersion"), row, protocol.min_writer_version);
  read(column.field("readerFeatures"), row, protocol.reader_features);
  read(column.field("writerFeatures"), row, protocol.writer_features);
  return protocol;
}

Metadata metadata_at(const ArrowColumn& column, std::int64_t row) {
  require_field(has(column.field("schemaString"), row), "metaData", "schemaString");
  Metadata metadata;
  read(column.field("id"), row, metadata.id);
  read(column.field("name"), row, metadata.name);
  read(column.field("description"), row, metadata.description);
  read(column.field("schemaString"), row, metadata.schema_string);
  read(column.field("partitionColumns"), row, metadata.partition_columns);
  read(column.field("configuration"), row, metadata.configuration);
  read(column.field("createdTime"), row, metadata.created_time);
  return metadata;
}

SetTransaction transaction_at(const ArrowColumn& column, std::int64_t row) {
  require_field(has(column.field("appId"), row), "txn", "appId");
  SetTransaction transaction;
  read(column.field("appId"), row, transaction.app_id);
  read(column.field("version"), row, transaction.version);
  read(column.field("lastUpdated"), row, transaction.last_updated);
  return transaction;
}

DomainMetadata domain_metadata_at(const ArrowColumn& column, std::int64_t row) {
  require_field(has(column.field("domain"), row), "domainMetadata", "domain");
  DomainMetadata domain;
  read(column.field("domain"), row, domain.domain);
  read(column.field("configuration"), row, domain.configuration);
  read(column.field("removed"), row, domain.removed);
  return domain;
}

Sidecar sidecar_at(const ArrowColumn& column, std::int64_t row) {
  require_field(has(column.field("path"), row), "sidecar", "path");
  Sidecar sidecar;
  read(column.field("path"), row, sidecar.path);
  read(column.field("sizeInBytes"), row, sidecar.size_in_bytes);
  return sidecar;
}

void check_fields(std::string_view parent, const ArrowColumn& column) {
  if (column.format() != "+s") return;
  for (std::int64_t i = 0; i < column.child_count(); ++i) {
    check_unknown_field(parent, column.child_name(i));
    if (column.child_name(i) == "deletionVector") check_fields("deletionVector", column.child(i));
  }
}

}  // namespace

void read_actions(const ArrowColumn& batch, ActionSink& sink) {
  for (std::int64_t i = 0; i < batch.child_count(); ++i) {
    const std::string_view name = batch.child_name(i);
    const ArrowColumn column = batch.child(i);
    check_fields(name, column);
    const auto each_row = [&](const auto& visit) {
      for (std::int64_t row = 0; row < batch.length(); ++row) {
        if (!column.is_null(row)) visit(row);
      }
    };
    if (name == "add") {
      const AddColumns adds(column);
      each_row([&](std::int64_t row) { sink.on_add(adds.at(row)); });
    } else if (name == "remove") {
      each_row([&](std::int64_t row) { sink.on_remove(remove_at(column, row)); });
    } else if (name == "protocol") {
      each_row([&](std::int64_t row) { sink.on_protocol(protocol_at(column, row)); });
    } else if (name == "metaData") {
      each_row([&](std::int64_t row) { sink.on_metadata(metadata_at(column, row)); });
    } else if (name == "txn") {
      each_row([&](std::int64_t row) { sink.on_transaction(transaction_at(column, row)); });
    } else if (name == "domainMetadata") {
      each_row([&](std::int64_t row) { sink.on_domain_metadata(domain_metadata_at(column, row)); });
    } else if (name == "sidecar") {
      each_row([&](std::int64_t row) { sink.on_sidecar(sidecar_at(column, row)); });
    }
  }
}

}  // namespace delta
