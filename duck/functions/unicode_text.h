// Unicode forms of UTF-8 text; no DuckDB here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace duck {

enum class NormalForm { kNfc, kNfd, kNfkc, kNfkd };

// "NFC", "NFD", "NFKC" or "NFKD", in any case; nothing for another name.
std::optional<NormalForm> parse_normal_form(std::string_view name);

struct TextRules {
  NormalForm form = NormalForm::kNfkc;
  bool lower_case = true;
  bool collapse_white_space = true;
};

// Without white space (the Unicode property White_Space) at both ends; a part of `text`.
std::string_view trimmed(std::string_view text);

// Replaces `out` by `text` trimmed, then in rules.form, then in lower case (full mappings without
// a language: "ΣΑΣ" gives "σας", "İ" gives "i̇", "ß" stays), then with each run of white space as
// one space and none at the ends. Bytes that are not UTF-8 stay or become U+FFFD.
void normalize_text(std::string_view text, const TextRules& rules, std::string& out);

}  // namespace duck
