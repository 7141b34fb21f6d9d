// Turning a syntax tree into facts.
#pragma once

#include <tree_sitter/api.h>

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "extract/fact_batch.h"
#include "extract/node_rules.h"
#include "extract/source_text.h"

namespace extract {

// Adds the rows of syntax trees to a batch. docs/extraction.md says what a row means. Walks
// without recursion, so that no depth of nesting can exhaust the stack. One object serves one
// thread, file after file.
class SyntaxWalk {
 public:
  // `flush` is called whenever the batch holds `flush_rows` nodes and must clear its rows; the
  // source of the file at work must stay.
  SyntaxWalk(FactBatch& batch, std::size_t flush_rows, std::function<void()> flush);

  // `source` must live until the rows have been used. May be ended by an exception from `flush`.
  void add_facts(SourceText& source, const TSTree& tree);

 private:
  enum class Scope : std::uint8_t { kModule, kClass, kFunction };

  // A named node on the way from the root to the node at work.
  struct Frame {
    std::int64_t node_id = 0;
    std::int64_t bstart = 0;
    std::int64_t bend = 0;
    TSSymbol symbol = 0;
    Role role = Role::kOther;
    Context context = Context::kLoad;
    Scope scope = Scope::kModule;       // the innermost definition around the node's children
    std::int32_t children = 0;          // named ones met so far, comments left out
    std::string_view qname = {};        // of that definition
    std::string_view import_from = {};  // the module, below `from module import`
    std::string_view import_name = {};  // the name before `as`, below an aliased import
  };

  struct Child {
    TSNode node;
    TSSymbol symbol;
    TSFieldId field;
    Role role;
    std::int64_t node_id;
    std::int64_t bstart, bend;
  };

  // Whether asking the cursor for the node's field can give one.
  bool may_be_in_field(const TSNode& node) const;
  // Adds the facts of a node and gives the frame for its children.
  Frame enter(const TSNode& node, TSFieldId field);
  void add_node(const Child& child);
  void add_error(const TSNode& node, std::int64_t node_id);
  Context context_of(const Frame& parent, const Child& child) const;

  // Whether what `type` is followed by in a type alias statement is the alias's name. The grammar
  // also takes `type(x).a = 1` and `type[x] = 1` for such statements.
  bool names_alias(const Child& target) const;

  // Adds the rows that `child` completes.
  void add_facts_of(Frame& parent, const Child& child, Context context);
  void add_definition(Frame& definition, const Child& name);
  void add_call(const Frame& call, const Child& function);
  void add_reference(const Child& identifier, Context context);
  void add_scope_declaration(const Frame& statement, const Child& name);
  // The name `type`, and its call, in a statement that is no type alias. Their rows have the ids
  // of `target` and of the node that holds the arguments.
  void add_type_expression(const Frame& statement, const Child& target);
  void add_import_part(Frame& parent, const Child& child);
  void add_import(const Frame& statement, std::int64_t node_id, std::int64_t bstart,
                  std::int64_t bend, std::string_view name, std::string_view alias);

  FactBatch& batch_;
  std::size_t flush_rows_;
  std::function<void()> flush_;
  const NodeRules& rules_ = NodeRules::python();
  std::vector<Frame> frames_;

  SourceText* source_ = nullptr;
  bool has_errors_ = false;
  std::int64_t next_node_id_ = 0;
  std::int64_t type_arguments_ = -1;  // where those of the last `type(x).a = 1` start
};

}  // namespace extract
