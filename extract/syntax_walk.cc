#include "extract/syntax_walk.h"

#include <string>
#include <utility>

#include "extract/dotted_text.h"

namespace extract {
namespace {

class Cursor {
 public:
  explicit Cursor(const TSNode& root) : cursor_(ts_tree_cursor_new(root)) {}
  ~Cursor() { ts_tree_cursor_delete(&cursor_); }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  TSNode node() const { return ts_tree_cursor_current_node(&cursor_); }
  TSFieldId field() const { return ts_tree_cursor_current_field_id(&cursor_); }
  bool to_first_child() { return ts_tree_cursor_goto_first_child(&cursor_); }
  bool to_next_sibling() { return ts_tree_cursor_goto_next_sibling(&cursor_); }
  void to_parent() { ts_tree_cursor_goto_parent(&cursor_); }

 private:
  TSTreeCursor cursor_;
};

}  // namespace

SyntaxWalk::SyntaxWalk(FactBatch& batch, std::size_t flush_rows, std::function<void()> flush)
    : batch_(batch), flush_rows_(flush_rows), flush_(std::move(flush)) {}

void SyntaxWalk::add_facts(SourceText& source, const TSTree& tree) {
  const TSNode root = ts_tree_root_node(&tree);
  source_ = &source;
  has_errors_ = ts_node_has_error(root);
  next_node_id_ = 0;
  type_arguments_ = -1;
  frames_.clear();

  Cursor cursor(root);
  frames_.push_back(enter(root, 0));
  if (!cursor.to_first_child()) return;
  for (;;) {
    const TSNode node = cursor.node();
    if (ts_node_is_named(node)) {
      Frame frame = enter(node, may_be_in_field(node) ? cursor.field() : 0);
      if (cursor.to_first_child()) {
        frames_.push_back(frame);
        continue;
      }
    } else if (has_errors_ && ts_node_is_missing(node)) {
      add_error(node, frames_.back().node_id);
    }
    while (!cursor.to_next_sibling()) {
      cursor.to_parent();
      frames_.pop_back();
      if (frames_.empty()) return;
    }
  }
}

bool SyntaxWalk::may_be_in_field(const TSNode& node) const {
  const Frame& parent = frames_.back();
  if (parent.role == Role::kBlock) return rules_.role(ts_node_symbol(node)) == Role::kCaseClause;
  return rules_.has_fields(parent.symbol);
}

SyntaxWalk::Frame SyntaxWalk::enter(const TSNode& node, TSFieldId field) {
  const TSSymbol symbol = ts_node_symbol(node);
  const Child child = {.node = node,
                       .symbol = symbol,
                       .field = field,
                       .role = rules_.role(symbol),
                       .node_id = next_node_id_++,
                       .bstart = ts_node_start_byte(node),
                       .bend = ts_node_end_byte(node)};
  add_node(child);
  if (has_errors_ && (ts_node_is_error(node) || ts_node_is_missing(node))) {
    add_error(node, child.node_id);
  }
  Frame frame = {.node_id = child.node_id,
                 .bstart = child.bstart,
                 .bend = child.bend,
                 .symbol = symbol,
                 .role = child.role};
  if (frames_.empty()) return frame;

  Frame& parent = frames_.back();
  if (child.role != Role::kComment) ++parent.children;
  frame.context = context_of(parent, child);
  add_facts_of(parent, child, frame.context);
  frame.scope = parent.scope;
  frame.qname = parent.qname;
  frame.import_from = child.role == Role::kImportFuture ? "__future__" : parent.import_from;
  return frame;
}

void SyntaxWalk::add_node(const Child& child) {
  NodeRows& rows = batch_.nodes;
  const bool is_root = frames_.empty();
  rows.path.push_back(batch_.path_code());
  rows.node_id.push_back(child.node_id);
  if (is_root) {
    rows.parent_id.push_null();
  } else {
    rows.parent_id.push_back(frames_.back().node_id);
  }
  rows.kind.push_back(rules_.kind(child.symbol));
  rows.field_name.push_back(child.field);
  rows.bstart.push_back(child.bstart);
  rows.bend.push_back(child.bend);
  rows.depth.push_back(static_cast<std::int64_t>(frames_.size()));
  if (rows.node_id.size() >= flush_rows_) flush_();
}

void SyntaxWalk::add_error(const TSNode& node, std::int64_t node_id) {
  ErrorRows& rows = batch_.errors;
  rows.path.push_back(batch_.path_code());
  rows.node_id.push_back(node_id);
  rows.bstart.push_back(ts_node_start_byte(node));
  rows.bend.push_back(ts_node_end_byte(node));
}

Context SyntaxWalk::context_of(const Frame& parent, const Child& child) const {
  Context context = rules_.child_context(parent.symbol, child.field);
  if (context == Context::kInherit) context = parent.context;
  const bool is_first = parent.children == 1;
  switch (parent.role) {
    case Role::kDottedName:
      if (!is_first) return Context::kNone;
      break;
    case Role::kClassPattern:
      if (child.role == Role::kDottedName) return Context::kLoad;
      break;
    case Role::kKeywordPattern:
    case Role::kMemberType:
      if (child.role == Role::kIdentifier) return Context::kNone;
      break;
    case Role::kConstrainedType:
      if (!is_first) return Context::kLoad;
      break;
    case Role::kTypeAlias:
      if (child.field == rules_.fields().left && !names_alias(child)) return Context::kLoad;
      break;
    default:
      break;
  }
  const bool is_dotted_value = child.role == Role::kDottedName && context == Context::kStore &&
                               ts_node_named_child_count(child.node) > 1;
  return is_dotted_value ? Context::kLoad : context;
}

bool SyntaxWalk::names_alias(const Child& target) const {
  const std::string_view bytes = source_->bytes();
  const auto start = static_cast<std::size_t>(target.bstart);
  return start >= bytes.size() || (bytes[start] != '(' && bytes[start] != '[');
}

void SyntaxWalk::add_facts_of(Frame& parent, const Child& child, Context context) {
  switch (parent.role) {
    case Role::kFunction:
    case Role::kClass:
      if (child.field == rules_.fields().name) add_definition(parent, child);
      break;
    case Role::kCall:
      if (child.field == rules_.fields().function) add_call(parent, child);
      break;
    case Role::kImport:
    case Role::kImportFrom:
    case Role::kImportFuture:
    case Role::kAliasedImport:
      add_import_part(parent, child);
      break;
    case Role::kGlobal:
    case Role::kNonlocal:
      if (child.role == Role::kIdentifier) add_scope_declaration(parent, child);
      break;
    case Role::kTypeAlias:
      if (child.field == rules_.fields().left && !names_alias(child)) {
        add_type_expression(parent, child);
      }
      break;
    default:
      break;
  }
  if (child.role == Role::kIdentifier && context != Context::kNone) {
    add_reference(child, context);
  }
}

void SyntaxWalk::add_definition(Frame& definition, const Child& name) {
  if (name.bstart == name.bend) return;  // the parser put in a name that is missing
  const bool is_class = definition.role == Role::kClass;
  const std::string_view text = source_->text(name.bstart, name.bend);
  std::string_view qname = text;
  if (!definition.qname.empty()) {
    qname = source_->keep(std::string(definition.qname).append(1, '.').append(text));
  }
  const DefinitionKind kind = is_class                            ? DefinitionKind::kClass
                              : definition.scope == Scope::kClass ? DefinitionKind::kMethod
                                                                  : DefinitionKind::kFunction;
  DefinitionRows& rows = batch_.definitions;
  rows.path.push_back(batch_.path_code());
  rows.node_id.push_back(definition.node_id);
  rows.name.push_back(text);
  rows.qname.push_back(qname);
  rows.def_kind.push_back(static_cast<std::uint32_t>(kind));
  rows.bstart.push_back(definition.bstart);
  rows.bend.push_back(definition.bend);
  definition.qname = qname;
  definition.scope = is_class ? Scope::kClass : Scope::kFunction;
}

void SyntaxWalk::add_call(const Frame& call, const Child& function) {
  CallRows& rows = batch_.calls;
  rows.path.push_back(batch_.path_code());
  rows.node_id.push_back(call.node_id);
  rows.callee.push_back(callee_text(*source_, function.node, type_arguments_));
  rows.bstart.push_back(call.bstart);
  rows.bend.push_back(call.bend);
}

void SyntaxWalk::add_reference(const Child& identifier, Context context) {
  if (identifier.bstart == identifier.bend) return;
  ReferenceRows& rows = batch_.references;
  rows.path.push_back(batch_.path_code());
  rows.node_id.push_back(identifier.node_id);
  rows.name.push_back(source_->text(identifier.bstart, identifier.bend));
  rows.ctx.push_back(static_cast<std::uint32_t>(context));
  rows.bstart.push_back(identifier.bstart);
  rows.bend.push_back(identifier.bend);
}

void SyntaxWalk::add_scope_declaration(const Frame& statement, const Child& name) {
  if (name.bstart == name.bend) return;
  ScopeDeclarationRows& rows = batch_.scope_declarations;
  rows.path.push_back(batch_.path_code());
  rows.node_id.push_back(name.node_id);
  rows.name.push_back(source_->text(name.bstart, name.bend));
  const DeclarationKind kind =
      statement.role == Role::kGlobal ? DeclarationKind::kGlobal : DeclarationKind::kNonlocal;
  rows.decl_kind.push_back(static_cast<std::uint32_t>(kind));
  rows.bstart.push_back(name.bstart);
  rows.bend.push_back(name.bend);
}

void SyntaxWalk::add_type_expression(const Frame& statement, const Child& target) {
  constexpr std::string_view kName = "type";
  const auto start = static_cast<std::size_t>(statement.bstart);
  if (source_->bytes().substr(start, kName.size()) != kName) return;  // put in by the parser
  ReferenceRows& references = batch_.references;
  references.path.push_back(batch_.path_code());
  references.node_id.push_back(target.node_id);
  references.name.push_back(kName);
  references.ctx.push_back(static_cast<std::uint32_t>(Context::kLoad));
  references.bstart.push_back(statement.bstart);
  references.bend.push_back(statement.bstart + static_cast<std::int64_t>(kName.size()));
  if (source_->bytes()[static_cast<std::size_t>(target.bstart)] != '(') return;
  type_arguments_ = target.bstart;

  // The innermost node that starts at the parenthesis holds the arguments. First children follow
  // their parents in preorder.
  TSNode arguments = target.node;
  std::int64_t node_id = target.node_id;
  for (;;) {
    const TSNode first = ts_node_named_child(arguments, 0);
    if (ts_node_is_null(first) || ts_node_start_byte(first) != target.bstart) break;
    arguments = first;
    ++node_id;
  }
  CallRows& calls = batch_.calls;
  calls.path.push_back(batch_.path_code());
  calls.node_id.push_back(node_id);
  calls.callee.push_back(kName);
  calls.bstart.push_back(statement.bstart);
  calls.bend.push_back(ts_node_end_byte(arguments));
}

void SyntaxWalk::add_import_part(Frame& parent, const Child& child) {
  if (child.role == Role::kWildcardImport) {
    add_import(parent, child.node_id, child.bstart, child.bend, "*", {});
    return;
  }
  const FieldIds& fields = rules_.fields();
  if (child.field != fields.name && child.field != fields.alias &&
      child.field != fields.module_name) {
    return;
  }
  if (child.role == Role::kAliasedImport) return;  // its own parts follow
  const std::string_view text = dotted_name(*source_, child.bstart, child.bend);
  if (child.field == fields.module_name) {
    parent.import_from = text;
  } else if (parent.role != Role::kAliasedImport) {
    add_import(parent, child.node_id, child.bstart, child.bend, text, {});
  } else if (child.field == fields.name) {
    parent.import_name = text;
  } else {
    add_import(parent, parent.node_id, parent.bstart, parent.bend, parent.import_name, text);
  }
}

void SyntaxWalk::add_import(const Frame& statement, std::int64_t node_id, std::int64_t bstart,
                            std::int64_t bend, std::string_view name, std::string_view alias) {
  const bool is_plain = statement.import_from.data() == nullptr;
  ImportRows& rows = batch_.imports;
  rows.path.push_back(batch_.path_code());
  rows.node_id.push_back(node_id);
  rows.module.push_back(is_plain ? name : statement.import_from);
  rows.name.push_back(is_plain ? std::string_view() : name);
  rows.alias.push_back(alias);
  rows.bstart.push_back(bstart);
  rows.bend.push_back(bend);
}

}  // namespace extract
