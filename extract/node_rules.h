// What each kind of node of the Python grammar means for the facts.
#pragma once

#include <tree_sitter/api.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace extract {

// What an expression below a node is there for, as in Python's ast.expr_context.
enum class Context : std::uint8_t {
  kInherit,  // the same as the node's own
  kLoad,
  kStore,
  kDel,
  kNone,  // its identifiers stand for no variable: an attribute, a keyword, an imported name
};

// The kinds of node that facts are made from.
enum class Role : std::uint8_t {
  kOther,
  kIdentifier,
  kFunction,
  kClass,
  kCall,
  kAttribute,
  kWrapped,       // (a), and *a, which the grammar sometimes takes for what is called in *a()
  kImport,        // import a
  kImportFrom,    // from a import b
  kImportFuture,  // from __future__ import b
  kAliasedImport,
  kWildcardImport,
  kGlobal,     // global a
  kNonlocal,   // nonlocal a
  kTypeAlias,  // type a = b
  kDottedName,
  kRelativeImport,
  kKeywordPattern,
  kClassPattern,
  kMemberType,
  kConstrainedType,
  kBlock,
  kCaseClause,
  kComment,
};

// The fields of the grammar that extraction looks at, by id.
struct FieldIds {
  TSFieldId name, alias, module_name, function, object, attribute, left;
};

// Tables over the grammar's symbol and field ids, so that no text is compared for a node.
// Immutable: may be used from many threads.
class NodeRules {
 public:
  static const NodeRules& python();

  Role role(TSSymbol symbol) const { return roles_[index(symbol)]; }
  // Whether children of such a node can be in a field. Looking it up climbs through the grammar's
  // hidden repetitions, which a long list has very many of.
  bool has_fields(TSSymbol symbol) const { return has_fields_[index(symbol)]; }
  // The context that a node of kind `parent` gives its child in `field` (0: none).
  Context child_context(TSSymbol parent, TSFieldId field) const {
    return child_contexts_[index(parent) * field_names_.size() + field];
  }
  // The kinds' names, and the place of a symbol's kind among them.
  std::span<const std::string_view> kinds() const { return kinds_; }
  std::uint32_t kind(TSSymbol symbol) const { return static_cast<std::uint32_t>(index(symbol)); }
  // The fields' names by id; field 0, which is none, has a view with a null data().
  std::span<const std::string_view> field_names() const { return field_names_; }
  const FieldIds& fields() const { return fields_; }

 private:
  explicit NodeRules(const TSLanguage* language);

  // The symbol of ERROR nodes is the greatest number there is; it gets the last row.
  std::size_t index(TSSymbol symbol) const {
    return symbol < kinds_.size() ? symbol : kinds_.size() - 1;
  }

  std::vector<std::string_view> kinds_;
  std::vector<std::string_view> field_names_;
  std::vector<Role> roles_;
  std::vector<bool> has_fields_;
  std::vector<Context> child_contexts_;
  FieldIds fields_;
};

}  // namespace extract
