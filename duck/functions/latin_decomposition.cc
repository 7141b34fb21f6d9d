#include "duck/functions/latin_decomposition.h"

#include <unicode/unistr.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace duck {

LatinDecomposition::LatinDecomposition(const icu::Normalizer2& normalizer) {
  for (unsigned c = kFirst; c < kEnd; ++c) {
    UErrorCode status = U_ZERO_ERROR;
    std::string decomposed;
    normalizer.normalize(icu::UnicodeString(static_cast<UChar32>(c)), status)
        .toUTF8String(decomposed);
    Bytes& entry = decompositions_[c - kFirst];
    if (U_FAILURE(status) || decomposed.size() > entry.bytes.size()) {
      throw std::logic_error("the decomposition of a Latin letter is longer than expected");
    }
    entry.bytes = {};
    std::ranges::copy(decomposed, entry.bytes.begin());
    entry.size = static_cast<unsigned char>(decomposed.size());
  }
}

bool LatinDecomposition::decompose(std::string_view text, std::string& out) const {
  // Two bytes become at most as many as an entry has; each copy writes a whole entry.
  out.resize(text.size() / 2 * sizeof(Bytes::bytes) + text.size() % 2 + sizeof(Bytes::bytes));
  char* end = out.data();
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) {
      *end++ = static_cast<char>(lead);
      ++at;
      continue;
    }
    if (at + 1 == text.size()) return false;
    const auto trail = static_cast<unsigned char>(text[at + 1]);
    const unsigned c = (lead & 0x1fU) << 6U | (trail & 0x3fU);
    if (lead < 0xc2 || lead > 0xdf || (trail & 0xc0U) != 0x80 || c >= kEnd) return false;
    const Bytes& entry = decompositions_[c - kFirst];
    std::memcpy(end, entry.bytes.data(), entry.bytes.size());
    end += entry.size;
    at += 2;
  }
  out.resize(static_cast<std::size_t>(end - out.data()));
  return true;
}

}  // namespace duck
