#include "duck/functions/unicode_text.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <stdexcept>

#include "base/ascii.h"
#include "duck/functions/latin_decomposition.h"

namespace duck {
namespace {

constexpr std::string_view kFormNames[] = {"NFC", "NFD", "NFKC", "NFKD"};

bool is_white_space(UChar32 c) {
  if (c < 0x80) return c == 0x20 || (c >= 0x09 && c <= 0x0d);
  return c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
         c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

void check(UErrorCode status) {
  if (U_FAILURE(status)) {
    throw std::runtime_error(std::string("text cannot be normalized: ") + u_errorName(status));
  }
}

icu::StringPiece piece(std::string_view text) {
  return {text.data(), static_cast<std::int32_t>(text.size())};
}

const icu::Normalizer2& normalizer(NormalForm form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* found = nullptr;
  switch (form) {
    case NormalForm::kNfc:
      found = icu::Normalizer2::getNFCInstance(status);
      break;
    case NormalForm::kNfd:
      found = icu::Normalizer2::getNFDInstance(status);
      break;
    case NormalForm::kNfkc:
      found = icu::Normalizer2::getNFKCInstance(status);
      break;
    case NormalForm::kNfkd:
      found = icu::Normalizer2::getNFKDInstance(status);
      break;
  }
  check(status);
  return *found;
}

// Most text is in a composed form; text beyond ASCII is in no decomposed one.
bool is_in_form(std::string_view text, NormalForm form) {
  if (form == NormalForm::kNfd || form == NormalForm::kNfkd) return false;
  UErrorCode status = U_ZERO_ERROR;
  const bool is = normalizer(form).isNormalizedUTF8(piece(text), status);
  return is && U_SUCCESS(status);
}

// Replaces `result` by what `transform(sink, status)` writes, about `size` bytes.
template <typename Transform>
void write(std::string& result, std::size_t size, const Transform& transform) {
  result.resize(size + size / 2 + 16);
  while (true) {
    UErrorCode status = U_ZERO_ERROR;
    icu::CheckedArrayByteSink sink(result.data(), static_cast<std::int32_t>(result.size()));
    transform(sink, status);
    check(status);
    const auto needed = static_cast<std::size_t>(sink.NumberOfBytesAppended());
    const bool fits = !sink.Overflowed();
    result.resize(needed);
    if (fits) return;
  }
}

bool decomposes_latin(std::string_view text, NormalForm form, std::string& result) {
  static const LatinDecomposition canonical(normalizer(NormalForm::kNfd));
  static const LatinDecomposition compatible(normalizer(NormalForm::kNfkd));
  if (form == NormalForm::kNfd) return canonical.decompose(text, result);
  return form == NormalForm::kNfkd && compatible.decompose(text, result);
}

void put_in_form(std::string_view text, NormalForm form, std::string& result) {
  if (decomposes_latin(text, form, result)) return;
  write(result, text.size(), [&](icu::ByteSink& sink, UErrorCode& status) {
    normalizer(form).normalizeUTF8(0, piece(text), sink, nullptr, status);
  });
}

std::string in_lower_case(std::string_view text) {
  std::string result;
  write(result, text.size(), [&](icu::ByteSink& sink, UErrorCode& status) {
    icu::CaseMap::utf8ToLower("", 0, piece(text), sink, nullptr, status);
  });
  return result;
}

// Whether the lower case is more than that of each character alone: of "İ", which becomes two, and
// of "Σ", which has another one at the end of a word.
bool has_special_lower_case(std::string_view text) {
  return text.find("\u0130") != std::string_view::npos ||
         text.find("\u03a3") != std::string_view::npos;
}

// Text that is in its form, each character by itself in lower case.
void append_characters(std::string_view text, const TextRules& rules, std::string& out) {
  const auto length = static_cast<std::int32_t>(text.size());
  const std::size_t begin = out.size();
  out.resize(begin + 3 * text.size());  // U+FFFD for a byte that is not UTF-8 has 3
  char* const bytes = out.data() + begin;
  std::int32_t end = 0;
  bool in_white_space = false;
  for (std::int32_t at = 0; at < length;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), at, length, c);
    if (rules.collapse_white_space && is_white_space(c)) {
      in_white_space = true;
      continue;
    }
    if (in_white_space) bytes[end++] = ' ';
    in_white_space = false;
    if (rules.lower_case) c = c < 0x80 ? base::lower_case(static_cast<char>(c)) : u_tolower(c);
    U8_APPEND_UNSAFE(bytes, end, c);
  }
  out.resize(begin + static_cast<std::size_t>(end));
}

void append_ascii(std::string_view text, const TextRules& rules, std::string& out) {
  const auto may_be_white_space = [](char c) { return c <= ' '; };
  if (rules.collapse_white_space && std::ranges::any_of(text, may_be_white_space)) {
    append_characters(text, rules, out);
    return;
  }
  const std::size_t begin = out.size();
  out += text;
  if (!rules.lower_case) return;
  for (std::size_t i = begin; i < out.size(); ++i) out[i] = base::lower_case(out[i]);
}

}  // namespace

std::optional<NormalForm> parse_normal_form(std::string_view name) {
  const auto same = [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 32 : a) == b; };
  for (std::size_t i = 0; i < std::size(kFormNames); ++i) {
    if (std::equal(name.begin(), name.end(), kFormNames[i].begin(), kFormNames[i].end(), same)) {
      return static_cast<NormalForm>(i);
    }
  }
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  const auto length = static_cast<std::int32_t>(text.size());
  std::int32_t begin = 0;
  for (std::int32_t next = 0; next < length; begin = next) {
    UChar32 c = 0;
    U8_NEXT(text.data(), next, length, c);
    if (!is_white_space(c)) break;
  }
  std::int32_t end = length;
  for (std::int32_t previous = length; previous > begin; end = previous) {
    UChar32 c = 0;
    U8_PREV(text.data(), 0, previous, c);
    if (!is_white_space(c)) break;
  }
  return text.substr(begin, end - begin);
}

void normalize_text(std::string_view text, const TextRules& rules, std::string& out) {
  out.clear();
  const std::string_view body = trimmed(text);
  if (is_ascii(body)) {
    append_ascii(body, rules, out);
    return;
  }
  const bool is_formed = is_in_form(body, rules.form);
  if (!rules.lower_case && !rules.collapse_white_space) {
    if (is_formed) {
      out = body;
    } else {
      put_in_form(body, rules.form, out);
    }
    return;
  }
  std::string formed;
  std::string_view rest = body;
  if (!is_formed) {
    put_in_form(body, rules.form, formed);
    rest = formed;
  }
  TextRules each = rules;
  if (rules.lower_case && has_special_lower_case(rest)) {
    rest = formed = in_lower_case(rest);
    each.lower_case = false;
  }
  append_characters(rules.collapse_white_space ? trimmed(rest) : rest, each, out);
}

}  // namespace duck
