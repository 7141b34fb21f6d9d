// PROTOCOL.md, "Actions": how they are written.
#include "delta/actions.h"
#include "delta/src/json_text.h"

namespace delta {
namespace {

// Writes one JSON object, member by member, in the order of the calls.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
  ~ObjectWriter() { out_ += '}'; }
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;

  // The text that the caller appends next is the member's value.
  std::string& member(std::string_view key) {
    if (!first_) out_ += ',';
    first_ = false;
    append_json_string(out_, key);
    out_ += ':';
    return out_;
  }

  void write(std::string_view key, const std::string& text) {
    append_json_string(member(key), text);
  }
  void write(std::string_view key, bool flag) { member(key) += flag ? "true" : "false"; }
  void write(std::string_view key, std::int64_t number) { member(key) += std::to_string(number); }
  void write(std::string_view key, std::int32_t number) { member(key) += std::to_string(number); }
  void write(std::string_view key, const std::vector<std::string>& texts) {
    std::string& out = member(key);
    out += '[';
    for (const std::string& text : texts) {
      if (out.back() != '[') out += ',';
      append_json_string(out, text);
    }
    out += ']';
  }
  void write(std::string_view key, const std::map<std::string, std::string>& texts) {
    ObjectWriter map(member(key));
    for (const auto& [name, text] : texts) map.write(name, text);
  }
  void write(std::string_view key, const PartitionValues& values) {
    ObjectWriter map(member(key));
    for (const auto& [name, text] : values) {
      if (text) {
        map.write(name, *text);
      } else {
        map.member(name) += "null";
      }
    }
  }
  void write(std::string_view key, const DeletionVectorDescriptor& descriptor) {
    ObjectWriter object(member(key));
    object.write("storageType", descriptor.storage_type);
    object.write("pathOrInlineDv", descriptor.path_or_inline_dv);
    object.write("offset", descriptor.offset);
    object.write("sizeInBytes", descriptor.size_in_bytes);
    object.write("cardinality", descriptor.cardinality);
  }
  // What is absent is left out.
  template <typename T>
  void write(std::string_view key, const std::optional<T>& value) {
    if (value) write(key, *value);
  }

 private:
  std::string& out_;
  bool first_ = true;
};

struct ActionWriter {
  std::string& out;

  void operator()(const Protocol& protocol) const {
    ObjectWriter line(out);
    ObjectWriter object(line.member("protocol"));
    object.write("minReaderVersion", protocol.min_reader_version);
    object.write("minWriterVersion", protocol.min_writer_version);
    object.write("readerFeatures", protocol.reader_features);
    object.write("writerFeatures", protocol.writer_features);
  }

  void operator()(const Metadata& metadata) const {
    ObjectWriter line(out);
    ObjectWriter object(line.member("metaData"));
    object.write("id", metadata.id);
    object.write("name", metadata.name);
    object.write("description", metadata.description);
    object.member("format") += R"({"provider":"parquet","options":{}})";
    object.write("schemaString", metadata.schema_string);
    object.write("partitionColumns", metadata.partition_columns);
    object.write("configuration", metadata.configuration);
    object.write("createdTime", metadata.created_time);
  }

  void operator()(const AddFile& add) const {
    ObjectWriter line(out);
    ObjectWriter object(line.member("add"));
    object.write("path", add.path);
    object.write("partitionValues", add.partition_values);
    object.write("size", add.size);
    object.write("modificationTime", add.modification_time);
    object.write("dataChange", add.data_change);
    object.write("stats", add.stats);
    if (!add.tags.empty()) object.write("tags", add.tags);
    object.write("deletionVector", add.deletion_vector);
    object.write("baseRowId", add.base_row_id);
    object.write("defaultRowCommitVersion", add.default_row_commit_version);
    object.write("clusteringProvider", add.clustering_provider);
  }

  void operator()(const RemoveFile& remove) const {
    ObjectWriter line(out);
    ObjectWriter object(line.member("remove"));
    object.write("path", remove.path);
    object.write("deletionTimestamp", remove.deletion_timestamp);
    object.write("dataChange", remove.data_change);
    object.write("extendedFileMetadata", remove.extended_file_metadata);
    object.write("partitionValues", remove.partition_values);
    object.write("size", remove.size);
    object.write("stats", remove.stats);
    object.write("deletionVector", remove.deletion_vector);
    object.write("baseRowId", remove.base_row_id);
    object.write("defaultRowCommitVersion", remove.default_row_commit_version);
  }

  void operator()(const AddCdcFile& file) const {
    ObjectWriter line(out);
    ObjectWriter object(line.member("cdc"));
    object.write("path", file.path);
    object.write("partitionValues", file.partition_values);
    object.write("size", file.size);
    object.write("dataChange", false);
  }

  void operator()(const SetTransaction& transaction) const {
    ObjectWriter line(out);
    ObjectWriter object(line.member("txn"));
    object.write("appId", transaction.app_id);
    object.write("version", transaction.version);
    object.write("lastUpdated", transaction.last_updated);
  }

  void operator()(const DomainMetadata& domain) const {
    ObjectWriter line(out);
    ObjectWriter object(line.member("domainMetadata"));
    object.write("domain", domain.domain);
    object.write("configuration", domain.configuration);
    object.write("removed", domain.removed);
  }

  void operator()(const CommitInfo& info) const {
    ObjectWriter line(out);
    line.member("commitInfo") +=
        info.fields.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
};

}  // namespace

std::string to_json_line(const Action& action) {
  std::string line;
  std::visit(ActionWriter{line}, action);
  return line;
}

std::string DeletionVectorDescriptor::unique_id() const {
  std::string id = storage_type + path_or_inline_dv;
  if (offset) id += "@" + std::to_string(*offset);
  return id;
}

}  // namespace delta
