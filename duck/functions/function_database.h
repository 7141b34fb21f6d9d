// A database with the added functions; for the tests of duck/functions/ only.
#pragma once

#include <gtest/gtest.h>

#include <duckdb.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <string>

#include "duck/functions/added_functions.h"

namespace duck {

class FunctionDatabase : public testing::Test {
 public:
  FunctionDatabase() {
    duckdb::ExtensionLoader loader(*database_.instance, "codeanatomy");
    add_functions(loader);
  }

  // The one value of a query; fails the test when it does not run.
  duckdb::Value value(const std::string& sql) {
    const auto result = connection_.Query(sql);
    EXPECT_FALSE(result->HasError()) << sql << "\n" << result->GetError();
    return result->HasError() || result->RowCount() == 0 ? duckdb::Value() : result->GetValue(0, 0);
  }

  // The value of an expression as text, "NULL" for null.
  std::string text(const std::string& expression) {
    return value("SELECT " + expression).ToString();
  }

  // The message of a query that must fail.
  std::string fault(const std::string& expression) {
    const auto result = connection_.Query("SELECT " + expression);
    EXPECT_TRUE(result->HasError()) << expression;
    return result->HasError() ? result->GetError() : "";
  }

  duckdb::Connection& connection() { return connection_; }

 private:
  duckdb::DuckDB database_{nullptr};
  duckdb::Connection connection_{database_};
};

}  // namespace duck
