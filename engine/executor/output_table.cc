#include "engine/executor/output_table.h"

#include <algorithm>
#include <filesystem>
#include <limits>

#include "base/error.h"
#include "duck/append_columns.h"

namespace engine {
namespace {

std::shared_ptr<const delta::Snapshot> latest(const std::string& location,
                                              duck::Database& database) {
  if (delta::is_local(location) && std::filesystem::exists(location) &&
      !std::filesystem::is_directory(location)) {
    throw base::Error(base::Stage::kMaterialization, "OUTPUT_LOCATION_INVALID",
                      location + " is a file, not a folder", {{"path", location}});
  }
  const std::shared_ptr<delta::Store> store = delta::store_for(location);
  if (!delta::Snapshot::exists(*store, location)) return nullptr;
  return delta::Snapshot::load(store, database.parquet_engine(), location);
}

bool same_columns(const delta::Schema& left, const delta::Schema& right) {
  if (left.fields.size() != right.fields.size()) return false;
  for (std::size_t i = 0; i < left.fields.size(); ++i) {
    if (left.fields[i].name != right.fields[i].name) return false;
    if (!(left.fields[i].type == right.fields[i].type)) return false;
  }
  return true;
}

void check_append(const delta::Snapshot& table, const CompiledOutput& output) {
  std::string obstacle = duck::append_obstacle(table.schema(), output.schema);
  const std::vector<std::string>& wanted = output.target.partition_by;
  if (obstacle.empty() && !wanted.empty() && wanted != table.metadata().partition_columns) {
    obstacle = "the table is partitioned otherwise than partition_by says";
  }
  if (obstacle.empty()) return;
  throw base::Error(base::Stage::kMaterialization, "OUTPUT_SCHEMA_MISMATCH",
                    "cannot append to " + table.location() + ": " + obstacle,
                    {{"location", table.location()}});
}

void refuse_append_only(const delta::Snapshot& table) {
  const auto& configuration = table.metadata().configuration;
  const auto entry = configuration.find("delta.appendOnly");
  if (entry == configuration.end() || entry->second != "true") return;
  throw base::Error(base::Stage::kMaterialization, "DELTA_APPEND_ONLY",
                    "cannot overwrite " + table.location() + ": the table is append-only",
                    {{"location", table.location()}});
}

}  // namespace

OutputTable::OutputTable(const CompiledOutput& output, std::string location,
                         duck::Database& database)
    : output_(&output),
      location_(std::move(location)),
      base_(latest(location_, database)),
      schema_(output.schema),
      transaction_(begin()),
      pending_(std::make_unique<duck::PendingFiles>(location_)) {}

bool OutputTable::has_other_shape() const {
  return !same_columns(base_->schema(), output_->schema) ||
         base_->metadata().partition_columns != output_->target.partition_by;
}

delta::Transaction OutputTable::begin() {
  if (base_ == nullptr) {
    return delta::Transaction::create(delta::store_for(location_), location_,
                                      {.schema = output_->schema,
                                       .partition_columns = output_->target.partition_by,
                                       .configuration = {},
                                       .name = name()});
  }
  delta::Transaction transaction = delta::Transaction::start(base_);
  if (appends()) {
    check_append(*base_, *output_);
    schema_ = base_->schema();
    return transaction;
  }
  refuse_append_only(*base_);
  transaction.remove_all();
  if (!has_other_shape()) {
    schema_ = base_->schema();
    return transaction;
  }
  delta::Metadata metadata = base_->metadata();
  metadata.schema_string = delta::to_json(output_->schema);
  metadata.partition_columns = output_->target.partition_by;
  transaction.update_metadata(std::move(metadata));
  return transaction;
}

std::vector<std::string> OutputTable::partition_columns() const {
  return base_ != nullptr && appends() ? base_->metadata().partition_columns
                                       : output_->target.partition_by;
}

std::string OutputTable::query() const {
  if (base_ == nullptr || !appends() || same_columns(schema_, output_->schema)) {
    return output_->query.sql;
  }
  return duck::append_query(output_->query.sql, schema_, output_->schema, output_->sorted_by);
}

duck::CopiedFiles OutputTable::write(duck::Connection& connection) {
  duck::CopyOptions options;
  options.directory = location_;
  options.partition_by = partition_columns();
  duck::CopiedFiles copied =
      duck::copy_to_parquet(connection, query(), output_->query.parameters, schema_, options);
  pending_->add(copied.files);
  files_ = copied.files;
  rows_ = copied.rows;
  bytes_ = copied.bytes;
  return copied;
}

delta::CommitOptions OutputTable::commit_options(
    std::map<std::string, std::string> properties) const {
  const std::string partition_by = nlohmann::json(partition_columns()).dump();
  delta::CommitOptions options;
  if (base_ == nullptr) {
    options.operation = "CREATE TABLE AS SELECT";
    options.operation_parameters = {{"partitionBy", partition_by},
                                    {"isManaged", "false"},
                                    {"description", nullptr},
                                    {"properties", "{}"}};
  } else {
    options.operation = "WRITE";
    options.operation_parameters = {{"mode", appends() ? "Append" : "Overwrite"},
                                    {"partitionBy", partition_by}};
  }
  options.operation_metrics = {{"numFiles", std::to_string(files_.size())},
                               {"numOutputRows", std::to_string(rows_)},
                               {"numOutputBytes", std::to_string(bytes_)}};
  options.properties = std::move(properties);
  if (output_->target.max_commit_retries) {
    constexpr std::uint32_t kMost = std::numeric_limits<int>::max();
    options.max_retries = static_cast<int>(std::min(*output_->target.max_commit_retries, kMost));
  }
  return options;
}

bool OutputTable::may_be_committed(duck::Database& database) const {
  try {
    const std::shared_ptr<const delta::Snapshot> now = latest(location_, database);
    if (now == nullptr) return false;
    return std::ranges::any_of(now->files(), [&](const delta::AddFile& file) {
      return !files_.empty() && file.path == files_.front().path;
    });
  } catch (const base::Error&) {
    return true;
  }
}

delta::CommitResult OutputTable::commit(std::map<std::string, std::string> properties,
                                        duck::Database& database) {
  for (const delta::AddFile& file : files_) transaction_.add(file);
  try {
    const delta::CommitResult result = transaction_.commit(commit_options(std::move(properties)));
    pending_->keep();
    return result;
  } catch (...) {
    // A store can fail after the log's file is in place; files that a log names stay.
    if (may_be_committed(database)) pending_->keep();
    throw;
  }
}

}  // namespace engine
