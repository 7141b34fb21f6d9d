#include "delta/src/checkpoint_rows.h"

#include <map>
#include <string>
#include <utility>

#include "delta/file_partition_value.h"
#include "delta/src/statistics_reader.h"
#include "delta/value.h"

namespace delta {
namespace {

// Where the columns stand: file_action_columns(), then table_action_columns().
enum Column : std::size_t { kAdd, kRemove, kTxn, kMetaData, kProtocol, kDomainMetadata };

// Gives the fields of one struct their values, in the order of its columns.
class FieldWriter {
 public:
  explicit FieldWriter(ArrowColumnBuilder& target) : target_(target) {}
  ~FieldWriter() { target_.finish_row(); }
  FieldWriter(const FieldWriter&) = delete;
  FieldWriter& operator=(const FieldWriter&) = delete;

  ArrowColumnBuilder& next() { return target_.field(next_++); }

  void write(const std::string& text) { next().append(std::string_view(text)); }
  void write(std::int64_t number) { next().append(number); }
  void write(std::int32_t number) { next().append(std::int64_t{number}); }
  void write(bool flag) { next().append(flag); }
  void write(const std::vector<std::string>& texts) {
    ArrowColumnBuilder& list = next();
    for (const std::string& text : texts) list.elements().append(std::string_view(text));
    list.finish_row();
  }
  void write(const std::map<std::string, std::string>& texts) {
    ArrowColumnBuilder& map = next();
    for (const auto& [key, value] : texts) {
      FieldWriter entry(map.elements());
      entry.write(key);
      entry.write(value);
    }
    map.finish_row();
  }
  void write(const PartitionValues& values) {
    ArrowColumnBuilder& map = next();
    for (const auto& [key, value] : values) {
      FieldWriter entry(map.elements());
      entry.write(key);
      entry.write(value);
    }
    map.finish_row();
  }
  void write(const DeletionVectorDescriptor& descriptor) {
    FieldWriter fields(next());
    fields.write(descriptor.storage_type);
    fields.write(descriptor.path_or_inline_dv);
    fields.write(descriptor.offset);
    fields.write(descriptor.size_in_bytes);
    fields.write(descriptor.cardinality);
  }
  // What is absent is null.
  template <typename T>
  void write(const std::optional<T>& value) {
    if (value) {
      write(*value);
    } else {
      ++next_;
    }
  }

 private:
  ArrowColumnBuilder& target_;
  std::size_t next_ = 0;
};

// The leaves below `fields`, each with its way through the builders.
struct StatisticsLeaf {
  std::vector<std::string> path;
  std::vector<std::size_t> positions;
  DataType type;
};

void append_leaves(const std::vector<StructField>& fields, StatisticsLeaf& at,
                   std::vector<StatisticsLeaf>& leaves) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    at.path.push_back(fields[i].name);
    at.positions.push_back(i);
    at.type = fields[i].type;
    if (fields[i].type.kind() == TypeKind::kStruct) {
      append_leaves(fields[i].type.fields(), at, leaves);
    } else {
      leaves.push_back(at);
    }
    at.path.pop_back();
    at.positions.pop_back();
  }
}

std::vector<StatisticsLeaf> leaves_of(const std::vector<StructField>& fields) {
  std::vector<StatisticsLeaf> leaves;
  StatisticsLeaf at{{}, {}, DataType::primitive(TypeKind::kLong)};
  append_leaves(fields, at, leaves);
  return leaves;
}

// Ends a row of `target` and of the structs in it.
void finish_struct(ArrowColumnBuilder& target, const std::vector<StructField>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].type.kind() != TypeKind::kStruct) continue;
    finish_struct(target.field(i), fields[i].type.fields());
  }
  target.finish_row();
}

ArrowColumnBuilder& leaf_in(ArrowColumnBuilder& target, const StatisticsLeaf& leaf) {
  ArrowColumnBuilder* at = &target;
  for (const std::size_t position : leaf.positions) at = &at->field(position);
  return *at;
}

}  // namespace

// Puts the text of `stats` into stats_parsed.
class CheckpointRows::ParsedStatistics {
 public:
  explicit ParsedStatistics(const CheckpointColumns& columns)
      : columns_(columns), null_counts_(leaves_of(columns.null_counts)) {
    std::map<std::vector<std::string>, std::size_t> positions;
    const std::vector<StatisticsLeaf> bounds = leaves_of(columns.bounds);
    for (std::size_t i = 0; i < bounds.size(); ++i) positions.emplace(bounds[i].path, i);
    std::vector<LeafColumn> leaves;
    for (const StatisticsLeaf& leaf : null_counts_) {
      const auto bound = positions.find(leaf.path);
      const bool has_bounds = bound != positions.end();
      bounds_.push_back(has_bounds ? std::optional(bounds[bound->second]) : std::nullopt);
      leaves.push_back({leaf.path, has_bounds ? bounds[bound->second].type : leaf.type});
    }
    reader_.emplace(std::move(leaves));
  }

  void append(ArrowColumnBuilder& target, const std::string& json) {
    const ReadStatistics* const read = reader_->read(json);
    if (!read) return;  // stays null
    std::size_t next = 0;
    ArrowColumnBuilder& records = target.field(next++);
    if (read->num_records) records.append(*read->num_records);
    if (!columns_.bounds.empty()) {
      append_bounds(target.field(next++), *read, &LeafStatistics::min);
      append_bounds(target.field(next++), *read, &LeafStatistics::max);
    }
    if (!columns_.null_counts.empty()) append_null_counts(target.field(next++), *read);
    if (columns_.tight_bounds) target.field(next++).append(read->tight_bounds);
    target.finish_row();
  }

 private:
  void append_bounds(ArrowColumnBuilder& target, const ReadStatistics& read,
                     std::optional<Value> LeafStatistics::* bound) {
    for (std::size_t i = 0; i < read.leaves.size(); ++i) {
      const std::optional<Value>& value = read.leaves[i].*bound;
      if (value && bounds_[i]) leaf_in(target, *bounds_[i]).append_value(*value);
    }
    finish_struct(target, columns_.bounds);
  }

  void append_null_counts(ArrowColumnBuilder& target, const ReadStatistics& read) {
    for (std::size_t i = 0; i < read.leaves.size(); ++i) {
      const auto& count = read.leaves[i].null_count;
      if (count) leaf_in(target, null_counts_[i]).append(*count);
    }
    finish_struct(target, columns_.null_counts);
  }

  const CheckpointColumns& columns_;
  std::vector<StatisticsLeaf> null_counts_;
  std::vector<std::optional<StatisticsLeaf>> bounds_;  // of each of null_counts_
  std::optional<StatisticsReader> reader_;
};

CheckpointRows::CheckpointRows(std::string location, const CheckpointColumns& columns,
                               bool with_table_actions)
    : location_(std::move(location)), columns_(columns) {
  schema_.fields = file_action_columns(columns_);
  if (with_table_actions) {
    for (StructField& field : table_action_columns()) schema_.fields.push_back(std::move(field));
  }
  rows_.emplace(DataType::struct_of(schema_.fields), "");
  if (columns_.stats_struct) parsed_statistics_ = std::make_unique<ParsedStatistics>(columns_);
}

CheckpointRows::~CheckpointRows() = default;

void CheckpointRows::append_partition_values(ArrowColumnBuilder& target, const AddFile& add) {
  for (std::size_t i = 0; i < columns_.partitions.size(); ++i) {
    // The columns have their physical names already.
    const Value value = partition_value(
        add, columns_.partitions[i], {location_, ColumnMapping::kNone, columns_.partitions.size()});
    if (!is_null(value)) target.field(i).append_value(value);
  }
  target.finish_row();
}

void CheckpointRows::append(const AddFile& add) {
  {
    FieldWriter fields(rows_->field(kAdd));
    fields.write(add.path);
    fields.write(add.partition_values);
    fields.write(add.size);
    fields.write(add.modification_time);
    fields.write(false);  // a checkpoint changes no data
    fields.write(add.tags.empty() ? std::nullopt : std::optional(add.tags));
    fields.write(add.deletion_vector);
    fields.write(add.base_row_id);
    fields.write(add.default_row_commit_version);
    fields.write(add.clustering_provider);
    if (columns_.stats_json) fields.write(add.stats);
    if (columns_.stats_struct) {
      ArrowColumnBuilder& parsed = fields.next();
      if (add.stats) parsed_statistics_->append(parsed, *add.stats);
    }
    if (!columns_.partitions.empty()) append_partition_values(fields.next(), add);
  }
  rows_->finish_row();
}

void CheckpointRows::append(const RemoveFile& remove) {
  {
    FieldWriter fields(rows_->field(kRemove));
    fields.write(remove.path);
    fields.write(remove.deletion_timestamp);
    fields.write(false);
    fields.write(remove.extended_file_metadata);
    fields.write(remove.partition_values);
    fields.write(remove.size);
    fields.write(remove.deletion_vector);
    fields.write(remove.base_row_id);
    fields.write(remove.default_row_commit_version);
  }
  rows_->finish_row();
}

void CheckpointRows::append(const Protocol& protocol) {
  {
    FieldWriter fields(rows_->field(kProtocol));
    fields.write(protocol.min_reader_version);
    fields.write(protocol.min_writer_version);
    fields.write(protocol.reader_features);
    fields.write(protocol.writer_features);
  }
  rows_->finish_row();
}

void CheckpointRows::append(const Metadata& metadata) {
  {
    FieldWriter fields(rows_->field(kMetaData));
    fields.write(metadata.id);
    fields.write(metadata.name);
    fields.write(metadata.description);
    {
      FieldWriter format(fields.next());
      format.write(std::string("parquet"));
      format.write(std::map<std::string, std::string>{});
    }
    fields.write(metadata.schema_string);
    fields.write(metadata.partition_columns);
    fields.write(metadata.configuration);
    fields.write(metadata.created_time);
  }
  rows_->finish_row();
}

void CheckpointRows::append(const SetTransaction& transaction) {
  {
    FieldWriter fields(rows_->field(kTxn));
    fields.write(transaction.app_id);
    fields.write(transaction.version);
    fields.write(transaction.last_updated);
  }
  rows_->finish_row();
}

void CheckpointRows::append(const DomainMetadata& domain) {
  {
    FieldWriter fields(rows_->field(kDomainMetadata));
    fields.write(domain.domain);
    fields.write(domain.configuration);
    fields.write(domain.removed);
  }
  rows_->finish_row();
}

}  // namespace delta
