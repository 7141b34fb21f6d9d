// What a Connection holds; for duck/ only.
#pragma once

#include <duckdb.hpp>
#include <memory>
#include <string>
#include <vector>

#include "delta/value.h"
#include "duck/database.h"

namespace duck {

struct Connection::Internal {
  explicit Internal(Database& owner);

  // The one statement that `sql` is.
  duckdb::unique_ptr<duckdb::SQLStatement> parse(const std::string& sql);

  // Runs one statement; the result is whole in memory. Errors as of Connection.
  std::unique_ptr<duckdb::MaterializedQueryResult> run(const std::string& sql,
                                                       const std::vector<delta::Value>& parameters);
  std::unique_ptr<duckdb::MaterializedQueryResult> run(
      duckdb::unique_ptr<duckdb::SQLStatement> statement,
      const std::vector<delta::Value>& parameters);

  // Runs one query; the rows are computed as they are fetched.
  duckdb::unique_ptr<duckdb::QueryResult> stream(const std::string& sql,
                                                 const std::vector<delta::Value>& parameters);

  Database& database;
  duckdb::Connection connection;
};

}  // namespace duck
