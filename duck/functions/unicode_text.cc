#include "duck/functions/unicode_text.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <stdexcept>

namespace duck {
namespace {

constexpr std::string_view kFormNames[] = {"NFC", "NFD", "NFKC", "NFKD"};

bool is_white_space(UChar32 c) {
  if (c <= 0x20) return c == 0x20 || (c >= 0x09 && c <= 0x0d);
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

std::string in_form(std::string_view text, NormalForm form) {
  UErrorCode status = U_ZERO_ERROR;
  std::string result;
  icu::StringByteSink<std::string> sink(&result, static_cast<std::int32_t>(text.size()));
  normalizer(form).normalizeUTF8(0, piece(text), sink, nullptr, status);
  check(status);
  return result;
}

std::string in_lower_case(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  std::string result;
  icu::StringByteSink<std::string> sink(&result, static_cast<std::int32_t>(text.size()));
  icu::CaseMap::utf8ToLower("", 0, piece(text), sink, nullptr, status);
  check(status);
  return result;
}

void append_ascii(std::string_view text, const TextRules& rules, std::string& out) {
  bool in_white_space = false;
  for (char c : text) {
    if (rules.collapse_white_space && is_white_space(c)) {
      in_white_space = true;
      continue;
    }
    if (in_white_space) out += ' ';
    in_white_space = false;
    out += rules.lower_case && c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
}

void append_collapsed(std::string_view text, std::string& out) {
  bool in_white_space = false;
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < length;) {
    const std::int32_t start = at;
    UChar32 c;
    U8_NEXT(text.data(), at, length, c);
    if (is_white_space(c)) {
      in_white_space = true;
      continue;
    }
    if (in_white_space) out += ' ';
    in_white_space = false;
    out.append(text, start, at - start);
  }
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
    UChar32 c;
    U8_NEXT(text.data(), next, length, c);
    if (!is_white_space(c)) break;
  }
  std::int32_t end = length;
  for (std::int32_t previous = length; previous > begin; end = previous) {
    UChar32 c;
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
  out = in_form(body, rules.form);
  if (rules.lower_case) out = in_lower_case(out);
  if (rules.collapse_white_space) {
    const std::string whole = std::move(out);
    out.clear();
    append_collapsed(trimmed(whole), out);
  }
}

}  // namespace duck
