#include "extract/dotted_text.h"

#include <algorithm>
#include <string>
#include <vector>

#include "extract/node_rules.h"

namespace extract {
namespace {

bool is_name_byte(char c) {
  const unsigned char byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || byte == '_' || (byte >= '0' && byte <= '9') ||
         ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

bool is_plain_dotted_name(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](char c) { return c == '.' || is_name_byte(c); });
}

std::string_view node_text(SourceText& source, const TSNode& node) {
  return source.text(ts_node_start_byte(node), ts_node_end_byte(node));
}

}  // namespace

std::string_view dotted_name(SourceText& source, std::size_t start, std::size_t end) {
  const std::string_view text = source.text(start, end);
  if (is_plain_dotted_name(text)) return text;
  std::string compact;
  std::ranges::copy_if(text, std::back_inserter(compact),
                       [](char c) { return c == '.' || is_name_byte(c); });
  return source.keep(compact);
}

std::string_view callee_text(SourceText& source, const TSNode& function, std::int64_t arguments) {
  const NodeRules& rules = NodeRules::python();
  std::vector<std::string_view> attributes;  // the last one first
  TSNode node = function;
  for (;;) {
    const Role role = rules.role(ts_node_symbol(node));
    if (role == Role::kAttribute) {
      const TSNode name = ts_node_child_by_field_id(node, rules.fields().attribute);
      if (ts_node_is_null(name)) return {};
      attributes.push_back(node_text(source, name));
      node = ts_node_child_by_field_id(node, rules.fields().object);
    } else if (role == Role::kWrapped && ts_node_named_child_count(node) == 1 &&
               ts_node_start_byte(node) != arguments) {
      node = ts_node_named_child(node, 0);
    } else {
      break;
    }
  }
  const bool on_name = rules.role(ts_node_symbol(node)) == Role::kIdentifier;
  if (attributes.empty()) return on_name ? node_text(source, node) : std::string_view();
  const std::string_view text = node_text(source, function);
  if (on_name && is_plain_dotted_name(text)) return text;

  std::string chain(on_name ? node_text(source, node) : std::string_view());
  for (auto name = attributes.rbegin(); name != attributes.rend(); ++name) {
    chain += '.';
    chain += *name;
  }
  return source.keep(chain);
}

}  // namespace extract
