#include <gtest/gtest.h>

#include <duckdb/common/types/column/column_data_collection.hpp>
#include <string>

#include "duck/dictionary_values_internal.h"

namespace duck {
namespace {

constexpr duckdb::idx_t kMost = 20000;

class DictionaryValuesTest : public testing::Test {
 protected:
  // Of the rows of SELECT … FROM range(100000) t(i).
  duckdb::idx_t needed(const std::string& columns) {
    const auto result = connection_.Query("SELECT " + columns + " FROM range(100000) t(i)");
    EXPECT_FALSE(result->HasError()) << result->GetError();
    return dictionary_values(result->Collection(), kMost);
  }

  duckdb::DuckDB database_{nullptr};
  duckdb::Connection connection_{database_};
};

TEST_F(DictionaryValuesTest, AreThoseOfTheColumnThatNeedsMost) {
  EXPECT_NEAR(static_cast<double>(needed("i % 10, 'text of ' || i % 5000, NULL")), 5000, 100);
  EXPECT_NEAR(static_cast<double>(needed("i // 10")), 10000, 200);
}

TEST_F(DictionaryValuesTest, ColumnsWithoutADictionaryNeedNone) {
  EXPECT_NEAR(static_cast<double>(needed("i, md5(i::VARCHAR), i % 700")), 700, 14);
  EXPECT_EQ(needed("i, i * 0.5::DOUBLE"), 0U);
}

TEST_F(DictionaryValuesTest, ColumnsThatMayHaveOneElsewhereNeedTheWhole) {
  EXPECT_EQ(needed("i % 30000"), kMost);
  EXPECT_EQ(needed("i % 10, {'part': i}"), kMost);
  EXPECT_EQ(needed("i % 10, [i]"), kMost);
}

}  // namespace
}  // namespace duck
