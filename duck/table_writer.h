// Writing rows to a Delta table in steps: look, write, commit.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/snapshot.h"
#include "delta/transaction.h"
#include "delta/value.h"
#include "duck/copy_to_parquet.h"
#include "duck/database.h"

namespace duck {

enum class WriteMode { kAppend, kOverwrite, kErrorIfExists };

struct TableWriteOptions {
  std::string location;
  WriteMode mode = WriteMode::kAppend;  // each creates a table that is not there
  // An SQL condition over the table's columns: the rows written take the place of those for which
  // it is true, and must meet it. Only with kOverwrite.
  std::optional<std::string> replace_where = std::nullopt;
  // Only the partitions that rows fall into are overwritten; a table without partitions is as a
  // whole. Only with kOverwrite.
  bool only_partitions_of_rows = false;
  // The table takes the columns of the rows and `partition_by`, unless it has them already, be it
  // beside columns that it fills in itself; its id, name and properties stay. Only with kOverwrite.
  bool overwrite_schema = false;
  // Columns and fields of structs that the table lacks are added to it, nullable, and types become
  // wider where the table allows it: delta::merged_schema.
  bool merge_schema = false;
  // Of a new table; else it must be the table's, or empty.
  std::vector<std::string> partition_by = {};
  // Of a new table: columns, or fields of structs as a.b, that its rows are to be clustered by.
  std::vector<std::string> cluster_by = {};
  std::map<std::string, std::string> properties = {};  // set on the table
  std::optional<std::string> name = std::nullopt;      // of a new table
  // Writes once for an appId and a version; see delta::SetTransaction.
  std::optional<delta::SetTransaction> transaction = std::nullopt;
  // Writes once for this id, unless the table was overwritten since; see append_once.h. Only with
  // kAppend, and not together with `transaction`.
  std::optional<std::string> append_id = std::nullopt;
  int max_retries = 15;
};

// One write. The table is looked at when the object is made, so that what cannot be written is
// refused before anything is computed. Columns go by name; those that the rows lack are what the
// table fills in (defaults, generated columns), else NULL; every row meets the table's rules
// (table_rules.h). A write that is not committed leaves no file and no new folder behind. Not
// thread-safe.
// Errors: those of delta::check_place, delta::Snapshot::load, delta::Transaction, copy_to_parquet
// and table_rules; DELTA_TABLE_EXISTS (kErrorIfExists), DELTA_SCHEMA_MISMATCH when the rows or the
// partitioning do not fit the table (details column, or option: partition_by or cluster_by), or a
// rule of the table does not go with new columns, DELTA_APPEND_ONLY, DELTA_CONSTRAINT_VIOLATED for
// a row that breaks a rule, USAGE for options that exclude one another.
class TableWriter {
 public:
  // `rows` are the columns of the query that write() is going to run.
  TableWriter(Database& database, TableWriteOptions options, delta::Schema rows);
  ~TableWriter();
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;

  // The version at which options.transaction or append_id was found to be written already: there
  // is nothing left to do then.
  std::optional<std::int64_t> written_version() const { return written_version_; }

  const std::string& location() const { return location_; }

  // Whether the rows get values of identity columns. Of such writes at the same time one succeeds;
  // the others are the DELTA_COMMIT_CONFLICT "MetadataChanged", and may be made anew.
  bool generates_identities() const;

  // Streams the rows into data files and finds those that they replace. Once.
  const CopiedFiles& write(Connection& connection, const std::string& query,
                           const std::vector<delta::Value>& parameters);

  // Makes the files the table's next version, with `properties` in its commitInfo.
  // CommitResult::already_committed when options.transaction came to be there meanwhile.
  delta::CommitResult commit(const std::map<std::string, std::string>& properties = {});

 private:
  struct Target;

  void check_options() const;
  bool is_written();
  Target create() const;
  Target change() const;
  void give_new_shape(delta::Schema& schema, delta::Metadata& metadata) const;
  void check_fit(const Target& target) const;
  RowRules rules_of(const Target& target) const;
  void check_partition_types(const Target& target) const;
  bool replaces_all() const;
  bool replaces_partitions() const;
  void replace_rows(Connection& connection);
  void record_added_rows(Connection& connection);
  delta::CommitOptions commit_options(const std::map<std::string, std::string>& properties) const;

  Database& database_;
  const TableWriteOptions options_;
  const delta::Schema rows_;
  const std::string location_;
  const std::shared_ptr<delta::Store> store_;
  const std::shared_ptr<const delta::Snapshot> base_;  // null: the table is new
  std::optional<delta::SetTransaction> transaction_;
  std::optional<std::int64_t> written_version_;
  std::unique_ptr<Target> target_;  // null when it is written already
};

}  // namespace duck
