// An expression in Spark's SQL as a tree.
#pragma once

#include <string>
#include <vector>

namespace duck::spark {

enum class NodeKind {
  kNull,
  kBoolean,       // text: "true" or "false"
  kNumber,        // text as written, with a sign when there is one
  kString,        // text
  kTypedLiteral,  // DATE '2024-02-29': name and text
  kColumn,        // path
  kField,         // text: a field of the struct that the operand is
  kCall,          // text: a function or an operator, in lower case
  kCast,          // text: the type's name in lower case, numbers: its parameters
  kCase,          // operands: condition, value, …, and the value of ELSE if their number is odd
};

struct Node {
  NodeKind kind = NodeKind::kNull;
  std::string text = {};
  std::string name = {};
  std::vector<std::string> path = {};
  std::vector<int> numbers = {};
  std::vector<Node> operands = {};
  bool is_double_quoted = false;  // kString
};

}  // namespace duck::spark
