#include "engine/executor/output_table.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.h"

namespace engine {
namespace {

duck::TableWriteOptions write_options(const OutputTarget& target, const std::string& location,
                                      const std::string& run_id) {
  duck::TableWriteOptions options{
      .location = location, .partition_by = target.partition_by, .name = target.table_name};
  if (target.materialization_mode == MaterializationMode::kOverwrite) {
    options.mode = duck::WriteMode::kOverwrite;
    options.overwrite_schema = true;
  } else if (!run_id.empty()) {
    options.append_id = "codeanatomy." + run_id + "." + target.table_name;
  }
  if (target.max_commit_retries) {
    constexpr std::uint32_t kMost = std::numeric_limits<int>::max();
    options.max_retries = static_cast<int>(std::min(*target.max_commit_retries, kMost));
  }
  return options;
}

}  // namespace

OutputTable::OutputTable(const CompiledOutput& output, std::string location,
                         const std::string& run_id, duck::Database& database)
    : output_(&output), location_(std::move(location)) {
  try {
    writer_ = std::make_unique<duck::TableWriter>(
        database, write_options(output.target, location_, run_id), output.schema);
  } catch (const base::Error& error) {
    if (error.code() != "DELTA_SCHEMA_MISMATCH") throw;
    throw base::Error(error.stage(), "OUTPUT_SCHEMA_MISMATCH", error.message(), error.details());
  }
}

const duck::CopiedFiles& OutputTable::write(duck::Connection& connection) {
  return writer_->write(connection, output_->query.sql, output_->query.parameters);
}

delta::CommitResult OutputTable::commit(const std::map<std::string, std::string>& properties) {
  return writer_->commit(properties);
}

}  // namespace engine
