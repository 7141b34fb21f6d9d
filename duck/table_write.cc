#include "duck/table_write.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "delta/data_file_schema.h"
#include "delta/transaction.h"
#include "duck/append_columns.h"
#include "duck/compression_codec.h"
#include "duck/copy_to_parquet.h"
#include "duck/pending_files.h"
#include "duck/row_removal_internal.h"
#include "duck/sql_expression.h"
#include "duck/target_file_size.h"

namespace duck {
namespace {

base::Error mismatch(const std::string& location, const std::string& what) {
  return {base::Stage::kMaterialization,
          "DELTA_SCHEMA_MISMATCH",
          "cannot write to " + location + ": " + what,
          {{"path", location}}};
}

// A field that only writers that fill in defaults, or cut text to its length, can write.
void refuse_unkept_rules(const std::string& location, const delta::Schema& schema) {
  constexpr const char* kKeys[] = {"CURRENT_DEFAULT", "__CHAR_VARCHAR_TYPE_STRING"};
  for (const delta::StructField& field : schema.fields) {
    for (const char* const key : kKeys) {
      if (!field.metadata.contains(key)) continue;
      throw base::Error(base::Stage::kMaterialization, "DELTA_UNSUPPORTED_FEATURE",
                        "cannot write to " + location + ": column '" + field.name + "' has " + key +
                            ", which is not supported",
                        {{"path", location}, {"column", field.name}, {"feature", key}});
    }
  }
}

void refuse_unwritable_types(const std::string& location, const delta::Schema& schema) {
  for (const delta::StructField& field : schema.fields) {
    const delta::TypeKind kind = field.type.kind();
    if (kind != delta::TypeKind::kVoid && kind != delta::TypeKind::kVariant) continue;
    throw base::Error(base::Stage::kMaterialization, "DELTA_UNSUPPORTED_FEATURE",
                      "cannot write to " + location + ": column '" + field.name + "' is " +
                          field.type.to_string() + ", which is not written",
                      {{"path", location}, {"column", field.name}});
  }
}

class TableWrite {
 public:
  TableWrite(Database& database, Connection& connection, const TableWriteOptions& options)
      : database_(database),
        connection_(connection),
        options_(options),
        location_(delta::normalize_location(options.location)),
        base_(latest()) {}

  TableWriteResult run(const std::string& query, const std::vector<delta::Value>& parameters) {
    if (options_.mode == WriteMode::kErrorIfExists && base_) {
      throw base::Error(base::Stage::kMaterialization, "DELTA_TABLE_EXISTS",
                        "there is a table at " + location_ + " already", {{"path", location_}});
    }
    if (is_written()) return {.version = base_->version(), .already_written = true};
    const delta::Schema rows = schema_of(query, parameters);
    delta::Transaction transaction = base_ ? change(rows) : create(rows);
    refuse_unwritable_types(location_, schema_);
    if (options_.transaction) transaction.set_transaction(stamped(*options_.transaction));
    PendingFiles pending(location_);
    const RemovedRows removed = remove_old(transaction, pending);
    const CopiedFiles copied = copy(query, parameters);
    pending.add(copied.files);
    for (const delta::AddFile& file : copied.files) transaction.add(file);
    const delta::CommitResult committed = commit(transaction, copied, removed, pending);
    return {.version = committed.version,
            .rows = copied.rows,
            .files = static_cast<std::int64_t>(copied.files.size()),
            .bytes = copied.bytes};
  }

 private:
  std::shared_ptr<const delta::Snapshot> latest() const {
    const auto store = delta::local_store();
    if (!delta::Snapshot::exists(*store, location_)) return nullptr;
    return delta::Snapshot::load(store, database_.parquet_engine(), location_);
  }

  bool is_written() const {
    if (!base_ || !options_.transaction) return false;
    const auto there = base_->transaction_version(options_.transaction->app_id);
    return there && *there >= options_.transaction->version;
  }

  static delta::SetTransaction stamped(delta::SetTransaction transaction) {
    if (!transaction.last_updated) transaction.last_updated = base::now_ms();
    return transaction;
  }

  delta::Schema schema_of(const std::string& query, const std::vector<delta::Value>& parameters) {
    delta::Schema schema;
    for (const ResultColumn& column : connection_.describe(query, parameters)) {
      if (!column.delta_type) {
        throw mismatch(location_, "no Delta type holds the values of column '" + column.name +
                                      "' (" + column.duckdb_type + ")");
      }
      schema.fields.push_back({.name = column.name, .type = *column.delta_type});
    }
    return schema;
  }

  delta::Transaction create(const delta::Schema& rows) {
    schema_ = rows;
    metadata_.partition_columns = options_.partition_by;
    metadata_.configuration = options_.properties;
    return delta::Transaction::create(delta::local_store(), location_,
                                      {.schema = rows,
                                       .partition_columns = options_.partition_by,
                                       .configuration = options_.properties,
                                       .name = std::nullopt});
  }

  delta::Transaction change(const delta::Schema& rows) {
    delta::Transaction transaction = delta::Transaction::start(base_);
    schema_ = base_->schema();
    metadata_ = base_->metadata();
    refuse_unkept_rules(location_, schema_);
    if (!options_.partition_by.empty() && options_.partition_by != metadata_.partition_columns) {
      throw mismatch(location_, "the table is partitioned otherwise");
    }
    if (options_.merge_schema) add_new_columns(rows);
    if (const std::string obstacle = append_obstacle(schema_, rows); !obstacle.empty()) {
      throw mismatch(location_, obstacle);
    }
    for (const auto& [key, value] : options_.properties) metadata_.configuration[key] = value;
    if (metadata_ != base_->metadata()) transaction.update_metadata(metadata_);
    return transaction;
  }

  void add_new_columns(const delta::Schema& rows) {
    for (const delta::StructField& field : rows.fields) {
      if (!schema_.find(field.name)) schema_.fields.push_back(field);
    }
    if (schema_ != base_->schema()) metadata_.schema_string = delta::to_json(schema_);
  }

  RemovedRows remove_old(delta::Transaction& transaction, PendingFiles& pending) {
    if (!base_ || options_.mode != WriteMode::kOverwrite) return {};
    if (options_.replace_where) {
      return remove_rows(database_, connection_, base_,
                         parse_expression(*options_.replace_where).sql, transaction, pending);
    }
    transaction.remove_all();
    return {};
  }

  CopiedFiles copy(const std::string& query, const std::vector<delta::Value>& parameters) {
    CopyOptions options;
    options.directory = location_;
    options.partition_by = metadata_.partition_columns;
    options.statistics =
        delta::indexed_schema(delta::data_schema(schema_, metadata_.partition_columns), metadata_);
    options.rules.columns_by_name = true;
    if (options_.replace_where) {
      options.rules.checks.push_back({"the condition of replace-where", *options_.replace_where,
                                      parse_expression(*options_.replace_where).sql});
    }
    options.compression = compression_codec(metadata_).value_or(kDefaultCompression);
    if (const auto size = target_file_size(metadata_)) options.target_file_bytes = *size;
    return copy_to_parquet(connection_, query, parameters, schema_, options);
  }

  delta::CommitResult commit(delta::Transaction& transaction, const CopiedFiles& copied,
                             const RemovedRows& removed, PendingFiles& pending) const {
    delta::CommitOptions commit;
    const bool overwrites = options_.mode == WriteMode::kOverwrite;
    commit.operation = base_ ? "WRITE" : "CREATE TABLE AS SELECT";
    commit.operation_parameters = {
        {"mode", overwrites ? "Overwrite" : "Append"},
        {"partitionBy", nlohmann::json(metadata_.partition_columns).dump()}};
    if (options_.replace_where) commit.operation_parameters["predicate"] = *options_.replace_where;
    commit.operation_metrics = {{"numFiles", copied.files.size()},
                                {"numOutputRows", copied.rows},
                                {"numOutputBytes", copied.bytes}};
    if (options_.replace_where) {
      commit.operation_metrics["numDeletedRows"] = removed.rows;
      commit.operation_metrics["numCopiedRows"] = removed.copied_rows;
    }
    commit.max_retries = options_.max_retries;
    try {
      const delta::CommitResult result = transaction.commit(commit);
      pending.keep();
      return result;
    } catch (const base::Error& error) {
      // Whether the commit is there is not known: files that a log may name stay.
      if (error.code().starts_with("DELTA_STORE_")) pending.keep();
      throw;
    }
  }

  Database& database_;
  Connection& connection_;
  const TableWriteOptions& options_;
  const std::string location_;
  const std::shared_ptr<const delta::Snapshot> base_;  // null: the table is new
  delta::Schema schema_;                               // of the table after the commit
  delta::Metadata metadata_;                           // likewise
};

}  // namespace

TableWriteResult write_table(Database& database, Connection& connection, const std::string& query,
                             const std::vector<delta::Value>& parameters,
                             const TableWriteOptions& options) {
  if (options.replace_where && options.mode != WriteMode::kOverwrite) {
    throw base::Error(base::Stage::kValidation, "USAGE", "replace-where needs the mode overwrite");
  }
  return TableWrite(database, connection, options).run(query, parameters);
}

}  // namespace duck
