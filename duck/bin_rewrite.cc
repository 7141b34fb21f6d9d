#include "duck/bin_rewrite.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "base/quantity.h"
#include "delta/file_rows.h"
#include "duck/connection_internal.h"
#include "duck/copy_to_parquet.h"
#include "duck/curve_order_internal.h"
#include "duck/file_selection.h"
#include "duck/interrupt_watch.h"
#include "duck/kept_row_ids.h"
#include "duck/memory_reservation_internal.h"
#include "duck/rewrite_memory.h"
#include "duck/table_copy_options.h"

namespace duck {
namespace {

// Workers that take bin after bin. The first failure stops all of them.
class BinRewrites {
 public:
  BinRewrites(Database& database, const std::shared_ptr<const delta::Snapshot>& snapshot,
              const std::vector<delta::FileBin>& bins, const BinRewriteOptions& options,
              PendingFiles& pending)
      : database_(database),
        snapshot_(snapshot),
        bins_(bins),
        options_(options),
        pending_(pending),
        results_(bins.size()),
        row_ids_(*snapshot) {}

  std::vector<RewrittenBin> run() {
    const std::stop_callback stop_workers(options_.stop, [this] { stop_.request_stop(); });
    Connection connection(database_);
    duckdb::ClientContext& context = *connection.internal().connection.context;
    plan(connection);
    {
      const MemoryReservation reservation(context, is_sorted() ? shares_.reserved_bytes : 0);
      std::vector<std::jthread> threads;
      for (std::int64_t i = 1; i < shares_.bins; ++i) threads.emplace_back([this] { work(); });
      work();  // this thread is one of the workers
    }
    if (failure_) rethrow(memory_limit(context));
    throw_if_stopped(options_.stop);
    return std::move(results_);
  }

 private:
  // The failure; where memory is short, with what would be enough.
  [[noreturn]] void rethrow(std::int64_t limit) const {
    try {
      std::rethrow_exception(failure_);
    } catch (const base::Error& error) {
      const std::int64_t enough = enough_memory(row_group_bytes_);
      if (error.code() != "OUT_OF_MEMORY" || limit >= enough) throw;
      base::Error::Details details = error.details();
      details["enough_memory_bytes"] = std::to_string(enough);
      throw base::Error(error.stage(), error.code(),
                        error.message() + "; files of " + snapshot_->location() +
                            " have row groups of " + base::size_text(row_group_bytes_) +
                            ", for which a limit of " + base::size_text(enough) + " is enough",
                        std::move(details));
    }
  }

  bool is_sorted() const { return !options_.order_by.empty(); }

  void plan(Connection& connection) {
    std::vector<std::size_t> files;
    for (const delta::FileBin& bin : bins_) {
      files.insert(files.end(), bin.files.begin(), bin.files.end());
    }
    duckdb::ClientContext& context = *connection.internal().connection.context;
    row_group_bytes_ = largest_row_group(connection, *snapshot_, std::move(files));
    shares_ = share_memory({.memory_limit_bytes = memory_limit(context),
                            .threads = thread_count(context),
                            .row_group_bytes = row_group_bytes_,
                            .bins = std::ssize(bins_),
                            .sorts = is_sorted()});
  }

  void work() noexcept {
    try {
      Connection connection(database_);
      const InterruptWatch watch(connection, stop_.get_token());
      for (std::size_t i = next_++; i < bins_.size(); i = next_++) {
        throw_if_stopped(stop_.get_token());
        rewrite(connection, i);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      stop_.request_stop();
    }
  }

  void rewrite(Connection& connection, std::size_t number) {
    const FileSelection source(database_, snapshot_, bins_[number].files,
                               static_cast<std::size_t>(shares_.scan_threads));
    RewrittenBin& result = results_[number];
    CopiedFiles copied = copy(connection, source.sql(), row_group_rows(bins_[number]));
    {
      const std::lock_guard lock(mutex_);
      pending_.add(copied.files);
    }
    result.rows = copied.rows;
    result.files = std::move(copied.files);
    for (delta::AddFile& file : result.files) {
      // Those of the old files, however their values were written as text.
      file.partition_values = bins_[number].partition_values;
      file.data_change = false;
    }
  }

  // A file ends with a row group: they have to be small enough for the size that is aimed at.
  std::int64_t row_group_rows(const delta::FileBin& bin) const {
    constexpr std::int64_t kFewestRows = 2048;
    constexpr std::int64_t kMostRows = 122880;
    constexpr std::int64_t kGroupsOfFile = 8;
    std::vector<delta::AddFile> files;
    const delta::SnapshotFiles live = snapshot_->files();
    for (const std::size_t file : bin.files) files.push_back(live[file]);
    std::int64_t rows = 0;
    for (const std::optional<std::int64_t>& rows_of_file : delta::file_rows(files)) {
      if (!rows_of_file) return kMostRows;
      rows += *rows_of_file;
    }
    const double rows_of_target = static_cast<double>(options_.target_file_bytes) *
                                  static_cast<double>(rows) / static_cast<double>(bin.bytes);
    return std::clamp(static_cast<std::int64_t>(rows_of_target) / kGroupsOfFile, kFewestRows,
                      kMostRows);
  }

  CopiedFiles copy(Connection& connection, const std::string& source,
                   std::int64_t row_group_rows) const {
    const std::string query = "SELECT *" + row_ids_.select() + " FROM " + source;
    const std::vector<std::string>& columns = options_.order_by;
    if (columns.empty()) return copy_query(connection, query, row_group_rows);
    if (columns.size() == 1) {
      return copy_query(connection, query + " ORDER BY " + columns.front() + " NULLS FIRST",
                        row_group_rows);
    }
    const CurveOrder order(connection, source, columns);
    return copy_query(connection, query + " ORDER BY " + order.sql(), row_group_rows);
  }

  CopiedFiles copy_query(Connection& connection, const std::string& query,
                         std::int64_t row_group_rows) const {
    CopyOptions options = table_copy_options(snapshot_->location(), snapshot_->protocol(),
                                             snapshot_->metadata(), snapshot_->schema());
    options.target_file_bytes = options_.target_file_bytes;
    options.share_files = true;
    // Smaller files would be small again for the next optimization.
    options.uncompressed_file_bytes = std::numeric_limits<std::int64_t>::max();
    options.row_group_rows = row_group_rows;
    options.row_group_bytes = shares_.new_row_group_bytes;
    return copy_to_parquet(connection, query, {}, row_ids_.with_columns(snapshot_->schema()),
                           options);
  }

  Database& database_;
  const std::shared_ptr<const delta::Snapshot>& snapshot_;
  const std::vector<delta::FileBin>& bins_;
  const BinRewriteOptions& options_;
  PendingFiles& pending_;
  std::int64_t row_group_bytes_ = 0;  // the largest that is read
  RewriteShares shares_;
  std::stop_source stop_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::vector<RewrittenBin> results_;
  const KeptRowIds row_ids_;
  std::exception_ptr failure_;
};

}  // namespace

std::vector<RewrittenBin> rewrite_bins(Database& database,
                                       const std::shared_ptr<const delta::Snapshot>& snapshot,
                                       const std::vector<delta::FileBin>& bins,
                                       const BinRewriteOptions& options, PendingFiles& pending) {
  return BinRewrites(database, snapshot, bins, options, pending).run();
}

}  // namespace duck
