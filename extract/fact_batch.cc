#include "extract/fact_batch.h"

#include <array>
#include <utility>

#include "extract/node_rules.h"

namespace extract {
namespace {

constexpr std::array<std::string_view, 3> kDefinitionKinds = {"function", "class", "method"};
constexpr std::array<std::string_view, 2> kDeclarationKinds = {"global", "nonlocal"};
constexpr std::array<std::string_view, 4> kContexts = {"", "load", "store", "del"};
static_assert(static_cast<int>(Context::kDel) == 3);

}  // namespace

FactBatch::FactBatch() {
  nodes.kind.texts = NodeRules::python().kinds();
  nodes.field_name.texts = NodeRules::python().field_names();
  definitions.def_kind.texts = kDefinitionKinds;
  references.ctx.texts = kContexts;
  scope_declarations.decl_kind.texts = kDeclarationKinds;
}

SourceText& FactBatch::add_source(std::string path, SourceContent content) {
  sources_.push_back(std::make_unique<SourceText>(std::move(path), std::move(content)));
  paths_.push_back(sources_.back()->path());
  set_paths();
  return *sources_.back();
}

void FactBatch::clear_rows() {
  const auto clear = [](auto&... columns) { (columns.clear(), ...); };
  std::apply([&](auto&... rows) { (std::apply(clear, rows.columns()), ...); }, tables());
}

void FactBatch::clear_sources() {
  sources_.clear();
  paths_.clear();
  set_paths();
}

void FactBatch::set_paths() {
  std::apply([&](auto&... rows) { ((rows.path.texts = paths_), ...); }, tables());
}

}  // namespace extract
