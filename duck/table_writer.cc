#include "duck/table_writer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "base/error.h"
#include "base/time.h"
#include "delta/rule_keys.h"
#include "delta/schema_merge.h"
#include "delta/settable_properties.h"
#include "delta/table_changes.h"
#include "delta/table_place.h"
#include "delta/word_property.h"
#include "duck/added_rows.h"
#include "duck/append_columns.h"
#include "duck/append_once.h"
#include "duck/change_data.h"
#include "duck/partition_overwrite.h"
#include "duck/pending_files.h"
#include "duck/row_removal_internal.h"
#include "duck/sql_expression.h"
#include "duck/table_copy_options.h"
#include "duck/table_rules.h"
#include "duck/widened_columns.h"

namespace duck {
namespace {

base::Error mismatch(const std::string& location, const std::string& what,
                     base::Error::Details details) {
  details["path"] = location;
  return {base::Stage::kMaterialization, "DELTA_SCHEMA_MISMATCH",
          "cannot write to " + location + ": " + what, std::move(details)};
}

// "by 'a', 'b'", or that there are none.
std::string partitioning(const std::vector<std::string>& columns) {
  std::string text;
  for (const std::string& column : columns) text += (text.empty() ? "by '" : ", '") + column + "'";
  return text.empty() ? "by no column" : text;
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

std::string checked_place(const std::string& location) {
  std::string place = delta::normalize_location(location);
  delta::check_place(place);
  return place;
}

std::shared_ptr<const delta::Snapshot> latest(Database& database,
                                              const std::shared_ptr<delta::Store>& store,
                                              const std::string& location) {
  if (!delta::Snapshot::exists(*store, location)) return nullptr;
  return delta::Snapshot::load(store, database.parquet_engine(), location);
}

bool same_names(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  return std::ranges::equal(left, right, base::equal_ignoring_case);
}

bool same_columns(const delta::Schema& left, const delta::Schema& right) {
  return std::ranges::equal(left.fields, right.fields, [](const auto& a, const auto& b) {
    return a.name == b.name && a.type == b.type;
  });
}

// Those of the table without the columns that it fills in itself where the rows lack them.
delta::Schema columns_to_give(delta::Schema table, const delta::Schema& rows) {
  std::erase_if(table.fields, [&](const delta::StructField& column) {
    return has_own_value(column) && rows.find(column.name) == nullptr;
  });
  return table;
}

// What this writes beyond plain data files.
constexpr delta::WriterCapabilities kCapabilities{
    .row_rules = true, .column_mapping = true, .change_data = true};

// Of the identity columns that values were generated for.
std::map<std::string, std::int64_t> last_values(const RowRules& rules) {
  std::map<std::string, std::int64_t> last;
  for (const auto& [column, values] : rules.identities) {
    if (const auto value = values->last()) last[column] = *value;
  }
  return last;
}

// "a.b" is the field b of a, unless a column has that name.
std::vector<std::string> column_path(const delta::Schema& schema, const std::string& name) {
  if (schema.find(name) != nullptr) return {name};
  std::vector<std::string> path(1);
  for (const char c : name) {
    if (c == '.') {
      path.emplace_back();
    } else {
      path.back() += c;
    }
  }
  return path;
}

[[noreturn]] void throw_constraint(const std::string& location, const std::string& key) {
  throw base::Error(base::Stage::kValidation, "USAGE",
                    "cannot write to " + location + ": the property " + key +
                        " is for new tables; `codeanatomy delta constraint` adds a constraint to a "
                        "table whose rows meet it",
                    {{"path", location}, {"property", key}});
}

// Of the rows that stay, nobody would know whether they meet them.
void refuse_new_constraints(const std::string& location, const delta::Metadata& table,
                            const std::map<std::string, std::string>& properties) {
  for (const auto& [key, expression] : properties) {
    if (!key.starts_with(delta::kConstraintPrefix)) continue;
    const auto there = table.configuration.find(key);
    const bool is_new = there == table.configuration.end() || there->second != expression;
    if (is_new) throw_constraint(location, key);
  }
}

}  // namespace

// What the table is to be after the commit.
struct TableWriter::Target {
  explicit Target(delta::Transaction changes)
      : transaction(std::move(changes)),
        metadata(transaction.metadata()),
        schema(delta::parse_schema(metadata.schema_string)) {}

  delta::Transaction transaction;
  const delta::Metadata metadata;
  const delta::Schema schema;
  std::vector<delta::WidenedType> widened = {};  // of the table's columns
  CopyOptions copy = {};
  std::unique_ptr<PendingFiles> pending = nullptr;
  RemovedRows removed = {};
  CopiedFiles copied = {};
};

TableWriter::TableWriter(Database& database, TableWriteOptions options, delta::Schema rows)
    : database_(database),
      options_(std::move(options)),
      rows_(std::move(rows)),
      location_(checked_place(options_.location)),
      store_(delta::store_for(location_)),
      base_(latest(database, store_, location_)) {
  check_options();
  if (is_written()) {
    written_version_ = base_->version();
    return;
  }
  target_ = std::make_unique<Target>(base_ ? change() : create());
  refuse_unwritable_types(location_, target_->schema);
  check_fit(*target_);
  target_->copy = table_copy_options(location_, target_->transaction.protocol(), target_->metadata,
                                     target_->schema);
  target_->copy.rules = rules_of(*target_);
  check_widened_columns(location_, target_->schema, target_->metadata, target_->widened);
  if (options_.replace_where) {
    target_->copy.rules.checks.push_back({"the condition of replace-where", *options_.replace_where,
                                          parse_expression(*options_.replace_where).sql});
  }
  if (transaction_) {
    if (!transaction_->last_updated) transaction_->last_updated = base::now_ms();
    target_->transaction.set_transaction(*transaction_);
  }
  target_->pending = std::make_unique<PendingFiles>(location_);
}

TableWriter::~TableWriter() = default;

void TableWriter::check_options() const {
  const auto need_overwrite = [&](bool asked, const std::string& option) {
    if (!asked || options_.mode == WriteMode::kOverwrite) return;
    throw base::Error(base::Stage::kValidation, "USAGE", option + " needs the mode overwrite");
  };
  need_overwrite(options_.replace_where.has_value(), "replace-where");
  need_overwrite(options_.only_partitions_of_rows, "overwriting partitions");
  if (options_.append_id && (options_.transaction || options_.mode != WriteMode::kAppend)) {
    throw base::Error(base::Stage::kValidation, "USAGE",
                      "an append id is for appends that have no other transaction");
  }
  if (options_.replace_where && options_.only_partitions_of_rows) {
    throw base::Error(base::Stage::kValidation, "USAGE",
                      "replace-where and overwriting partitions exclude one another");
  }
  if (options_.mode == WriteMode::kErrorIfExists && base_) {
    throw base::Error(base::Stage::kMaterialization, "DELTA_TABLE_EXISTS",
                      "there is a table at " + location_ + " already", {{"path", location_}});
  }
}

bool TableWriter::is_written() {
  if (options_.append_id) {
    transaction_ = append_transaction(base_.get(), *options_.append_id);
    return !transaction_;
  }
  transaction_ = options_.transaction;
  if (!base_ || !transaction_) return false;
  const auto there = base_->transaction_version(transaction_->app_id);
  return there && *there >= transaction_->version;
}

TableWriter::Target TableWriter::create() const {
  delta::NewTable table{.schema = rows_,
                        .partition_columns = options_.partition_by,
                        .configuration = options_.properties,
                        .name = options_.name};
  for (const std::string& name : options_.cluster_by) {
    table.clustering_columns.push_back(column_path(rows_, name));
  }
  return Target(delta::Transaction::create(store_, location_, table, kCapabilities));
}

TableWriter::Target TableWriter::change() const {
  if (const auto repeated = delta::repeated_name(rows_)) {
    throw mismatch(location_,
                   "the rows have the column '" + delta::to_string(*repeated) +
                       "' twice; case tells no columns apart",
                   {{"column", repeated->front()}});
  }
  delta::Transaction transaction = delta::Transaction::start(base_, kCapabilities);
  delta::Schema schema = base_->schema();
  delta::Metadata metadata = base_->metadata();
  if (replaces_all()) {
    if (delta::is_enabled(metadata, "delta.appendOnly")) {
      throw base::Error(base::Stage::kMaterialization, "DELTA_APPEND_ONLY",
                        "cannot overwrite " + location_ + ": the table is append-only",
                        {{"path", location_}});
    }
    transaction.remove_all();
  }
  if (options_.overwrite_schema) give_new_shape(schema, metadata);
  std::vector<delta::WidenedType> widened;
  if (options_.merge_schema) {
    delta::SchemaMerge merge = delta::merged_schema(
        schema, rows_, delta::allows_type_widening(base_->protocol(), metadata));
    schema = std::move(merge.schema);
    widened = std::move(merge.widened);
  }
  const auto properties = delta::settable_properties(options_.properties);
  if (!replaces_all()) refuse_new_constraints(location_, metadata, properties);
  for (const auto& [key, value] : properties) metadata.configuration[key] = value;
  if (schema != base_->schema()) metadata.schema_string = delta::to_json(schema);
  if (metadata != base_->metadata()) transaction.update_metadata(metadata);
  Target target(std::move(transaction));
  target.widened = std::move(widened);
  return target;
}

// With the same columns the table's own stay, which may not be nullable.
void TableWriter::give_new_shape(delta::Schema& schema, delta::Metadata& metadata) const {
  if (same_columns(columns_to_give(base_->schema(), rows_), rows_) &&
      same_names(base_->metadata().partition_columns, options_.partition_by)) {
    return;
  }
  schema = rows_;
  metadata.partition_columns = options_.partition_by;
}

void TableWriter::check_fit(const Target& target) const {
  if (!options_.partition_by.empty() &&
      !same_names(options_.partition_by, target.metadata.partition_columns)) {
    throw mismatch(location_,
                   "the table is partitioned " + partitioning(target.metadata.partition_columns) +
                       ", not " + partitioning(options_.partition_by),
                   {{"option", "partition_by"}});
  }
  if (base_ && !options_.cluster_by.empty()) {
    throw mismatch(location_, "columns to cluster by are for new tables",
                   {{"option", "cluster_by"}});
  }
  if (const auto obstacle = append_obstacle(target.schema, rows_)) {
    throw mismatch(location_, obstacle->reason, {{"column", obstacle->column}});
  }
  if (replaces_partitions()) check_partition_types(target);
  // Rows of the files that are added would have to be read with columns that the table has not got.
  if (base_ && options_.replace_where && delta::records_changes(target.metadata) &&
      target.schema != base_->schema()) {
    throw base::Error(
        base::Stage::kMaterialization, "DELTA_UNSUPPORTED_FEATURE",
        "cannot write to " + location_ +
            ": replace-where with new columns or types, on a table with a change data feed "
            "(changeDataFeed), is not supported",
        {{"path", location_}, {"feature", "changeDataFeed"}});
  }
}

// Values of the old type and of the new one name the same partitions.
void TableWriter::check_partition_types(const Target& target) const {
  for (const delta::WidenedType& type : target.widened) {
    const auto& partitioning = target.metadata.partition_columns;
    if (std::ranges::find(partitioning, type.path.front()) == partitioning.end()) continue;
    throw base::Error(base::Stage::kMaterialization, "DELTA_UNSUPPORTED_FEATURE",
                      "cannot write to " + location_ +
                          ": overwriting partitions while the partition column '" +
                          type.path.front() + "' is widened (typeWidening) is not supported",
                      {{"path", location_}, {"feature", "typeWidening"}});
  }
}

RowRules TableWriter::rules_of(const Target& target) const {
  try {
    return table_rules(location_, target.schema, target.metadata, rows_);
  } catch (const base::Error& error) {
    if (!base_ || target.schema == base_->schema() ||
        error.code() != "DELTA_UNSUPPORTED_EXPRESSION") {
      throw;
    }
    // Of the columns that the table has, it says what it cannot keep.
    table_rules(location_, base_->schema(), base_->metadata(), {});
    throw mismatch(location_,
                   "with the columns of the rows, " + error.details().at("place") + " (" +
                       error.details().at("expression") +
                       ") cannot be kept: " + error.details().at("reason"),
                   {});
  }
}

bool TableWriter::generates_identities() const {
  return target_ && !target_->copy.rules.identities.empty();
}

bool TableWriter::replaces_all() const {
  return base_ && options_.mode == WriteMode::kOverwrite && !options_.replace_where &&
         !replaces_partitions();
}

bool TableWriter::replaces_partitions() const {
  return base_ && options_.only_partitions_of_rows && !base_->metadata().partition_columns.empty();
}

void TableWriter::replace_rows(Connection& connection) {
  if (!base_ || !options_.replace_where) return;
  target_->removed =
      remove_rows(database_, connection, base_, parse_expression(*options_.replace_where).sql,
                  target_->transaction, *target_->pending);
}

// Where there are change data files, readers of the feed see nothing else.
void TableWriter::record_added_rows(Connection& connection) {
  if (!target_->removed.has_change_data || target_->copied.files.empty()) return;
  const AddedRows added(database_, base_, target_->copied.files);
  write_change_data(connection, *base_, added.sql(), target_->transaction, *target_->pending);
}

const CopiedFiles& TableWriter::write(Connection& connection, const std::string& query,
                                      const std::vector<delta::Value>& parameters) {
  replace_rows(connection);
  target_->copied = copy_to_parquet(connection, query, parameters, target_->schema, target_->copy);
  target_->pending->add(target_->copied.files);
  if (replaces_partitions()) {
    remove_partitions_of(target_->copied.files, *base_, target_->transaction);
  }
  record_added_rows(connection);
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
    if (replaces_partitions()) {
      commit.operation_parameters["partitionOverwriteMode"] = "dynamic";
    }
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
    commit.operation_metrics["numCopiedRows"] = std::to_string(target_->removed.copied_rows);
  }
  commit.preserves_row_tracking = target_->removed.copied_rows > 0;
  commit.properties = properties;
  if (options_.append_id) commit.properties[kAppendIdProperty] = *options_.append_id;
  commit.max_retries = options_.max_retries;
  return commit;
}

delta::CommitResult TableWriter::commit(const std::map<std::string, std::string>& properties) {
  for (const delta::AddFile& file : target_->copied.files) target_->transaction.add(file);
  target_->transaction.set_high_water_marks(last_values(target_->copy.rules));
  try {
    delta::CommitResult result = target_->transaction.commit(commit_options(properties));
    // Else no version has these files.
    if (!result.already_committed) target_->pending->keep();
    return result;
  } catch (const base::Error& error) {
    // Files that a log may name stay.
    if (delta::may_have_committed(error)) target_->pending->keep();
    throw;
  }
}

}  // namespace duck
