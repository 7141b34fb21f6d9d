// Dotted names as source text spells them.
#pragma once

#include <tree_sitter/api.h>

#include <cstdint>
#include <string_view>

#include "extract/source_text.h"

namespace extract {

// The bytes [start, end) of a dotted name (`a.b`, `..a`) without white space and line
// continuations.
std::string_view dotted_name(SourceText& source, std::size_t start, std::size_t end);

// What the called expression `function` is named: `a` or `a.b.c` for a name or a chain of
// attributes on a name; `.b.c` for one on anything else; a view with a null data() otherwise.
// What is in parentheses at byte `arguments` is anything else: the arguments of another call.
std::string_view callee_text(SourceText& source, const TSNode& function, std::int64_t arguments);

}  // namespace extract
