// Decomposed forms of text in Latin letters; no DuckDB here.
#pragma once

#include <unicode/normalizer2.h>

#include <array>
#include <string>
#include <string_view>

namespace duck {

// The decompositions of the characters up to U+024F: ASCII, Latin-1 and the extended Latin letters.
// Each of them starts a decomposition of its own and no two change each other, so text of nothing
// else is decomposed by looking each character up; text with any other character is ICU's work.
// Not changed after it is made: any thread may use it.
class LatinDecomposition {
 public:
  // `normalizer`: of NFD or NFKD.
  explicit LatinDecomposition(const icu::Normalizer2& normalizer);

  // Replaces `out` by `text` decomposed and returns true; false, `out` undefined, for text with
  // another character or with bytes that are not UTF-8.
  bool decompose(std::string_view text, std::string& out) const;

 private:
  struct Bytes {
    std::array<char, 7> bytes;
    unsigned char size;
  };
  static constexpr unsigned kFirst = 0x80;
  static constexpr unsigned kEnd = 0x250;

  std::array<Bytes, kEnd - kFirst> decompositions_;
};

}  // namespace duck
