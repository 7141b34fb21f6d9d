#include "duck/query_stream.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/error.h"

namespace duck {
namespace {

class QueryStream : public testing::Test {
 protected:
  Database database_{DatabaseConfig{.threads = 2}};
  Connection connection_{database_};
};

TEST_F(QueryStream, RowsComeInTheQuerysOrder) {
  std::int64_t next = 0;
  for_each_row(connection_, "SELECT i, 'x' || i FROM range($1) r(i) ORDER BY i",
               {std::int64_t{10000}}, [&](const std::vector<delta::Value>& row) {
                 EXPECT_EQ(std::get<std::int64_t>(row.at(0)), next);
                 EXPECT_EQ(std::get<std::string>(row.at(1)), "x" + std::to_string(next));
                 ++next;
               });
  EXPECT_EQ(next, 10000);
}

TEST_F(QueryStream, AVisitorMayStopTheQuery) {
  const auto stop = [](const std::vector<delta::Value>&) { throw std::runtime_error("enough"); };
  EXPECT_THROW(for_each_row(connection_, "FROM range(100000000)", {}, stop), std::runtime_error);
  EXPECT_EQ(connection_.query("SELECT 1").rows.size(), 1U);
}

TEST_F(QueryStream, AFailingRowIsAnError) {
  const auto ignore = [](const std::vector<delta::Value>&) {};
  try {
    for_each_row(connection_, "SELECT a::INTEGER FROM (VALUES ('x')) t(a)", {}, ignore);
    FAIL() << "it succeeded";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "QUERY_FAILED");
  }
}

TEST_F(QueryStream, ArrowBatchesHoldAllRows) {
  ArrowArrayStream stream;
  open_arrow_stream(connection_, "SELECT i, 'x' AS s FROM range(200000) r(i)", {}, stream);
  ArrowSchema schema;
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  EXPECT_EQ(schema.n_children, 2);
  EXPECT_STREQ(schema.children[0]->format, "l");
  EXPECT_STREQ(schema.children[1]->name, "s");
  schema.release(&schema);
  std::int64_t rows = 0;
  int batches = 0;
  while (true) {
    ArrowArray batch;
    ASSERT_EQ(stream.get_next(&stream, &batch), 0) << stream.get_last_error(&stream);
    if (batch.release == nullptr) break;
    rows += batch.length;
    ++batches;
    batch.release(&batch);
  }
  stream.release(&stream);
  EXPECT_EQ(rows, 200000);
  EXPECT_GT(batches, 1);
}

}  // namespace
}  // namespace duck
