#include "duck/copy_to_parquet.h"

#include <duckdb/parser/parsed_data/copy_info.hpp>
#include <duckdb/parser/query_node.hpp>
#include <duckdb/parser/statement/copy_statement.hpp>
#include <duckdb/parser/statement/select_statement.hpp>

#include "base/error.h"
#include "base/uuid.h"
#include "duck/connection_internal.h"
#include "duck/copy_sink_internal.h"
#include "duck/identity_generation_internal.h"
#include "duck/query_profile_internal.h"

namespace duck {
namespace {

// A job in a connection for as long as one statement runs.
class JobInConnection {
 public:
  JobInConnection(duckdb::ClientContext& context, duckdb::shared_ptr<CopyJob> job)
      : context_(context) {
    context_.registered_state->Insert(kCopyFormat, std::move(job));
  }
  ~JobInConnection() { context_.registered_state->Remove(kCopyFormat); }
  JobInConnection(const JobInConnection&) = delete;
  JobInConnection& operator=(const JobInConnection&) = delete;

 private:
  duckdb::ClientContext& context_;
};

bool is_ordered(const duckdb::QueryNode& node) {
  for (const auto& modifier : node.modifiers) {
    if (modifier->type == duckdb::ResultModifierType::ORDER_MODIFIER) return true;
  }
  return false;
}

// COPY (query) TO …, made without text, so that comments and quotes in the query do no harm.
duckdb::unique_ptr<duckdb::SQLStatement> copy_statement(
    duckdb::unique_ptr<duckdb::SQLStatement> query, const CopyOptions& options) {
  if (query->type != duckdb::StatementType::SELECT_STATEMENT) {
    throw base::Error(base::Stage::kCompilation, "SQL_INVALID",
                      "only the rows of a query can be written, not those of another statement");
  }
  auto node = std::move(query->Cast<duckdb::SelectStatement>().node);
  auto copy = duckdb::make_uniq<duckdb::CopyStatement>();
  copy->named_param_map = query->named_param_map;
  copy->info->is_from = false;
  copy->info->format = kCopyFormat;
  copy->info->is_format_auto_detected = false;
  // DuckDB wants a path, and removes the file when the statement fails; no file has this name.
  copy->info->file_path = options.directory + "/" + kCopyFormat + "-" + base::random_uuid();
  copy->info->options["preserve_order"] = {duckdb::Value::BOOLEAN(is_ordered(*node))};
  copy->info->options["use_tmp_file"] = {duckdb::Value::BOOLEAN(false)};
  std::vector<std::string> identities;
  for (const auto& [column, values] : options.rules.identities) identities.push_back(column);
  if (!identities.empty()) node = with_identity_columns(std::move(node), identities);
  copy->info->select_statement = std::move(node);
  return copy;
}

}  // namespace

CopiedFiles copy_to_parquet(Connection& connection, const std::string& query,
                            const std::vector<delta::Value>& parameters,
                            const delta::Schema& schema, const CopyOptions& options) {
  Connection::Internal& internal = connection.internal();
  duckdb::ClientContext& context = *internal.connection.context;
  const auto job = duckdb::make_shared_ptr<CopyJob>(schema, options);
  {
    const JobInConnection running(context, job);
    internal.run(copy_statement(internal.parse(query), options), parameters);
  }
  CopiedFiles result;
  result.files = job->files.keep();
  result.rows = job->rows;
  for (const delta::AddFile& file : result.files) result.bytes += file.size;
  result.profile = last_profile(context);
  return result;
}

}  // namespace duck
