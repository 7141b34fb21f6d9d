// Look-ups in a spec: what is named how, and what reads what.
#include <algorithm>

#include "engine/spec/spec.h"
#include "engine/spec/spec_fields.h"

namespace engine {

std::vector<std::string> sources_of(const Transform& transform) {
  return std::visit(
      [](const auto& kind) -> std::vector<std::string> {
        if constexpr (requires { kind.sources; }) {
          return kind.sources;
        } else if constexpr (requires { kind.left; }) {
          return {kind.left, kind.right};
        } else {
          return {kind.source};
        }
      },
      transform);
}

std::string kind_of(const Transform& transform) {
  return std::string(kTransformKinds[transform.index()]);
}

const InputRelation* Spec::find_input(const std::string& name) const {
  const auto found = std::ranges::find(input_relations, name, &InputRelation::logical_name);
  return found == input_relations.end() ? nullptr : &*found;
}

const ViewDefinition* Spec::find_view(const std::string& name) const {
  const auto found = std::ranges::find(view_definitions, name, &ViewDefinition::name);
  return found == view_definitions.end() ? nullptr : &*found;
}

}  // namespace engine
