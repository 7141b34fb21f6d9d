#include "delta/data_skipping.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "base/error.h"
#include "delta/column_mapping.h"
#include "delta/src/outcome.h"
#include "delta/src/statistics_reader.h"

namespace delta {
namespace {

using Op = Predicate::Op;

struct PartitionColumn {
  std::string physical_name;
  DataType type;
};

// A predicate whose leaves know where to find what is known of their columns.
struct BoundPredicate {
  const Predicate* predicate = nullptr;
  std::optional<std::size_t> partition;  // of partition columns
  std::optional<std::size_t> leaf;       // of columns with statistics
  std::vector<BoundPredicate> children;
};

// Binds a predicate to a table.
class Binder {
 public:
  explicit Binder(const Snapshot& snapshot)
      : snapshot_(snapshot), mapping_(column_mapping(snapshot.protocol(), snapshot.metadata())) {}

  BoundPredicate bind(const Predicate& predicate) {
    BoundPredicate bound{&predicate, std::nullopt, std::nullopt, {}};
    for (const Predicate& child : predicate.children) bound.children.push_back(bind(child));
    if (predicate.column.empty()) return bound;
    const StructField* field = snapshot_.schema().find(predicate.column.front());
    if (!field) return bound;
    if (is_partition_column(field->name)) {
      if (predicate.column.size() == 1) {
        bound.partition = position_of(partitions_, {physical_name(*field, mapping_), field->type});
      }
      return bound;
    }
    LeafColumn leaf{{physical_name(*field, mapping_)}, field->type};
    for (std::size_t i = 1; i < predicate.column.size(); ++i) {
      if (leaf.type.kind() != TypeKind::kStruct) return bound;
      const Schema inside{leaf.type.fields()};
      const StructField* const part = inside.find(predicate.column[i]);
      if (!part) return bound;
      leaf.path.push_back(physical_name(*part, mapping_));
      leaf.type = DataType(part->type);
    }
    // Of arrays and maps there are counts of nulls; of structs there is nothing.
    if (leaf.type.kind() != TypeKind::kStruct) bound.leaf = position_of(leaves_, std::move(leaf));
    return bound;
  }

  const std::vector<PartitionColumn>& partitions() const { return partitions_; }
  const std::vector<LeafColumn>& leaves() const { return leaves_; }

 private:
  static bool is_same(const PartitionColumn& a, const PartitionColumn& b) {
    return a.physical_name == b.physical_name;
  }
  static bool is_same(const LeafColumn& a, const LeafColumn& b) { return a.path == b.path; }

  template <typename Column>
  static std::size_t position_of(std::vector<Column>& columns, Column column) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (is_same(columns[i], column)) return i;
    }
    columns.push_back(std::move(column));
    return columns.size() - 1;
  }

  bool is_partition_column(const std::string& name) const {
    const auto& names = snapshot_.metadata().partition_columns;
    return std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
      const StructField* const field = snapshot_.schema().find(candidate);
      return field && field->name == name;
    });
  }

  const Snapshot& snapshot_;
  ColumnMapping mapping_;
  std::vector<PartitionColumn> partitions_;
  std::vector<LeafColumn> leaves_;
};

// What is known of one file.
struct FileFacts {
  std::vector<std::optional<Value>> partition_values;  // nothing: not known
  const ReadStatistics* statistics = nullptr;          // null: none
};

Outcome evaluate_leaf(const BoundPredicate& bound, const FileFacts& facts,
                      const std::vector<LeafColumn>& leaves) {
  if (bound.partition) {
    const std::optional<Value>& value = facts.partition_values[*bound.partition];
    return value ? outcome_of_value(*bound.predicate, *value) : Outcome{};
  }
  if (!bound.leaf || !facts.statistics) return {};
  return outcome_of_statistics(*bound.predicate, leaves[*bound.leaf].type.kind(),
                               facts.statistics->num_records,
                               facts.statistics->leaves[*bound.leaf]);
}

Outcome evaluate(const BoundPredicate& bound, const FileFacts& facts,
                 const std::vector<LeafColumn>& leaves) {
  switch (bound.predicate->op) {
    case Op::kUnknown:
      return {};
    case Op::kAnd: {
      Outcome outcome = Outcome::only_true();
      for (const BoundPredicate& child : bound.children) {
        outcome = conjunction(outcome, evaluate(child, facts, leaves));
      }
      return outcome;
    }
    case Op::kOr: {
      Outcome outcome = Outcome::only_false();
      for (const BoundPredicate& child : bound.children) {
        outcome = disjunction(outcome, evaluate(child, facts, leaves));
      }
      return outcome;
    }
    case Op::kNot:
      return bound.children.empty() ? Outcome{}
                                    : negate(evaluate(bound.children.front(), facts, leaves));
    default:
      return evaluate_leaf(bound, facts, leaves);
  }
}

std::optional<Value> partition_value(const AddFile& file, const PartitionColumn& column) {
  const auto text = file.partition_values.find(column.physical_name);
  if (text == file.partition_values.end()) return std::nullopt;
  try {
    return parse_partition_value(text->second, column.type);
  } catch (const base::Error&) {
    return std::nullopt;  // whoever reads the file will say so
  }
}

enum class Match { kPossible, kNoneByPartition, kNoneByStatistics };

// Tells of one file after another whether it may hold a row for which a predicate is true.
class FileMatcher {
 public:
  FileMatcher(const Snapshot& snapshot, const Predicate& predicate)
      : binder_(snapshot), bound_(binder_.bind(predicate)), reader_(binder_.leaves()) {
    facts_.partition_values.resize(binder_.partitions().size());
  }

  Match match(const AddFile& file) {
    facts_.statistics = nullptr;
    for (std::size_t column = 0; column < binder_.partitions().size(); ++column) {
      facts_.partition_values[column] = partition_value(file, binder_.partitions()[column]);
    }
    if (!may_be_true()) return Match::kNoneByPartition;
    if (reader_.columns().empty() || !file.stats) return Match::kPossible;
    facts_.statistics = reader_.read(*file.stats);
    return may_be_true() ? Match::kPossible : Match::kNoneByStatistics;
  }

 private:
  bool may_be_true() const { return evaluate(bound_, facts_, reader_.columns()).may_be_true; }

  Binder binder_;
  BoundPredicate bound_;
  StatisticsReader reader_;
  FileFacts facts_;
};

}  // namespace

PrunedFiles prune_files(const Snapshot& snapshot, const Predicate& predicate) {
  std::vector<std::size_t> all(snapshot.files().size());
  std::iota(all.begin(), all.end(), 0);
  return prune_files(snapshot, predicate, all);
}

PrunedFiles prune_files(const Snapshot& snapshot, const Predicate& predicate,
                        std::span<const std::size_t> candidates) {
  const SnapshotFiles files = snapshot.files();
  FileMatcher matcher(snapshot, predicate);
  PrunedFiles pruned;
  pruned.counts.total = static_cast<std::int64_t>(candidates.size());
  for (const std::size_t i : candidates) {
    switch (matcher.match(files[i])) {
      case Match::kPossible:
        pruned.kept.push_back(i);
        break;
      case Match::kNoneByPartition:
        ++pruned.counts.pruned_by_partition;
        break;
      case Match::kNoneByStatistics:
        ++pruned.counts.pruned_by_statistics;
        break;
    }
  }
  return pruned;
}

bool any_may_match(const Snapshot& snapshot, const Predicate& predicate,
                   std::span<const AddFile> files) {
  FileMatcher matcher(snapshot, predicate);
  return std::any_of(files.begin(), files.end(),
                     [&](const AddFile& file) { return matcher.match(file) == Match::kPossible; });
}

}  // namespace delta
