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

  // Runs one statement; the result is whole in memory. Errors as of Connection.
  std::unique_ptr<duckdb::MaterializedQueryResult> run(
      const std::string& sql, const std::vector<delta::Value>& parameters);

  Database& database;
  duckdb::Connection connection;
};

}  // namespace duck
