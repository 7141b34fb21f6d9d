#include "base/hash.h"
#include "duck/functions/function_database.h"
#include "duck/functions/portable_text_internal.h"

namespace duck {
namespace {

class StableIdFunctions : public FunctionDatabase {};

std::string hex_id(std::string_view text) {
  std::array<std::uint8_t, 16> digest;
  base::blake2b(text, digest);
  return base::to_hex(digest);
}

TEST_F(StableIdFunctions, PartsAreJoinedByTheUnitSeparator) {
  EXPECT_EQ(text("stable_id_parts('n', 'a', 'b')"), "n:" + hex_id("a\x1f"
                                                                  "b"));
  EXPECT_EQ(text("stable_id_multi('n', 'a')"), "n:" + hex_id("a"));
}

TEST_F(StableIdFunctions, ANullPartIsATextAndANullPrefixIsNull) {
  EXPECT_EQ(text("stable_id_parts('n', 'a', NULL)"), "n:" + hex_id("a\x1f__NULL__"));
  EXPECT_EQ(text("stable_id_parts('n', NULL)"), "n:" + hex_id("__NULL__"));
  EXPECT_EQ(text("stable_id_parts(NULL, 'a')"), "NULL");
}

TEST_F(StableIdFunctions, OtherTypesAreHashedAsText) {
  EXPECT_EQ(text("stable_id_parts('n', 1, true, -2::BIGINT)"), "n:" + hex_id("1\x1ftrue\x1f-2"));
  EXPECT_EQ(text("stable_id_parts('n', 1.5::DECIMAL(4,2), DATE '2024-02-29')"),
            "n:" + hex_id("1.50\x1f"
                          "2024-02-29"));
  EXPECT_EQ(text("stable_id_parts('n', 1::DOUBLE, 1e300, 'nan'::DOUBLE, 0.1::FLOAT)"),
            "n:" + hex_id("1.0\x1f"
                          "1e300\x1fNaN\x1f"
                          "0.1"));
  EXPECT_EQ(text("stable_id_parts('n', TIMESTAMP '2024-01-02 03:04:05.5')"),
            "n:" + hex_id("2024-01-02T03:04:05.500"));
  EXPECT_EQ(text("stable_id_parts('n', TIMESTAMPTZ '2024-01-02 03:04:05+00')"),
            "n:" + hex_id("2024-01-02T03:04:05Z"));
  EXPECT_EQ(text("stable_hash128('ab'::BLOB)"), hex_id("ab"));
  EXPECT_EQ(text("stable_hash64(7) = stable_hash64('7')"), "true");
  EXPECT_EQ(text("stable_id(1, 2)"), "1:" + hex_id("2"));
}

TEST_F(StableIdFunctions, ABlobThatIsNoTextIsRefused) {
  EXPECT_NE(fault("stable_hash128('\\xFF'::BLOB)").find("not valid UTF-8"), std::string::npos);
}

TEST_F(StableIdFunctions, Hash64HasNoSign) {
  EXPECT_EQ(text("min(stable_hash64(i)) >= 0 FROM range(10000) t(i)"), "true");
  EXPECT_EQ(text("typeof(hash64('a'))"), "BIGINT");
  EXPECT_EQ(text("prefixed_hash('p', 'a') = 'p:' || stable_hash64('a')"), "true");
}

TEST_F(StableIdFunctions, SpanIdIsTheIdOfItsParts) {
  EXPECT_EQ(text("span_id('s', 'a.py', 1, 2)"), "s:" + hex_id("a.py\x1f"
                                                              "1\x1f"
                                                              "2"));
  EXPECT_EQ(text("span_id('s', 'a.py', 1, 2, 'call')"), "s:" + hex_id("a.py\x1f"
                                                                      "1\x1f"
                                                                      "2\x1f"
                                                                      "call"));
  EXPECT_EQ(text("span_id('s', NULL, 1, 2, NULL)"), "s:" + hex_id("__NULL__\x1f"
                                                                  "1\x1f"
                                                                  "2\x1f__NULL__"));
}

TEST_F(StableIdFunctions, ColumnsGiveWhatConstantsGive) {
  const std::string texts =
      "(SELECT i, CASE WHEN i % 7 = 3 THEN NULL ELSE repeat('é', (i % 150)::INTEGER) || i END AS v,"
      " CASE WHEN i % 11 = 5 THEN NULL ELSE 'p' || i % 3 END AS p FROM range(5000) t(i))";
  connection().Query("CREATE TABLE texts AS SELECT * FROM " + texts);
  const auto rows = connection().Query(
      "SELECT p, v, stable_id(p, v), stable_id_parts(p, v, i), stable_hash128(v), i FROM texts "
      "ORDER BY i");
  ASSERT_FALSE(rows->HasError()) << rows->GetError();
  for (duckdb::idx_t row = 0; row < rows->RowCount(); ++row) {
    const auto prefix = rows->GetValue(0, row);
    const auto value = rows->GetValue(1, row);
    const std::string id = value.IsNull() ? "" : hex_id(value.ToString());
    EXPECT_EQ(rows->GetValue(2, row).ToString(),
              prefix.IsNull() || value.IsNull() ? "NULL" : prefix.ToString() + ":" + id);
    EXPECT_EQ(rows->GetValue(3, row).ToString(),
              prefix.IsNull() ? "NULL"
                              : prefix.ToString() + ":" +
                                    hex_id((value.IsNull() ? "__NULL__" : value.ToString()) +
                                           "\x1f" + rows->GetValue(5, row).ToString()));
    EXPECT_EQ(rows->GetValue(4, row).ToString(), value.IsNull() ? "NULL" : id);
  }
}

TEST_F(StableIdFunctions, TakeParametersOfPreparedStatements) {
  auto statement = connection().Prepare("SELECT stable_id(?, ?), stable_id_parts(?, ?, ?)");
  ASSERT_FALSE(statement->HasError()) << statement->GetError();
  const auto result = statement->Execute("n", "a", "n", 1, "b");
  ASSERT_FALSE(result->HasError()) << result->GetError();
  const auto row = result->Fetch();
  EXPECT_EQ(row->GetValue(0, 0).ToString(), "n:" + hex_id("a"));
  EXPECT_EQ(row->GetValue(1, 0).ToString(), "n:" + hex_id("1\x1f"
                                                          "b"));
}

TEST_F(StableIdFunctions, AWrongNumberOfArgumentsIsRefused) {
  for (const char* call :
       {"stable_id('a')", "stable_id('a', 'b', 'c')", "stable_id_parts('a')", "stable_hash64()",
        "stable_hash128('a', 'b')", "prefixed_hash64('a')", "span_id('a', 'b', 1)"}) {
    EXPECT_NE(fault(call).find("No function matches"), std::string::npos) << call;
  }
}

TEST(PortableText, PrintsNumbersAsTheShortestDecimalThatReadsBack) {
  EXPECT_EQ(portable_text(0.0), "0.0");
  EXPECT_EQ(portable_text(-0.0), "-0.0");
  EXPECT_EQ(portable_text(100.0), "100.0");
  EXPECT_EQ(portable_text(1.25), "1.25");
  EXPECT_EQ(portable_text(-123.456), "-123.456");
  EXPECT_EQ(portable_text(1e15), "1000000000000000.0");
  EXPECT_EQ(portable_text(1e16), "1e16");
  EXPECT_EQ(portable_text(1.5e-5), "0.000015");
  EXPECT_EQ(portable_text(1.5e-6), "1.5e-6");
  EXPECT_EQ(portable_text(0.1F), "0.1");
  EXPECT_EQ(portable_text(1e13F), "1e13");
}

}  // namespace
}  // namespace duck
