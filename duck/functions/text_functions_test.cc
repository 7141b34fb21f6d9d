#include "duck/functions/function_database.h"
#include "duck/functions/unicode_text.h"

namespace duck {
namespace {

class TextFunctions : public FunctionDatabase {};

std::string normalized(std::string_view text, const TextRules& rules = {}) {
  std::string result;
  normalize_text(text, rules, result);
  return result;
}

TEST(UnicodeText, TrimsEveryKindOfWhiteSpaceAndNothingElse) {
  EXPECT_EQ(trimmed("\t\v\f\r\n a\u0085\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000"), "a");
  EXPECT_EQ(trimmed("\u200b\u180e\ufeff\x1c"), "\u200b\u180e\ufeff\x1c");
  EXPECT_EQ(trimmed(" \u3000 "), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(UnicodeText, LowersWithFullMappingsAndNoLanguage) {
  EXPECT_EQ(normalized("ΟΔΥΣΣΕΥΣ"), "οδυσσευς");
  EXPECT_EQ(normalized("Σ"), "σ");
  EXPECT_EQ(normalized("İ", {.form = NormalForm::kNfc}), "i̇");
  EXPECT_EQ(normalized("ẞß"), "ßß");
  EXPECT_EQ(normalized("Iı"), "iı");
}

TEST(UnicodeText, KeepsCaseAndWhiteSpaceWhenToldSo) {
  EXPECT_EQ(normalized(" A \t B ", {.lower_case = false}), "A B");
  EXPECT_EQ(normalized(" A \t B ", {.collapse_white_space = false}), "a \t b");
  EXPECT_EQ(normalized(" É \u2003 B ", {.collapse_white_space = false}), "é   b");
  EXPECT_EQ(normalized(" É \u2003 B ", {.lower_case = false}), "É B");
}

TEST(UnicodeText, GivesTheNormalFormAskedFor) {
  EXPECT_EQ(normalized("e\u0301", {.form = NormalForm::kNfc}), "\u00e9");
  EXPECT_EQ(normalized("\u00e9", {.form = NormalForm::kNfd}), "e\u0301");
  EXPECT_EQ(normalized("\ufb01\u2168", {.form = NormalForm::kNfkc}), "fiix");
  EXPECT_EQ(normalized("\ufb01\u00e9", {.form = NormalForm::kNfkd}), "fie\u0301");
  EXPECT_EQ(normalized("\ufb01", {.form = NormalForm::kNfc}), "\ufb01");
}

TEST(UnicodeText, TheAsciiPathGivesWhatTheOtherGives) {
  for (const char* text : {"", " ", "  A  b\tC ", "a", "\x1f A", "x\n\ny"}) {
    for (const bool lower : {false, true}) {
      for (const bool collapse : {false, true}) {
        const TextRules rules{NormalForm::kNfkc, lower, collapse};
        const std::string marked = std::string(text) + "é";
        std::string expected = normalized(marked, rules);
        expected.resize(expected.size() - 2);
        EXPECT_EQ(std::string(trimmed(expected)), normalized(text, rules)) << text;
      }
    }
  }
}

// The last character of `marked` is none of Latin, so that ICU decomposes it as a whole.
TEST(UnicodeText, LatinLettersDecomposeAsIcuDecomposesThem) {
  const std::string other = "\u4e00";
  for (unsigned c = 0x80; c < 0x260; ++c) {
    std::string text = "x\u01d5";
    text += static_cast<char>(0xc0U | c >> 6U);
    text += static_cast<char>(0x80U | (c & 0x3fU));
    text += "y";
    for (const NormalForm form : {NormalForm::kNfd, NormalForm::kNfkd}) {
      const TextRules rules{form, false, false};
      EXPECT_EQ(normalized(text, rules) + other, normalized(text + other, rules)) << c;
    }
  }
}

TEST(UnicodeText, MarksBesideLatinLettersGetTheirOrder) {
  const TextRules rules{NormalForm::kNfd, false, false};
  EXPECT_EQ(normalized("\u00e9\u0323", rules), "e\u0323\u0301");
  EXPECT_EQ(normalized("\u0323\u00e9", rules), "\u0323e\u0301");
  EXPECT_EQ(normalized("\u00e9\xc3", rules), "e\u0301\xc3");
}

TEST_F(TextFunctions, TheFormMayDifferByRowAndByCase) {
  EXPECT_EQ(text("string_agg(utf8_normalize('\ufb01', f), ' ' ORDER BY f) "
                 "FROM (VALUES ('NFC'), ('nfkc')) t(f)"),
            "\ufb01 fi");
}

TEST_F(TextFunctions, AnUnknownFormIsRefusedByName) {
  EXPECT_NE(fault("utf8_normalize('a', 'NFX')").find("'NFX' is no Unicode normal form"),
            std::string::npos);
}

TEST_F(TextFunctions, ANullArgumentGivesNull) {
  EXPECT_EQ(text("utf8_normalize(NULL)"), "NULL");
  EXPECT_EQ(text("utf8_normalize('a', NULL)"), "NULL");
  EXPECT_EQ(text("utf8_normalize('a', 'NFC', NULL)"), "NULL");
  EXPECT_EQ(text("utf8_normalize('a', 'NFC', true, NULL)"), "NULL");
  EXPECT_EQ(text("normalize_utf8('  ')"), "");
}

TEST_F(TextFunctions, BlankTextIsNullAndOtherTextIsTrimmed) {
  EXPECT_EQ(text("utf8_null_if_blank(' \t\u00a0\u3000')"), "NULL");
  EXPECT_EQ(text("null_if_blank('')"), "NULL");
  EXPECT_EQ(text("utf8_null_if_blank(' A  b ')"), "A  b");
}

TEST_F(TextFunctions, AQualifiedNameGetsItsModuleUnlessItHasADot) {
  EXPECT_EQ(text("qname_normalize(' Foo ', 'Pkg.Mod')"), "pkg.mod.foo");
  EXPECT_EQ(text("qname_normalize('a.b', 'pkg')"), "a.b");
  EXPECT_EQ(text("qname_normalize('foo', NULL)"), "foo");
  EXPECT_EQ(text("qname_normalize('foo', '  ')"), "foo");
  EXPECT_EQ(text("qname_normalize('foo')"), "foo");
  EXPECT_EQ(text("qualname_normalize('foo', 'm', 'python')"), "m.foo");
  EXPECT_EQ(text("qname_normalize('foo', 'm', NULL)"), "m.foo");
  EXPECT_EQ(text("qname_normalize(' ', 'm')"), "NULL");
  EXPECT_EQ(text("qname_normalize(NULL, 'm')"), "NULL");
}

TEST_F(TextFunctions, AWrongNumberOfArgumentsIsRefused) {
  for (const char* call :
       {"utf8_normalize()", "utf8_normalize('a', 'NFC', true, true, true)",
        "utf8_null_if_blank('a', 'b')", "qname_normalize()", "qname_normalize(1, 2, 3, 4)"}) {
    EXPECT_NE(fault(call).find("No function matches"), std::string::npos) << call;
  }
}

TEST(AddedFunctions, AreNamedInOrder) {
  const std::vector<std::string> expected = {"hash128",
                                             "hash64",
                                             "normalize_utf8",
                                             "null_if_blank",
                                             "portable_text",
                                             "prefixed_hash",
                                             "prefixed_hash64",
                                             "qname_normalize",
                                             "qualname_normalize",
                                             "span",
                                             "span_contains",
                                             "span_id",
                                             "span_len",
                                             "span_make",
                                             "span_overlaps",
                                             "stable_hash128",
                                             "stable_hash64",
                                             "stable_id",
                                             "stable_id_multi",
                                             "stable_id_parts",
                                             "utf8_normalize",
                                             "utf8_null_if_blank"};
  EXPECT_EQ(added_function_names(), expected);
}

}  // namespace
}  // namespace duck
