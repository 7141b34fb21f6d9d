#include "engine/compiler/graph_dot.h"

#include <algorithm>

#include "engine/spec/json_document.h"

namespace engine {

std::string graph_dot(const Spec& spec, const CompiledSpec& compiled) {
  std::string dot = "digraph run {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n";
  const auto node = [&](const std::string& name, const std::string& attributes) {
    dot += "  " + in_quotes(name) + " [" + attributes + "];\n";
  };
  for (const auto& [task, reads] : compiled.dependency_map) {
    const auto view = std::ranges::find(compiled.views, task, &CompiledView::name);
    if (spec.find_input(task) != nullptr) {
      node(task, "shape=cylinder");
    } else if (view == compiled.views.end()) {
      node(task, "shape=folder");
    } else {
      const auto& definition = *spec.find_view(task);
      node(task, "shape=box, label=" + in_quotes(task + "\n" + kind_of(definition.transform)) +
                     (view->shared ? ", peripheries=2" : ""));
    }
  }
  for (const auto& [task, reads] : compiled.dependency_map) {
    for (const auto& read : reads) dot += "  " + in_quotes(read) + " -> " + in_quotes(task) + ";\n";
  }
  return dot + "}\n";
}

}  // namespace engine
