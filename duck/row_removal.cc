#include "duck/row_removal_internal.h"

#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "delta/deletion_vector.h"
#include "delta/deletion_vector_writer.h"
#include "delta/file_rows.h"
#include "delta/table_changes.h"
#include "delta/word_property.h"
#include "duck/change_data.h"
#include "duck/connection_internal.h"
#include "duck/copy_to_parquet.h"
#include "duck/file_selection.h"
#include "duck/hidden_column.h"
#include "duck/kept_row_ids.h"
#include "duck/query_stream.h"
#include "duck/row_condition.h"
#include "duck/sql_text.h"
#include "duck/table_copy_options.h"

namespace duck {
namespace {

std::int64_t integer(const delta::Value& value) { return std::get<std::int64_t>(value); }

// One transaction of DuckDB's for several statements, in which now() is one moment, unless the
// connection has begun one by itself.
class OneMoment {
 public:
  explicit OneMoment(Connection& connection)
      : connection_(connection), is_own_(connection.internal().connection.IsAutoCommit()) {
    if (is_own_) connection_.execute("BEGIN TRANSACTION");
  }
  ~OneMoment() {
    if (!is_own_) return;
    try {
      connection_.execute("ROLLBACK");
    } catch (const base::Error&) {
      return;  // there is none any more
    }
  }
  OneMoment(const OneMoment&) = delete;
  OneMoment& operator=(const OneMoment&) = delete;

 private:
  Connection& connection_;
  const bool is_own_;
};

class RowRemoval {
 public:
  RowRemoval(Database& database, Connection& connection,
             const std::shared_ptr<const delta::Snapshot>& base, const std::string& condition,
             delta::Transaction& transaction, PendingFiles& pending)
      : database_(database),
        connection_(connection),
        base_(base),
        condition_("(" + condition + ")"),
        transaction_(transaction),
        pending_(pending) {}

  RemovedRows run() {
    // The condition is asked for more than once, and must be true of the same rows each time.
    const OneMoment moment(connection_);
    transaction_.read_files(row_predicate(connection_, base_->schema(), condition_));
    std::vector<std::size_t> touched;
    std::vector<std::size_t> partial;
    const delta::SnapshotFiles live = base_->files();
    for (const auto& [file, matches] : matches_by_file()) {
      result_.rows += matches;
      touched.push_back(file);
      if (matches == live_rows(file)) {
        transaction_.remove(live[file]);
        ++result_.removed_files;
      } else {
        partial.push_back(file);
      }
    }
    if (partial.empty()) return result_;
    if (delta::records_changes(transaction_.metadata())) record(touched);
    remove_from(partial);
    return result_;
  }

 private:
  void record(const std::vector<std::size_t>& files) {
    const FileSelection source(database_, base_, files);
    write_change_data(connection_, *base_,
                      "SELECT *, 'delete' AS " + std::string(delta::kChangeTypeColumn) + " FROM " +
                          source.sql() + " WHERE " + condition_,
                      transaction_, pending_);
    result_.has_change_data = true;
  }

  std::string hidden(const std::string& column) const {
    return quote_identifier(hidden_column(base_->schema(), column)) + "::BIGINT";
  }

  // Positions in base_->files(), with the number of rows that match; only files with matches.
  std::vector<std::pair<std::size_t, std::int64_t>> matches_by_file() {
    std::vector<std::size_t> all(base_->files().size());
    std::iota(all.begin(), all.end(), 0);
    const FileSelection files(database_, base_, all);
    const ResultRows counts =
        connection_.query("SELECT " + hidden("file_index") + ", count(*) FROM " + files.sql() +
                          " WHERE " + condition_ + " GROUP BY 1 ORDER BY 1");
    std::vector<std::pair<std::size_t, std::int64_t>> matches;
    for (const auto& row : counts.rows) {
      matches.emplace_back(static_cast<std::size_t>(integer(row[0])), integer(row[1]));
    }
    return matches;
  }

  std::int64_t live_rows(std::size_t file) {
    if (rows_.empty()) rows_ = delta::file_rows(base_->files());
    if (rows_[file]) return *rows_[file];
    const FileSelection one(database_, base_, {file});
    return integer(connection_.query("SELECT count(*) FROM " + one.sql()).rows.at(0).at(0));
  }

  void remove_from(const std::vector<std::size_t>& partial) {
    const bool vectors = delta::is_enabled(base_->metadata(), "delta.enableDeletionVectors");
    std::vector<std::size_t> to_copy;
    delta::DeletionVectorWriter writer(base_->store(), base_->location());
    for (const std::size_t file : partial) {
      if (vectors && rows_[file]) {
        add_vector(file, writer);
      } else {
        to_copy.push_back(file);
      }
    }
    finish(writer);
    if (!to_copy.empty()) copy_others(to_copy);
  }

  void finish(delta::DeletionVectorWriter& writer) {
    writer.finish();
    std::vector<delta::AddFile> files;
    for (const std::string& path : writer.files()) files.emplace_back().path = path;
    pending_.add(files);
  }

  void add_vector(std::size_t index, delta::DeletionVectorWriter& writer) {
    const delta::SnapshotFiles live = base_->files();
    const delta::AddFile& file = live[index];
    delta::DeletionVector deleted = delta::DeletionVector::of(matching_rows(index));
    if (file.deletion_vector) {
      deleted = deleted.united_with(
          delta::DeletionVector::read(*base_->store(), base_->location(), *file.deletion_vector));
    }
    transaction_.replace_deletion_vector(file, writer.add(deleted));
    ++result_.vectored_files;
  }

  std::vector<std::uint64_t> matching_rows(std::size_t file) {
    const FileSelection one(database_, base_, {file});
    std::vector<std::uint64_t> positions;
    for_each_row(
        connection_,
        "SELECT " + hidden("file_row_number") + " FROM " + one.sql() + " WHERE " + condition_, {},
        [&](const std::vector<delta::Value>& row) {
          positions.push_back(static_cast<std::uint64_t>(integer(row[0])));
        });
    return positions;
  }

  void copy_others(const std::vector<std::size_t>& files) {
    const FileSelection source(database_, base_, files);
    CopyOptions options = table_copy_options(base_->location(), base_->protocol(),
                                             base_->metadata(), base_->schema());
    options.share_files = true;  // deletes again and again would make files smaller and smaller
    const KeptRowIds ids(*base_);
    const CopiedFiles copied = copy_to_parquet(connection_,
                                               "SELECT *" + ids.select() + " FROM " + source.sql() +
                                                   " WHERE " + condition_ + " IS NOT TRUE",
                                               {}, ids.with_columns(base_->schema()), options);
    pending_.add(copied.files);
    const delta::SnapshotFiles live = base_->files();
    for (const std::size_t file : files) transaction_.remove(live[file]);
    for (const delta::AddFile& file : copied.files) transaction_.add(file);
    result_.rewritten_files += static_cast<std::int64_t>(files.size());
    result_.copied_rows += copied.rows;
  }

  Database& database_;
  Connection& connection_;
  const std::shared_ptr<const delta::Snapshot>& base_;
  const std::string condition_;
  delta::Transaction& transaction_;
  PendingFiles& pending_;
  std::vector<std::optional<std::int64_t>> rows_;
  RemovedRows result_;
};

}  // namespace

RemovedRows remove_rows(Database& database, Connection& connection,
                        const std::shared_ptr<const delta::Snapshot>& base,
                        const std::string& condition, delta::Transaction& transaction,
                        PendingFiles& pending) {
  return RowRemoval(database, connection, base, condition, transaction, pending).run();
}

}  // namespace duck
