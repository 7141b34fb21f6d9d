#include "duck/table_verification.h"

#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "base/error.h"
#include "delta/column_mapping.h"
#include "delta/deletion_vector.h"
#include "delta/log_verification.h"
#include "delta/statistics.h"
#include "duck/hidden_column.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMicrosPerMilli = 1000;

// A column that may have statistics: its name in SQL and its path in data files.
struct Leaf {
  std::string expression;
  std::vector<std::string> path;
  bool has_order = false;
};

void append_leaves(const std::vector<delta::StructField>& fields, delta::ColumnMapping mapping,
                   const Leaf& parent, std::vector<Leaf>& leaves) {
  for (const delta::StructField& field : fields) {
    Leaf leaf = parent;
    if (!leaf.expression.empty()) leaf.expression += '.';
    leaf.expression += quote_identifier(field.name);
    leaf.path.push_back(delta::physical_name(field, mapping));
    const delta::TypeKind kind = field.type.kind();
    if (kind == delta::TypeKind::kStruct) {
      append_leaves(field.type.fields(), mapping, leaf, leaves);
      continue;
    }
    leaf.has_order = !field.type.is_nested() && kind != delta::TypeKind::kVariant &&
                     kind != delta::TypeKind::kVoid;
    leaves.push_back(std::move(leaf));
  }
}

bool is_nan(const delta::Value& value) {
  const auto* const number = std::get_if<double>(&value);
  return number != nullptr && std::isnan(*number);
}

// Bounds are cut off: texts to a prefix, timestamps to a millisecond, floats to their text.
bool is_below(const delta::Value& value, const delta::Value& min) {
  if (is_nan(value)) return false;
  const auto order = delta::compare(value, min);
  if (!order || !(*order < 0)) return false;
  const auto* const number = std::get_if<double>(&value);
  return number == nullptr ||
         static_cast<float>(*number) != static_cast<float>(std::get<double>(min));
}

bool is_above(delta::Value value, const delta::Value& max) {
  if (is_nan(value)) return false;  // maxima may leave it out
  if (auto* const time = std::get_if<delta::Timestamp>(&value)) time->micros -= kMicrosPerMilli - 1;
  if (auto* const time = std::get_if<delta::TimestampNtz>(&value)) {
    time->micros -= kMicrosPerMilli - 1;
  }
  const auto order = delta::compare(value, max);
  if (!order || !(*order > 0)) return false;
  if (const auto* const text = std::get_if<std::string>(&value)) {
    return !text->starts_with(std::get<std::string>(max));
  }
  const auto* const number = std::get_if<double>(&value);
  return number == nullptr ||
         static_cast<float>(*number) != static_cast<float>(std::get<double>(max));
}

// How large data files are.
class DataFileSizes {
 public:
  explicit DataFileSizes(const delta::Snapshot& snapshot) : store_(*snapshot.store()) {
    const std::string& location = snapshot.location();
    if (delta::is_local(location)) return;
    // One listing in place of a request for each file.
    for (const delta::FileStatus& file : store_.list_tree(location, [](auto) { return true; })) {
      listed_.emplace(file.path, file.size);
    }
  }

  // Nothing, and why, when the file cannot be found.
  std::optional<std::int64_t> of(const std::string& path, std::string& obstacle) const {
    if (delta::is_local(path)) {
      std::error_code error;
      const auto size = fs::file_size(path, error);
      if (!error) return static_cast<std::int64_t>(size);
      obstacle = error.message();
      return std::nullopt;
    }
    if (const auto file = listed_.find(path); file != listed_.end()) return file->second;
    const std::size_t slash = path.rfind('/');
    const auto found = store_.list(path.substr(0, slash), path.substr(slash + 1));
    if (!found.empty() && found.front().path == path) return found.front().size;
    obstacle = "there is no such object";
    return std::nullopt;
  }

 private:
  const delta::Store& store_;
  std::map<std::string, std::int64_t> listed_;
};

class Verification {
 public:
  Verification(Database& database, std::shared_ptr<const delta::Snapshot> snapshot)
      : connection_(database), snapshot_(std::move(snapshot)), sizes_(*snapshot_) {}

  VerifiedTable run() {
    result_.version = snapshot_->version();
    result_.files = static_cast<std::int64_t>(snapshot_->files_as_logged().size());
    for (std::string& fault : delta::verify_log(*snapshot_)) {
      result_.faults.push_back({"_delta_log", std::move(fault)});
    }
    bool is_readable = snapshot_->checksum_faults().empty();
    for (const delta::AddFile& file : snapshot_->files_as_logged()) {
      const std::size_t before = result_.faults.size();
      check_file(file);
      check_deletion_vector(file);
      is_readable = is_readable && result_.faults.size() == before;
    }
    if (is_readable) check_statistics();
    return std::move(result_);
  }

 private:
  void report(const delta::AddFile& file, std::string what) {
    result_.faults.push_back({file.path, std::move(what)});
  }

  void check_file(const delta::AddFile& file) {
    std::string obstacle;
    const auto size = sizes_.of(snapshot_->data_path(file), obstacle);
    if (!size) return report(file, "cannot be found: " + obstacle);
    if (*size != file.size) {
      report(file, "has " + std::to_string(*size) + " bytes, not " + std::to_string(file.size));
    }
  }

  // The rows that the statistics say the file has.
  std::optional<delta::FileStatistics> statistics_of(const delta::AddFile& file) const {
    if (!file.stats) return std::nullopt;
    return delta::parse_statistics(
        *file.stats, snapshot_->schema(),
        delta::column_mapping(snapshot_->protocol(), snapshot_->metadata()));
  }

  void check_deletion_vector(const delta::AddFile& file) {
    if (!file.deletion_vector) return;
    try {
      const auto vector = delta::DeletionVector::read(*snapshot_->store(), snapshot_->location(),
                                                      *file.deletion_vector);
      const auto statistics = statistics_of(file);
      if (!statistics) return report(file, "has a deletion vector and no statistics");
      std::uint64_t inside = 0;
      vector.for_each_between(0, static_cast<std::uint64_t>(statistics->num_records),
                              [&](const auto rows) { inside += rows.size(); });
      if (inside == vector.cardinality()) return;
      report(file, "has " + std::to_string(statistics->num_records) +
                       " rows, but its deletion vector deletes later ones");
    } catch (const base::Error& error) {
      report(file, error.message());
    }
  }

  void check_statistics() {
    const auto mapping = delta::column_mapping(snapshot_->protocol(), snapshot_->metadata());
    append_leaves(snapshot_->schema().fields, mapping, {}, leaves_);
    const std::string file = quote_identifier(hidden_column(snapshot_->schema(), "file_index"));
    std::string query = "SELECT " + file + ", count(*)";
    for (const Leaf& leaf : leaves_) {
      const std::string bound = leaf.has_order ? leaf.expression : "NULL";
      query.append(", count(").append(leaf.expression).append("), min(").append(bound);
      query.append("), max(").append(bound).append(")");
    }
    query += " FROM delta_scan(" + quote_string(snapshot_->location()) +
             ", version := " + std::to_string(snapshot_->version()) + ") GROUP BY " + file;
    std::map<std::int64_t, std::vector<delta::Value>> found;
    try {
      for (auto& row : connection_.query(query).rows) {
        const auto index = std::get<delta::Decimal>(row.front()).unscaled;
        found.emplace(static_cast<std::int64_t>(index), std::move(row));
      }
    } catch (const base::Error& error) {
      const auto path = error.details().find("path");
      result_.faults.push_back(
          {path == error.details().end() ? "" : path->second, error.message()});
      return;
    }
    const delta::SnapshotFiles files = snapshot_->files();
    for (std::size_t i = 0; i < files.size(); ++i) {
      const auto row = found.find(static_cast<std::int64_t>(i));
      check_statistics(files[i], row == found.end() ? nullptr : &row->second);
    }
  }

  // `row` has the file's count and, for each leaf, the count of values, the least and the greatest;
  // null when the file has no rows.
  void check_statistics(const delta::AddFile& file, const std::vector<delta::Value>* row) {
    std::optional<delta::FileStatistics> statistics;
    try {
      statistics = statistics_of(file);
    } catch (const base::Error& error) {
      return report(file, error.message());
    }
    if (!statistics) return;
    const std::int64_t deleted = file.deletion_vector ? file.deletion_vector->cardinality : 0;
    const std::int64_t rows = row == nullptr ? 0 : std::get<std::int64_t>((*row)[1]);
    if (rows != statistics->num_records - deleted) {
      report(file, "has " + std::to_string(rows) + " rows, not " +
                       std::to_string(statistics->num_records - deleted));
    }
    if (row == nullptr) return;
    for (const delta::ColumnStatistics& column : statistics->columns) {
      for (std::size_t i = 0; i < leaves_.size(); ++i) {
        if (leaves_[i].path == column.path) {
          check_column(file, *statistics, column, leaves_[i], rows, &(*row)[2 + 3 * i]);
        }
      }
    }
  }

  void check_column(const delta::AddFile& file, const delta::FileStatistics& statistics,
                    const delta::ColumnStatistics& column, const Leaf& leaf, std::int64_t rows,
                    const delta::Value* found) {
    const std::int64_t nulls = rows - std::get<std::int64_t>(found[0]);
    if (column.null_count && !may_be(*column.null_count, nulls, rows, file, statistics)) {
      report(file, "column " + leaf.expression + " has " + std::to_string(nulls) + " nulls, not " +
                       std::to_string(*column.null_count));
    }
    if (column.min && is_below(found[1], *column.min)) {
      report(file, "column " + leaf.expression + " has a value below its minimum");
    }
    if (column.max && is_above(found[2], *column.max)) {
      report(file, "column " + leaf.expression + " has a value above its maximum");
    }
  }

  // Deleted rows may have been counted.
  static bool may_be(std::int64_t told, std::int64_t nulls, std::int64_t rows,
                     const delta::AddFile& file, const delta::FileStatistics& statistics) {
    if (!file.deletion_vector) return told == nulls;
    if (told == statistics.num_records) return nulls == rows;
    return told != 0 || nulls == 0;
  }

  Connection connection_;
  std::shared_ptr<const delta::Snapshot> snapshot_;
  const DataFileSizes sizes_;
  std::vector<Leaf> leaves_;
  VerifiedTable result_;
};

}  // namespace

VerifiedTable verify_table(Database& database, const std::string& location,
                           std::optional<std::int64_t> version) {
  return Verification(database, database.snapshot(location, version)).run();
}

}  // namespace duck
