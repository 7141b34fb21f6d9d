#include "duck/table_delete.h"

#include "base/error.h"
#include "delta/transaction.h"
#include "duck/pending_files.h"
#include "duck/row_removal_internal.h"
#include "duck/sql_expression.h"

namespace duck {

TableDeleteResult delete_rows(Database& database, Connection& connection,
                              const TableDeleteOptions& options) {
  const std::string condition = parse_expression(options.where).sql;
  const auto base = delta::Snapshot::load(delta::store_for(options.location),
                                          database.parquet_engine(), options.location);
  delta::Transaction transaction = delta::Transaction::start(
      base, {.row_rules = true, .column_mapping = true, .change_data = true});
  PendingFiles pending(base->location());
  const RemovedRows removed =
      remove_rows(database, connection, base, condition, transaction, pending);
  if (removed.rows == 0) return {};
  delta::CommitOptions commit;
  commit.operation = "DELETE";
  commit.operation_parameters = {{"predicate", nlohmann::json({options.where}).dump()}};
  commit.operation_metrics = {{"numDeletedRows", removed.rows},
                              {"numCopiedRows", removed.copied_rows},
                              {"numRemovedFiles", removed.removed_files + removed.rewritten_files},
                              {"numDeletionVectorsAdded", removed.vectored_files}};
  commit.preserves_row_tracking = removed.copied_rows > 0;
  commit.max_retries = options.max_retries;
  try {
    const delta::CommitResult result = transaction.commit(commit);
    pending.keep();
    return {.version = result.version, .rows = removed.rows, .warnings = result.warnings};
  } catch (const base::Error& error) {
    // Files that a log may name stay.
    if (delta::may_have_committed(error)) pending.keep();
    throw;
  }
}

}  // namespace duck
