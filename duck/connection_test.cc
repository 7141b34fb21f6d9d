#include "duck/connection.h"

#include <gtest/gtest.h>

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_reader.hpp>
#include <parquet_reader.hpp>

namespace duck {
namespace {

TEST(Connection, LinksTheVersionWhoseHeadersAreCompiled) { EXPECT_EQ(library_version(), "v1.5.5"); }

TEST(Connection, RunsAQueryInMemory) {
  duckdb::DuckDB database(nullptr);
  duckdb::Connection connection(database);

  const auto result = connection.Query("SELECT 6 * 7");

  ASSERT_FALSE(result->HasError()) << result->GetError();
  EXPECT_EQ(result->GetValue(0, 0), duckdb::Value::INTEGER(42));
}

TEST(Connection, ReachesTheInternalsThatDeltaScanBuildsOn) {
  const duckdb::ParquetOptions options;
  EXPECT_FALSE(options.binary_as_string);
  const duckdb::SimpleMultiFileList files({duckdb::OpenFileInfo("a.parquet")});
  EXPECT_EQ(files.GetExpandResult(), duckdb::FileExpandResult::SINGLE_FILE);
  EXPECT_NE(duckdb::MultiFileReader().Copy(), nullptr);
}

}  // namespace
}  // namespace duck
