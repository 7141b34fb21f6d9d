#include "duck/table_optimize.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/error.h"
#include "delta/clustering_columns.h"
#include "delta/file_bins.h"
#include "delta/target_file_size.h"
#include "delta/transaction.h"
#include "duck/bin_rewrite.h"
#include "duck/interrupt_watch.h"
#include "duck/pending_files.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

using ColumnPath = std::vector<std::string>;

constexpr std::int64_t kDefaultTargetFileBytes = 512LL << 20;

// Rows that a table has keep its rules, and none of them changes.
constexpr delta::WriterCapabilities kKeepsRows = {
    .row_rules = true, .column_mapping = true, .change_data = true};

// Files of one partition and those that hold their rows now.
struct OptimizedBin {
  delta::PartitionValues partition_values;
  std::vector<delta::AddFile> before;
  std::vector<delta::AddFile> after;
  std::int64_t rows = 0;
};

std::string dotted(const ColumnPath& path) {
  std::string text;
  for (const std::string& name : path) text += (text.empty() ? "" : ".") + name;
  return text;
}

std::string sql_of(const ColumnPath& path) {
  std::string sql = quote_identifier(path.front());
  for (std::size_t i = 1; i < path.size(); ++i) {
    sql.insert(0, "struct_extract(").append(", ").append(quote_string(path[i])).append(")");
  }
  return sql;
}

base::Error bad_zorder(const std::string& location, const std::string& why) {
  return {base::Stage::kValidation,
          "USAGE",
          "cannot order the rows of " + location + ": " + why,
          {{"path", location}}};
}

// The columns as the table spells them.
std::vector<ColumnPath> zorder_columns(const delta::Snapshot& table,
                                       const std::vector<std::string>& names) {
  std::vector<ColumnPath> columns;
  const std::vector<std::string>& partitions = table.metadata().partition_columns;
  for (const std::string& name : names) {
    const delta::StructField* const field = table.schema().find(name);
    if (field == nullptr) {
      throw bad_zorder(table.location(), "there is no column '" + name + "'");
    }
    if (std::ranges::find(partitions, field->name) != partitions.end()) {
      throw bad_zorder(table.location(),
                       "the column '" + name + "' partitions the table, which does more");
    }
    if (field->type.is_nested() || field->type.kind() == delta::TypeKind::kVariant) {
      throw bad_zorder(table.location(), "the column '" + name + "' is " + field->type.to_string() +
                                             ", which files have no bounds of");
    }
    columns.push_back({field->name});
  }
  return columns;
}

// What identifies a file and what is live of it.
std::string key_of(const delta::AddFile& file) {
  return file.path + (file.deletion_vector ? "\n" + file.deletion_vector->unique_id() : "");
}

nlohmann::json size_metrics(std::vector<std::int64_t> sizes) {
  std::ranges::sort(sizes);
  const auto at = [&](std::size_t percent) {
    return sizes.empty() ? "0" : std::to_string(sizes[(sizes.size() - 1) * percent / 100]);
  };
  return {{"minFileSize", at(0)},
          {"p25FileSize", at(25)},
          {"p50FileSize", at(50)},
          {"p75FileSize", at(75)},
          {"maxFileSize", at(100)}};
}

}  // namespace

class TableOptimization::State {
 public:
  State(Database& database, TableOptimizeOptions options)
      : database_(database),
        options_(std::move(options)),
        location_(delta::normalize_location(options_.location)),
        pending_(location_) {
    load();
    plan();
  }

  std::int64_t base_version() const { return base_->version(); }

  void write_files() {
    if (planned_.empty()) return;
    BinRewriteOptions options{.target_file_bytes = target_file_bytes_, .stop = options_.stop};
    for (const ColumnPath& path : columns_) options.order_by.push_back(sql_of(path));
    if (columns_.size() == 1 && is_floating(columns_.front())) {
      // DuckDB makes a column that it sorts by anew from the keys, in which both zeros are one.
      options.order_by = {"create_sort_key(" + options.order_by.front() + ", 'ASC NULLS FIRST')"};
    }
    std::vector<RewrittenBin> rewritten =
        rewrite_bins(database_, base_, planned_, options, pending_);
    const delta::SnapshotFiles live = base_->files();
    for (std::size_t i = 0; i < planned_.size(); ++i) {
      OptimizedBin bin{.partition_values = planned_[i].partition_values,
                       .before = {},
                       .after = std::move(rewritten[i].files),
                       .rows = rewritten[i].rows};
      for (const std::size_t file : planned_[i].files) bin.before.push_back(live[file]);
      if (!columns_.empty()) delta::mark_clustered(bin.after, clustering_);
      done_.push_back(std::move(bin));
    }
    planned_.clear();
  }

  TableOptimizeReport commit() {
    for (int attempt = 0; !done_.empty(); ++attempt) {
      duck::throw_if_stopped(options_.stop);
      try {
        return commit_once();
      } catch (const base::Error& error) {
        // Files that a log may name stay.
        if (delta::may_have_committed(error)) pending_.keep();
        if (error.code() != "DELTA_COMMIT_CONFLICT" || attempt >= options_.max_retries) throw;
      }
      catch_up();
      write_files();
    }
    return {};
  }

 private:
  void load() {
    base_ =
        delta::Snapshot::load(delta::store_for(location_), database_.parquet_engine(), location_);
    const std::vector<ColumnPath> clustering = delta::clustering_columns(*base_);
    if (!clustering.empty() && !options_.zorder_by.empty()) {
      throw bad_zorder(location_, "the table is clustered by columns of its own");
    }
    columns_ = clustering.empty() ? zorder_columns(*base_, options_.zorder_by) : clustering;
    clustering_ = {};
    for (const ColumnPath& path : columns_) clustering_.columns.push_back(dotted(path));
    if (!clustering.empty()) clustering_.provider = delta::kLiquidClustering;
    target_file_bytes_ = options_.target_file_bytes.value_or(
        delta::target_file_size(base_->metadata()).value_or(kDefaultTargetFileBytes));
  }

  bool is_floating(const ColumnPath& path) const {
    if (path.size() > 1) return false;  // a field is no column
    const delta::TypeKind kind = base_->schema().find(path.front())->type.kind();
    return kind == delta::TypeKind::kFloat || kind == delta::TypeKind::kDouble;
  }

  void plan() {
    planned_ = columns_.empty()
                   ? delta::bins_to_compact(base_->files(), target_file_bytes_)
                   : delta::bins_to_cluster(base_->files(), clustering_, target_file_bytes_);
  }

  // After a conflict: keeps what still stands for the rows of live files, and plans again for the
  // partitions of the rest.
  void catch_up() {
    const std::shared_ptr<const delta::Snapshot> before = base_;
    load();
    const bool same_table = before->metadata() == base_->metadata() &&
                            before->protocol() == base_->protocol() && same_clustering(*before);
    std::set<std::string> live;
    for (const delta::AddFile& file : base_->files()) live.insert(key_of(file));
    std::set<delta::PartitionValues> again;
    std::erase_if(done_, [&](const OptimizedBin& bin) {
      const bool stands =
          same_table && std::ranges::all_of(bin.before, [&](const delta::AddFile& file) {
            return live.contains(key_of(file));
          });
      if (stands) return false;
      pending_.discard(bin.after);
      again.insert(bin.partition_values);
      return true;
    });
    plan_partitions(again, same_table);
  }

  bool same_clustering(const delta::Snapshot& before) const {
    return delta::clustering_columns(before) == delta::clustering_columns(*base_);
  }

  // What other partitions lack is for the next run: a busy table would never be done with.
  void plan_partitions(const std::set<delta::PartitionValues>& partitions, bool same_table) {
    plan();
    if (!same_table) return;
    std::erase_if(planned_, [&](const delta::FileBin& bin) {
      return !partitions.contains(bin.partition_values);
    });
  }

  TableOptimizeReport commit_once() {
    delta::Transaction transaction = delta::Transaction::start(base_, kKeepsRows);
    transaction.set_data_change(false);
    TableOptimizeReport report;
    std::vector<std::int64_t> sizes;
    for (const OptimizedBin& bin : done_) {
      ++report.bins;
      report.rows += bin.rows;
      for (const delta::AddFile& file : bin.before) {
        transaction.remove(file);
        ++report.files_removed;
        report.bytes_removed += file.size;
        report.deletion_vectors_removed += file.deletion_vector ? 1 : 0;
      }
      for (const delta::AddFile& file : bin.after) {
        transaction.add(file);
        sizes.push_back(file.size);
        ++report.files_added;
        report.bytes_added += file.size;
      }
    }
    delta::CommitResult result = transaction.commit(commit_options(report, std::move(sizes)));
    report.version = result.version;
    report.warnings = std::move(result.warnings);
    pending_.keep();
    return report;
  }

  delta::CommitOptions commit_options(const TableOptimizeReport& report,
                                      std::vector<std::int64_t> sizes) const {
    const nlohmann::json none = nlohmann::json::array();
    const bool is_clustered = clustering_.provider.has_value();
    delta::CommitOptions options;
    options.operation = "OPTIMIZE";
    options.operation_parameters = {
        {"predicate", none.dump()},
        {"zOrderBy", is_clustered ? none.dump() : nlohmann::json(clustering_.columns).dump()},
        {"clusterBy", is_clustered ? nlohmann::json(clustering_.columns).dump() : none.dump()},
        {"auto", false}};
    options.operation_metrics = size_metrics(std::move(sizes));
    options.operation_metrics.update(
        {{"numRemovedFiles", std::to_string(report.files_removed)},
         {"numRemovedBytes", std::to_string(report.bytes_removed)},
         {"numAddedFiles", std::to_string(report.files_added)},
         {"numAddedBytes", std::to_string(report.bytes_added)},
         {"numDeletionVectorsRemoved", std::to_string(report.deletion_vectors_removed)}});
    options.max_retries = options_.max_retries;
    options.preserves_row_tracking = true;
    return options;
  }

  Database& database_;
  const TableOptimizeOptions options_;
  const std::string location_;
  std::shared_ptr<const delta::Snapshot> base_;
  std::vector<ColumnPath> columns_;  // by which rows lie together; empty: as they come
  delta::Clustering clustering_;
  std::int64_t target_file_bytes_ = 0;
  std::vector<delta::FileBin> planned_;
  std::vector<OptimizedBin> done_;
  PendingFiles pending_;
};

TableOptimization::TableOptimization(Database& database, TableOptimizeOptions options)
    : state_(std::make_unique<State>(database, std::move(options))) {}
TableOptimization::~TableOptimization() = default;

std::int64_t TableOptimization::base_version() const { return state_->base_version(); }
void TableOptimization::write_files() { state_->write_files(); }
TableOptimizeReport TableOptimization::commit() { return state_->commit(); }

TableOptimizeReport optimize_table(Database& database, const TableOptimizeOptions& options) {
  TableOptimization optimization(database, options);
  optimization.write_files();
  return optimization.commit();
}

}  // namespace duck
