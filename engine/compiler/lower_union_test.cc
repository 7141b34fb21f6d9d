#include "engine/compiler/compiler_test_support.h"

namespace engine {
namespace {

using nlohmann::json;
using Rows = std::vector<std::string>;

class LowerUnion : public CompilerTest {
 protected:
  void union_of(const std::vector<std::string>& sources, const json& discriminator = nullptr,
                bool distinct = false) {
    view("v", {{"kind", "Union"},
               {"sources", sources},
               {"discriminator_column", discriminator},
               {"distinct", distinct}});
  }
};

TEST_F(LowerUnion, UnitesByNameWithColumnsSortedAndMissingOnesNull) {
  input("a", "SELECT 1 AS z, 'x' AS b");
  input("c", "SELECT 2 AS b2, 'y' AS b");
  union_of({"a", "c"});
  EXPECT_EQ(column_names(), (Rows{"b", "b2", "z"}));
  EXPECT_EQ(rows(), (Rows{"x|NULL|1", "y|2|NULL"}));
}

TEST_F(LowerUnion, HoldsTheSourcesNameInTheDiscriminator) {
  input("a's", "SELECT 1 AS x");
  input("b", "SELECT 2 AS x");
  union_of({"a's", "b"}, "origin");
  EXPECT_EQ(column_names(), (Rows{"origin", "x"}));
  EXPECT_EQ(rows(), (Rows{"a's|1", "b|2"}));
}

TEST_F(LowerUnion, KeepsEachRowOnceWhenDistinct) {
  input("a", "SELECT 1 AS x UNION ALL SELECT 1 UNION ALL SELECT NULL");
  union_of({"a", "a"});
  EXPECT_EQ(rows(), (Rows{"1", "1", "1", "1", "NULL", "NULL"}));
  spec()["view_definitions"][0]["transform"]["distinct"] = true;
  EXPECT_EQ(rows(), (Rows{"1", "NULL"}));
}

TEST_F(LowerUnion, TakesTheTypeThatHoldsAllValues) {
  input("a", "SELECT CAST(1 AS INTEGER) AS n, [1] AS m, DATE '2024-01-02' AS d");
  input("b",
        "SELECT CAST(2.5 AS DOUBLE) AS n, [5000000000] AS m, TIMESTAMP '2024-01-02 03:04:05' AS d");
  union_of({"a", "b"});
  EXPECT_EQ(column_types(), (Rows{"TIMESTAMP", "BIGINT[]", "DOUBLE"}));
}

TEST_F(LowerUnion, NamesColumnSourcesAndTypesThatDoNotGoTogether) {
  input("a", "SELECT 1 AS n");
  input("b", "SELECT 2 AS n");
  input("c", "SELECT 'text' AS n");
  union_of({"a", "b", "c"});
  expect_error("$.view_definitions[0].transform.sources",
               R"("n" is INTEGER in "a" and VARCHAR in "c")");
}

TEST_F(LowerUnion, NamesADiscriminatorThatIsThereAlready) {
  input("a", "SELECT 1 AS n");
  union_of({"a"}, "N");
  expect_error("$.view_definitions[0].transform.discriminator_column", R"("n")");
}

TEST_F(LowerUnion, NamesColumnsThatDifferInCaseAlone) {
  input("a", "SELECT 1 AS n");
  input("b", "SELECT 1 AS N");
  union_of({"a", "b"});
  expect_error("$.view_definitions[0].transform.sources", R"("N" and "n")");
}

TEST_F(LowerUnion, RefusesNoSource) {
  input("a", "SELECT 1 AS n");
  union_of({});
  expect_error("$.view_definitions[0].transform.sources", "no source");
}

}  // namespace
}  // namespace engine
