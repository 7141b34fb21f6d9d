#include "extract/node_rules.h"

#include <algorithm>
#include <array>

#include "extract/python_parser.h"

namespace extract {
namespace {

struct KindRule {
  struct FieldContext {
    std::string_view field;
    Context context;
  };

  std::string_view kind;
  Role role = Role::kOther;
  // For children in no field of `fields`. Kinds without a rule give kLoad.
  Context children = Context::kLoad;
  std::array<FieldContext, 2> fields = {};
};

constexpr Context kInherit = Context::kInherit;
constexpr Context kLoad = Context::kLoad;
constexpr Context kStore = Context::kStore;
constexpr Context kNone = Context::kNone;

constexpr KindRule kRules[] = {
    {"identifier", Role::kIdentifier},
    {"comment", Role::kComment},
    {"block", Role::kBlock},

    {"function_definition",
     Role::kFunction,
     kLoad,
     {{{"name", kNone}, {"type_parameters", kStore}}}},
    {"class_definition", Role::kClass, kLoad, {{{"name", kNone}, {"type_parameters", kStore}}}},
    {"parameters", Role::kOther, kStore},
    {"lambda_parameters", Role::kOther, kStore},
    {"default_parameter", Role::kOther, kInherit, {{{"value", kLoad}}}},
    {"typed_parameter", Role::kOther, kInherit, {{{"type", kLoad}}}},
    {"typed_default_parameter", Role::kOther, kInherit, {{{"value", kLoad}, {"type", kLoad}}}},

    {"call", Role::kCall},
    {"attribute", Role::kAttribute, kLoad, {{{"attribute", kNone}}}},
    {"keyword_argument", Role::kOther, kLoad, {{{"name", kNone}}}},

    {"assignment", Role::kOther, kLoad, {{{"left", kStore}}}},
    {"augmented_assignment", Role::kOther, kLoad, {{{"left", kStore}}}},
    {"named_expression", Role::kOther, kLoad, {{{"name", kStore}}}},
    {"for_statement", Role::kOther, kLoad, {{{"left", kStore}}}},
    {"for_in_clause", Role::kOther, kLoad, {{{"left", kStore}}}},
    {"except_clause", Role::kOther, kLoad, {{{"alias", kStore}}}},
    {"type_alias_statement", Role::kTypeAlias, kLoad, {{{"left", kStore}}}},
    {"delete_statement", Role::kOther, Context::kDel},
    {"global_statement", Role::kGlobal, kNone},
    {"nonlocal_statement", Role::kNonlocal, kNone},

    // What a target or a deleted expression may be made of.
    {"as_pattern", Role::kOther, kInherit, {{{"alias", kStore}}}},
    {"as_pattern_target", Role::kOther, kInherit},
    {"pattern_list", Role::kOther, kInherit},
    {"tuple_pattern", Role::kOther, kInherit},
    {"list_pattern", Role::kOther, kInherit},
    {"list_splat_pattern", Role::kOther, kInherit},
    {"dictionary_splat_pattern", Role::kOther, kInherit},
    {"expression_list", Role::kOther, kInherit},
    {"tuple", Role::kOther, kInherit},
    {"list", Role::kOther, kInherit},
    {"list_splat", Role::kWrapped, kInherit},
    {"parenthesized_expression", Role::kWrapped, kInherit},
    {"ERROR", Role::kOther, kInherit},

    // match: a bare name captures, a dotted one is a value, a class is looked up.
    {"case_clause", Role::kCaseClause},
    {"case_pattern", Role::kOther, kStore},
    {"union_pattern", Role::kOther, kStore},
    {"splat_pattern", Role::kOther, kStore},
    {"dict_pattern", Role::kOther, kStore, {{{"key", kLoad}}}},
    {"keyword_pattern", Role::kKeywordPattern, kStore},
    {"class_pattern", Role::kClassPattern, kStore},
    {"dotted_name", Role::kDottedName, kInherit},

    // Types: an annotation is loaded, a type parameter is stored.
    {"type", Role::kOther, kInherit},
    {"generic_type", Role::kOther, kInherit},
    {"type_parameter", Role::kOther, kInherit},
    {"splat_type", Role::kOther, kInherit},
    {"union_type", Role::kOther, kInherit},
    {"constrained_type", Role::kConstrainedType, kInherit},
    {"member_type", Role::kMemberType, kInherit},

    {"import_statement", Role::kImport, kNone},
    {"import_from_statement", Role::kImportFrom, kNone},
    {"future_import_statement", Role::kImportFuture, kNone},
    {"aliased_import", Role::kAliasedImport, kNone},
    {"wildcard_import", Role::kWildcardImport, kNone},
    {"relative_import", Role::kRelativeImport, kNone},
};

// Kinds that repeat their children and give them no fields.
constexpr std::string_view kKindsWithoutFields[] = {
    "argument_list",
    "concatenated_string",
    "dictionary",
    "expression_list",
    "lambda_parameters",
    "list",
    "list_pattern",
    "module",
    "parameters",
    "pattern_list",
    "set",
    "string",
    "string_content",
    "tuple",
    "tuple_pattern",
    "union_pattern",
};

const KindRule* find_rule(std::string_view kind) {
  for (const KindRule& rule : kRules) {
    if (rule.kind == kind) return &rule;
  }
  return nullptr;
}

TSFieldId field_id(const TSLanguage* language, std::string_view name) {
  return ts_language_field_id_for_name(language, name.data(),
                                       static_cast<std::uint32_t>(name.size()));
}

}  // namespace

const NodeRules& NodeRules::python() {
  static const NodeRules rules(python_language());
  return rules;
}

NodeRules::NodeRules(const TSLanguage* language)
    : fields_{.name = field_id(language, "name"),
              .alias = field_id(language, "alias"),
              .module_name = field_id(language, "module_name"),
              .function = field_id(language, "function"),
              .object = field_id(language, "object"),
              .attribute = field_id(language, "attribute"),
              .left = field_id(language, "left")} {
  const std::uint32_t symbol_count = ts_language_symbol_count(language);
  const std::uint32_t field_count = ts_language_field_count(language);
  field_names_.emplace_back();
  for (std::uint32_t field = 1; field <= field_count; ++field) {
    field_names_.emplace_back(
        ts_language_field_name_for_id(language, static_cast<TSFieldId>(field)));
  }
  for (std::uint32_t symbol = 0; symbol <= symbol_count; ++symbol) {
    const bool named =
        symbol == symbol_count ||
        ts_language_symbol_type(language, static_cast<TSSymbol>(symbol)) == TSSymbolTypeRegular;
    kinds_.emplace_back(symbol == symbol_count
                            ? "ERROR"
                            : ts_language_symbol_name(language, static_cast<TSSymbol>(symbol)));
    const KindRule* rule = named ? find_rule(kinds_.back()) : nullptr;
    const std::size_t row = child_contexts_.size();
    has_fields_.push_back(std::ranges::find(kKindsWithoutFields, kinds_.back()) ==
                          std::ranges::end(kKindsWithoutFields));
    roles_.push_back(rule == nullptr ? Role::kOther : rule->role);
    child_contexts_.resize(row + field_names_.size(), rule == nullptr ? kLoad : rule->children);
    if (rule == nullptr) continue;
    for (const auto& [field, context] : rule->fields) {
      if (!field.empty()) child_contexts_[row + field_id(language, field)] = context;
    }
  }
}

}  // namespace extract
