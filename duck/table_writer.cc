#include "duck/table_writer.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/time.h"
#include "duck/append_columns.h"
#include "duck/row_removal_internal.h"
#include "duck/sql_expression.h"
#include "duck/table_copy_options.h"
#include "duck/table_rules.h"
#include "duck/pending_files.h"

namespace duck {
namespace {

base::Error mismatch(const std::string& location, const std::string& what) {
  return {base::Stage::kMaterialization,
          "DELTA_SCHEMA_MISMATCH",
          "cannot write to " + location + ": " + what,
          {{"path", location}}};
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

std::shared_ptr<const delta::Snapshot> latest(Database& database,
                                              const std::shared_ptr<delta::Store>& store,
                                              const std::string& location) {
  if (!delta::Snapshot::exists(*store, location)) return nullptr;
  return delta::Snapshot::load(store, database.parquet_engine(), location);
}

bool same_columns(const delta::Schema& left, const delta::Schema& right) {
  return std::ranges::equal(left.fields, right.fields, [](const auto& a, const auto& b) {
    return a.name == b.name && a.type == b.type;
  });
}

bool is_append_only(const delta::Metadata& metadata) {
  const auto entry = metadata.configuration.find("delta.appendOnly");
  return entry != metadata.configuration.end() && entry->second == "true";
}

}  // namespace

// What the table is to be after the commit.
struct TableWriter::Target {
  delta::Transaction transaction;
  delta::Protocol protocol;
  delta::Metadata metadata;
  delta::Schema schema;
  CopyOptions copy = {};
  std::unique_ptr<PendingFiles> pending = nullptr;
  RemovedRows removed = {};
  CopiedFiles copied = {};
};

TableWriter::TableWriter(Database& database, TableWriteOptions options, delta::Schema rows)
    : database_(database),
      options_(std::move(options)),
      rows_(std::move(rows)),
      location_(delta::normalize_location(options_.location)),
      store_(delta::store_for(location_)),
      base_(latest(database, store_, location_)) {
  if (options_.replace_where && options_.mode != WriteMode::kOverwrite) {
    throw base::Error(base::Stage::kValidation, "USAGE", "replace-where needs the mode overwrite");
  }
  if (options_.mode == WriteMode::kErrorIfExists && base_) {
    throw base::Error(base::Stage::kMaterialization, "DELTA_TABLE_EXISTS",
                      "there is a table at " + location_ + " already", {{"path", location_}});
  }
  if (base_ && options_.transaction) {
    const auto there = base_->transaction_version(options_.transaction->app_id);
    if (there && *there >= options_.transaction->version) written_version_ = base_->version();
  }
  if (written_version_) return;
  target_ = std::make_unique<Target>(base_ ? change() : create());
  refuse_unwritable_types(location_, target_->schema);
  target_->copy =
      table_copy_options(location_, target_->protocol, target_->metadata, target_->schema);
  target_->copy.rules = table_rules(location_, target_->schema, target_->metadata, rows_);
  if (options_.replace_where) {
    target_->copy.rules.checks.push_back({"the condition of replace-where", *options_.replace_where,
                                          parse_expression(*options_.replace_where).sql});
  }
  if (options_.transaction) {
    delta::SetTransaction transaction = *options_.transaction;
    if (!transaction.last_updated) transaction.last_updated = base::now_ms();
    target_->transaction.set_transaction(std::move(transaction));
  }
  target_->pending = std::make_unique<PendingFiles>(location_);
}

TableWriter::~TableWriter() = default;

TableWriter::Target TableWriter::create() const {
  const delta::NewTable table{.schema = rows_,
                              .partition_columns = options_.partition_by,
                              .configuration = options_.properties,
                              .name = options_.name};
  delta::Metadata metadata;
  metadata.partition_columns = table.partition_columns;
  metadata.configuration = table.configuration;
  return {.transaction = delta::Transaction::create(store_, location_, table),
          .protocol = delta::protocol_for(table),
          .metadata = std::move(metadata),
          .schema = rows_};
}

TableWriter::Target TableWriter::change() const {
  Target target{.transaction = delta::Transaction::start(base_),
                .protocol = base_->protocol(),
                .metadata = base_->metadata(),
                .schema = base_->schema()};
  if (replaces_all()) {
    if (is_append_only(target.metadata)) {
      throw base::Error(base::Stage::kMaterialization, "DELTA_APPEND_ONLY",
                        "cannot overwrite " + location_ + ": the table is append-only",
                        {{"path", location_}});
    }
    target.transaction.remove_all();
  }
  if (options_.overwrite_schema) give_new_shape(target);
  if (options_.merge_schema) {
    for (const delta::StructField& field : rows_.fields) {
      if (!target.schema.find(field.name)) target.schema.fields.push_back(field);
    }
  }
  check_fit(target);
  for (const auto& [key, value] : options_.properties) target.metadata.configuration[key] = value;
  if (target.schema != base_->schema()) {
    target.metadata.schema_string = delta::to_json(target.schema);
  }
  if (target.metadata != base_->metadata()) target.transaction.update_metadata(target.metadata);
  return target;
}

void TableWriter::check_fit(const Target& target) const {
  if (!options_.partition_by.empty() &&
      options_.partition_by != target.metadata.partition_columns) {
    throw mismatch(location_, "the table is partitioned otherwise");
  }
  const std::string obstacle = append_obstacle(target.schema, rows_);
  if (!obstacle.empty()) throw mismatch(location_, obstacle);
}

// With the same columns the table's own stay, which may not be nullable.
void TableWriter::give_new_shape(Target& target) const {
  if (same_columns(base_->schema(), rows_) &&
      base_->metadata().partition_columns == options_.partition_by) {
    return;
  }
  target.schema = rows_;
  target.metadata.partition_columns = options_.partition_by;
}

bool TableWriter::replaces_all() const {
  return base_ && options_.mode == WriteMode::kOverwrite && !options_.replace_where;
}

const CopiedFiles& TableWriter::write(Connection& connection, const std::string& query,
                                      const std::vector<delta::Value>& parameters) {
  if (base_ && options_.replace_where) {
    target_->removed =
        remove_rows(database_, connection, base_, parse_expression(*options_.replace_where).sql,
                    target_->transaction, *target_->pending);
  }
  target_->copied = copy_to_parquet(connection, query, parameters, target_->schema, target_->copy);
  target_->pending->add(target_->copied.files);
  return target_->copied;
}

delta::CommitOptions TableWriter::commit_options(
    const std::map<std::string, std::string>& properties) const {
  delta::CommitOptions commit;
  const std::string partition_by = nlohmann::json(target_->metadata.partition_columns).dump();
  if (base_) {
    commit.operation = "WRITE";
    const bool overwrites = options_.mode == WriteMode::kOverwrite;
    commit.operation_parameters = {{"mode", overwrites ? "Overwrite" : "Append"},
                                   {"partitionBy", partition_by}};
  } else {
    commit.operation = "CREATE TABLE AS SELECT";
    commit.operation_parameters = {{"partitionBy", partition_by},
                                   {"isManaged", "false"},
                                   {"description", nullptr},
                                   {"properties", nlohmann::json(options_.properties).dump()}};
  }
  commit.operation_metrics = {{"numFiles", std::to_string(target_->copied.files.size())},
                              {"numOutputRows", std::to_string(target_->copied.rows)},
                              {"numOutputBytes", std::to_string(target_->copied.bytes)}};
  if (options_.replace_where) {
    commit.operation_parameters["predicate"] = *options_.replace_where;
    commit.operation_metrics["numDeletedRows"] = std::to_string(target_->removed.rows);
    commit.operation_metrics["numCopiedRows"] =
        std::to_string(target_->removed.copied_rows);
  }
  commit.properties = properties;
  commit.max_retries = options_.max_retries;
  return commit;
}

delta::CommitResult TableWriter::commit(const std::map<std::string, std::string>& properties) {
  for (const delta::AddFile& file : target_->copied.files) target_->transaction.add(file);
  try {
    const delta::CommitResult result = target_->transaction.commit(commit_options(properties));
    target_->pending->keep();
    return result;
  } catch (const base::Error& error) {
    // Whether the commit is there is not known: files that a log may name stay.
    if (error.code().starts_with("DELTA_STORE_")) target_->pending->keep();
    throw;
  }
}

}  // namespace duck
