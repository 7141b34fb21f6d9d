#include "extract/source_text.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "base/hash.h"
#include "extract/utf8.h"

namespace extract {
namespace {

namespace fs = std::filesystem;

class ReadSource : public testing::Test {
 protected:
  ReadSource()
      : file_(fs::temp_directory_path() / ("read_source_" + std::to_string(::getpid()) + ".py")) {}
  ~ReadSource() override { fs::remove(file_); }

  SourceContent read(const std::string& bytes, std::int64_t max_bytes = 1 << 20) {
    std::ofstream(file_, std::ios::binary) << bytes;
    return read_source(file_, max_bytes);
  }

  fs::path file_;
};

TEST_F(ReadSource, GivesTheBytesTheirSizeAndTheirHash) {
  const SourceContent content = read("x = 1\n");
  EXPECT_EQ(std::string(content.bytes.begin(), content.bytes.end()), "x = 1\n");
  EXPECT_EQ(content.size_bytes, 6);
  EXPECT_EQ(content.sha256, base::to_hex(base::sha256("x = 1\n")));
}

TEST_F(ReadSource, CountsAnUnfinishedLastLine) {
  EXPECT_EQ(read("").line_count, 0);
  EXPECT_EQ(read("a").line_count, 1);
  EXPECT_EQ(read("a\n").line_count, 1);
  EXPECT_EQ(read("a\r\n\nb").line_count, 3);
}

TEST_F(ReadSource, HashesAndCountsAFileThatIsTooLargeToKeep) {
  const std::string bytes(1000, '\n');
  const SourceContent content = read(bytes, 10);
  EXPECT_TRUE(content.too_large);
  EXPECT_TRUE(content.bytes.empty());
  EXPECT_EQ(content.size_bytes, 1000);
  EXPECT_EQ(content.line_count, 1000);
  EXPECT_EQ(content.sha256, base::to_hex(base::sha256(bytes)));
}

TEST_F(ReadSource, KeepsAFileOfJustTheGreatestSize) {
  EXPECT_FALSE(read("0123456789", 10).too_large);
  EXPECT_TRUE(read("0123456789a", 10).too_large);
}

TEST_F(ReadSource, RefusesWhatIsNoRegularFile) {
  EXPECT_THROW(read_source(fs::temp_directory_path(), 10), std::system_error);
  EXPECT_THROW(read_source(file_, 10), std::system_error);
}

TEST(DetectEncoding, KnowsUtf8WhateverIsDeclared) {
  EXPECT_EQ(detect_encoding(""), Encoding::kUtf8);
  EXPECT_EQ(detect_encoding("x = '\xC3\xA9'"), Encoding::kUtf8);
  EXPECT_EQ(detect_encoding("# coding: latin-1\nx = '\xC3\xA9'"), Encoding::kUtf8);
}

TEST(DetectEncoding, TakesLatin1FromTheFirstTwoLines) {
  EXPECT_EQ(detect_encoding("# -*- coding: latin-1 -*-\nx = '\xE9'"), Encoding::kLatin1);
  EXPECT_EQ(detect_encoding("#!/bin/x\r\n# vim: set fileencoding=ISO_8859-1 :\r\n'\xE9'"),
            Encoding::kLatin1);
  EXPECT_EQ(detect_encoding("# the encoding of it, coding: latin-1-unix\nx = '\xE9'"),
            Encoding::kLatin1);
  EXPECT_EQ(detect_encoding("import x\n# coding: latin-1\nx = '\xE9'"), Encoding::kUnknown);
  EXPECT_EQ(detect_encoding("\n\n# coding: latin-1\nx = '\xE9'"), Encoding::kUnknown);
}

TEST(DetectEncoding, TakesNoOtherEncoding) {
  EXPECT_EQ(detect_encoding("x = '\xE9'"), Encoding::kUnknown);
  EXPECT_EQ(detect_encoding("# coding: koi8-r\nx = '\xE9'"), Encoding::kUnknown);
  EXPECT_EQ(detect_encoding("x = 'coding: latin-1 \xE9'"), Encoding::kUnknown);
}

TEST(Utf8, AllowsWellFormedCharactersOnly) {
  EXPECT_TRUE(is_utf8("plain ascii, longer than one word"));
  EXPECT_TRUE(is_utf8("\xC2\x80 \xE0\xA0\x80 \xED\x9F\xBF \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF"));
  for (const char* bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "12345678\xE9"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

TEST(Utf8, ShowsInvalidBytesAsReplacementCharacters) {
  EXPECT_EQ(replace_invalid_utf8("a\xE9"
                                 "b\xC3\xA9"),
            "a\xEF\xBF\xBD"
            "b\xC3\xA9");
}

}  // namespace
}  // namespace extract
