#include "duck/connection_internal.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "duck/database_internal.h"
#include "duck/errors_internal.h"
#include "duck/query_profile_internal.h"
#include "duck/types_internal.h"
#include "duck/values_internal.h"

namespace duck {
namespace {

using Parameters = duckdb::case_insensitive_map_t<duckdb::BoundParameterData>;

Parameters bind(const std::vector<delta::Value>& values) {
  Parameters parameters;
  for (std::size_t i = 0; i < values.size(); ++i) {
    parameters[std::to_string(i + 1)] = duckdb::BoundParameterData(to_duckdb(values[i]));
  }
  return parameters;
}

std::vector<ResultColumn> columns_of(const duckdb::vector<std::string>& names,
                                     const duckdb::vector<duckdb::LogicalType>& types) {
  std::vector<ResultColumn> columns;
  columns.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    columns.push_back(
        {.name = names[i], .duckdb_type = types[i].ToString(), .delta_type = to_delta(types[i])});
  }
  return columns;
}

duckdb::unique_ptr<duckdb::QueryResult> start(duckdb::Connection& connection,
                                              duckdb::unique_ptr<duckdb::SQLStatement> statement,
                                              const std::vector<delta::Value>& values,
                                              duckdb::QueryResultOutputType output) {
  Parameters parameters = bind(values);
  auto pending = outside_duckdb(Phase::kBind, [&] {
    return connection.context->PendingQuery(std::move(statement), parameters,
                                            duckdb::QueryParameters(output));
  });
  if (pending->HasError()) throw from_duckdb(pending->GetErrorObject(), Phase::kBind);
  auto result = outside_duckdb(Phase::kRun, [&] { return pending->Execute(); });
  if (result->HasError()) throw from_duckdb(result->GetErrorObject(), Phase::kRun);
  return result;
}

}  // namespace

Connection::Internal::Internal(Database& owner)
    : database(owner), connection(*owner.internal().duckdb) {}

duckdb::unique_ptr<duckdb::SQLStatement> Connection::Internal::parse(const std::string& sql) {
  auto statements = outside_duckdb(Phase::kBind, [&] { return connection.ExtractStatements(sql); });
  if (statements.size() != 1) {
    throw base::Error(base::Stage::kCompilation, "SQL_INVALID",
                      "one SQL statement is needed, not " + std::to_string(statements.size()));
  }
  return std::move(statements.front());
}

std::unique_ptr<duckdb::MaterializedQueryResult> Connection::Internal::run(
    const std::string& sql, const std::vector<delta::Value>& values) {
  return run(parse(sql), values);
}

std::unique_ptr<duckdb::MaterializedQueryResult> Connection::Internal::run(
    duckdb::unique_ptr<duckdb::SQLStatement> statement, const std::vector<delta::Value>& values) {
  return duckdb::unique_ptr_cast<duckdb::QueryResult, duckdb::MaterializedQueryResult>(start(
      connection, std::move(statement), values, duckdb::QueryResultOutputType::FORCE_MATERIALIZED));
}

duckdb::unique_ptr<duckdb::QueryResult> Connection::Internal::stream(
    const std::string& sql, const std::vector<delta::Value>& values) {
  return start(connection, parse(sql), values, duckdb::QueryResultOutputType::ALLOW_STREAMING);
}

Connection::Connection(Database& database)
    : internal_(outside_duckdb(Phase::kRun, [&] { return std::make_unique<Internal>(database); })) {
}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

void Connection::execute(const std::string& sql, const std::vector<delta::Value>& parameters) {
  internal_->run(sql, parameters);
}

ResultRows Connection::query(const std::string& sql, const std::vector<delta::Value>& parameters) {
  auto result = internal_->run(sql, parameters);
  ResultRows out{.columns = columns_of(result->names, result->types), .rows = {}};
  out.rows.reserve(result->RowCount());
  for (const auto& row : result->Collection().GetRows()) {
    std::vector<delta::Value> values;
    values.reserve(out.columns.size());
    for (std::size_t i = 0; i < out.columns.size(); ++i) {
      values.push_back(to_delta(row.GetValue(i)));
    }
    out.rows.push_back(std::move(values));
  }
  return out;
}

std::vector<ResultColumn> Connection::describe(const std::string& sql,
                                               const std::vector<delta::Value>& parameters) {
  auto statement = internal_->parse(sql);
  duckdb::ClientContext& context = *internal_->connection.context;
  std::vector<ResultColumn> columns;
  outside_duckdb(Phase::kBind, [&] {
    context.RunFunctionInTransaction([&] {
      duckdb::Planner planner(context);
      planner.parameter_data = bind(parameters);
      planner.CreatePlan(std::move(statement));
      columns = columns_of(planner.names, planner.types);
    });
  });
  return columns;
}

void Connection::set_profiling(bool on) { duck::set_profiling(*internal_->connection.context, on); }

QueryProfile Connection::last_profile() const {
  return duck::last_profile(*internal_->connection.context);
}

void Connection::interrupt() { internal_->connection.Interrupt(); }

}  // namespace duck
