#include "duck/sql_query.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "duck/database.h"

namespace duck {
namespace {

void expect_refused(const std::string& text, const std::string& words) {
  try {
    parse_query(text);
    ADD_FAILURE() << "accepted: " << text;
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "SQL_INVALID") << text;
    EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
  }
}

TEST(SqlQuery, MayStandInAnother) {
  Database database({.threads = 1});
  Connection connection(database);
  for (const char* query :
       {"SELECT 1", "FROM range(3);", "VALUES (1), (2)", "WITH x AS (SELECT 1) FROM x ;\n",
        "SELECT 1 -- a comment", "SELECT 1; -- a comment", "; SELECT 1;;", "SELECT 1; /* ; */ ;",
        "-- ;\nSELECT 1", "/* ; */ SELECT ';' /* -- */", "DESCRIBE SELECT 1", "SHOW TABLES",
        "SUMMARIZE SELECT 1 AS a", "(SELECT 1) UNION SELECT 2",
        "PIVOT (SELECT 1 AS a, 2 AS b) ON a IN (1, 2) USING sum(b)",
        "SELECT 'ä', 'b' AS \"ö\" ;"}) {
    EXPECT_NO_THROW(connection.query("FROM (" + parse_query(query) + "\n)")) << query;
  }
}

TEST(SqlQuery, IsOneStatement) {
  expect_refused("", "the query is empty");
  expect_refused(" ; \n", "the query is empty");
  expect_refused("-- nothing", "the query is empty");
  expect_refused("SELECT 1; SELECT 2", "not 2 statements");
  expect_refused("SELECT 1) TO 'file' --", "syntax error");
  expect_refused("SELEC 1", "syntax error");
}

TEST(SqlQuery, ChangesNothing) {
  expect_refused("CREATE TABLE x(a INTEGER)", "CREATE is not one");
  expect_refused("INSERT INTO x VALUES (1)", "INSERT is not one");
  expect_refused("DELETE FROM x", "DELETE is not one");
  expect_refused("COPY (SELECT 1) TO 'file'", "COPY is not one");
  expect_refused("ATTACH 'file'", "ATTACH is not one");
  expect_refused("SET threads = 1", "SET is not one");
  expect_refused("EXPLAIN SELECT 1", "EXPLAIN is not one");
  expect_refused("PRAGMA version", "PRAGMA is not one");
  expect_refused("CALL pragma_version()", "CALL is not one");
  expect_refused("LOAD json", "LOAD is not one");
  expect_refused("PIVOT (SELECT 1 AS a, 2 AS b) ON a USING sum(b)", "PIVOT must list its values");
}

}  // namespace
}  // namespace duck
