#include "duck/partition_overwrite.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "delta/column_mapping.h"
#include "delta/file_partition_value.h"
#include "delta/value.h"

namespace duck {
namespace {

// One value a partition column.
using PartitionKey = std::vector<std::optional<std::string>>;

class PartitionColumns {
 public:
  // `table` outlives it.
  explicit PartitionColumns(const delta::Snapshot& table)
      : partitioning_{table.location(), delta::column_mapping(table.protocol(), table.metadata()),
                      table.metadata().partition_columns.size()} {
    for (const std::string& name : table.metadata().partition_columns) {
      columns_.push_back(table.schema().find(name));
    }
  }

  // Writers spell some values differently; the key is spelled as this library does.
  PartitionKey key_of(const delta::AddFile& file) const {
    PartitionKey key;
    for (const delta::StructField* const column : columns_) {
      key.push_back(delta::serialize_partition_value(
          delta::partition_value(file, *column, partitioning_), column->type));
    }
    return key;
  }

  delta::Predicate predicate_of(const PartitionKey& key) const {
    delta::Predicate all{.op = delta::Predicate::Op::kAnd};
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      delta::Predicate one{.op = delta::Predicate::Op::kIsNull, .column = {columns_[i]->name}};
      if (key[i]) {
        one.op = delta::Predicate::Op::kEqual;
        one.values = {delta::parse_partition_value(key[i], columns_[i]->type)};
      }
      all.children.push_back(std::move(one));
    }
    return all;
  }

 private:
  const delta::Partitioning partitioning_;
  std::vector<const delta::StructField*> columns_;
};

}  // namespace

std::size_t remove_partitions_of(const std::vector<delta::AddFile>& added,
                                 const delta::Snapshot& base, delta::Transaction& transaction) {
  const PartitionColumns columns(base);
  std::set<PartitionKey> keys;
  for (const delta::AddFile& file : added) keys.insert(columns.key_of(file));
  std::size_t removed = 0;
  for (const delta::AddFile& file : base.files()) {
    if (!keys.contains(columns.key_of(file))) continue;
    transaction.remove(file);
    ++removed;
  }
  for (const PartitionKey& key : keys) transaction.read_files(columns.predicate_of(key));
  return removed;
}

}  // namespace duck
