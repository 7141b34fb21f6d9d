#include <algorithm>
#include <map>
#include <set>

#include "engine/spec/invalid_spec.h"
#include "engine/spec/json_document.h"
#include "engine/spec/spec.h"

namespace engine {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& name,
                         const std::string& message) {
  throw_invalid_spec(path, message, {{"name", name}});
}

std::string indexed(const std::string& list, std::size_t index) {
  return "$." + list + "[" + std::to_string(index) + "]";
}

// C0, DEL and C1, as UTF-8.
bool has_control_character(std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte != 0xc2 || i + 1 == name.size()) continue;
    const auto next = static_cast<unsigned char>(name[i + 1]);
    if (next >= 0x80 && next < 0xa0) return true;
  }
  return false;
}

void check_name(const std::string& path, const std::string& what, const std::string& name) {
  if (name.empty()) refuse(path, name, "the name of " + what + " is empty");
  if (!has_control_character(name)) return;
  refuse(path, name, "the name of " + what + ", " + in_quotes(name) + ", has a control character");
}

class Validator {
 public:
  explicit Validator(const Spec& spec) : spec_(spec) {}

  void run() {
    check_names();
    check_relation_names();
    check_dependencies();
    check_sources();
    check_output_names();
    check_output_views();
    check_cycles();
  }

 private:
  void check_names() const {
    for (std::size_t i = 0; i < spec_.input_relations.size(); ++i) {
      check_name(indexed("input_relations", i) + ".logical_name", "an input",
                 spec_.input_relations[i].logical_name);
    }
    for (std::size_t i = 0; i < spec_.view_definitions.size(); ++i) {
      check_name(indexed("view_definitions", i) + ".name", "a view",
                 spec_.view_definitions[i].name);
    }
    for (std::size_t i = 0; i < spec_.output_targets.size(); ++i) {
      check_name(indexed("output_targets", i) + ".table_name", "an output",
                 spec_.output_targets[i].table_name);
    }
  }

  void check_relation_names() {
    for (std::size_t i = 0; i < spec_.input_relations.size(); ++i) {
      const auto& name = spec_.input_relations[i].logical_name;
      if (!inputs_.insert(name).second) {
        refuse(indexed("input_relations", i) + ".logical_name", name,
               "there are two inputs named " + in_quotes(name));
      }
    }
    for (std::size_t i = 0; i < spec_.view_definitions.size(); ++i) {
      const auto& name = spec_.view_definitions[i].name;
      const auto path = indexed("view_definitions", i) + ".name";
      if (inputs_.contains(name)) {
        refuse(path, name, "a view and an input are both named " + in_quotes(name));
      }
      if (!views_.emplace(name, i).second) {
        refuse(path, name, "there are two views named " + in_quotes(name));
      }
    }
  }

  void check_dependencies() {
    for (std::size_t i = 0; i < spec_.view_definitions.size(); ++i) {
      const auto& view = spec_.view_definitions[i];
      for (std::size_t j = 0; j < view.view_dependencies.size(); ++j) {
        const auto& name = view.view_dependencies[j];
        if (views_.contains(name)) continue;
        refuse(indexed("view_definitions", i) + ".view_dependencies[" + std::to_string(j) + "]",
               name,
               "view " + in_quotes(view.name) + " depends on " + in_quotes(name) +
                   (inputs_.contains(name) ? ", which is an input, not a view"
                                           : ", but there is no such view"));
      }
    }
  }

  void check_sources() {
    for (std::size_t i = 0; i < spec_.view_definitions.size(); ++i) {
      const auto& view = spec_.view_definitions[i];
      const auto sources = sources_of(view.transform);
      for (std::size_t j = 0; j < sources.size(); ++j) {
        if (views_.contains(sources[j]) || inputs_.contains(sources[j])) continue;
        refuse(indexed("view_definitions", i) + ".transform." + source_field(view.transform, j),
               sources[j],
               "view " + in_quotes(view.name) + " reads " + in_quotes(sources[j]) +
                   ", which is neither a view nor an input");
      }
    }
  }

  static std::string source_field(const Transform& transform, std::size_t index) {
    if (std::holds_alternative<Relate>(transform)) return index == 0 ? "left" : "right";
    if (std::holds_alternative<Union>(transform) || std::holds_alternative<CpgEmit>(transform)) {
      return "sources[" + std::to_string(index) + "]";
    }
    return "source";
  }

  void check_output_names() {
    std::set<std::string> names;
    for (std::size_t i = 0; i < spec_.output_targets.size(); ++i) {
      const auto& name = spec_.output_targets[i].table_name;
      if (!names.insert(name).second) {
        refuse(indexed("output_targets", i) + ".table_name", name,
               "there are two outputs named " + in_quotes(name));
      }
    }
  }

  void check_output_views() {
    for (std::size_t i = 0; i < spec_.output_targets.size(); ++i) {
      const auto& output = spec_.output_targets[i];
      if (views_.contains(output.source_view)) continue;
      refuse(indexed("output_targets", i) + ".source_view", output.source_view,
             "output " + in_quotes(output.table_name) + " is to be written from " +
                 in_quotes(output.source_view) +
                 (inputs_.contains(output.source_view) ? ", which is an input, not a view"
                                                       : ", but there is no such view"));
    }
  }

  // Views that `index` reads or depends on, each once, in the spec's order.
  std::vector<std::size_t> successors(std::size_t index) const {
    const auto& view = spec_.view_definitions[index];
    auto names = sources_of(view.transform);
    names.insert(names.end(), view.view_dependencies.begin(), view.view_dependencies.end());
    std::vector<std::size_t> result;
    for (const auto& name : names) {
      const auto found = views_.find(name);
      if (found != views_.end() && std::ranges::find(result, found->second) == result.end()) {
        result.push_back(found->second);
      }
    }
    return result;
  }

  // A depth-first walk with its own stack: a chain of views may be as long as it likes.
  void check_cycles() {
    enum class Mark { kNew, kOpen, kDone };
    std::vector<Mark> marks(spec_.view_definitions.size(), Mark::kNew);
    struct Step {
      std::size_t view;
      std::vector<std::size_t> successors;
      std::size_t next = 0;
    };
    for (std::size_t root = 0; root < marks.size(); ++root) {
      if (marks[root] != Mark::kNew) continue;
      std::vector<Step> trail;
      marks[root] = Mark::kOpen;
      trail.push_back({root, successors(root)});
      while (!trail.empty()) {
        auto& step = trail.back();
        if (step.next == step.successors.size()) {
          marks[step.view] = Mark::kDone;
          trail.pop_back();
          continue;
        }
        const auto next = step.successors[step.next++];
        if (marks[next] == Mark::kOpen) {
          std::vector<std::size_t> cycle;
          for (const auto& open : trail) cycle.push_back(open.view);
          cycle.erase(cycle.begin(), std::ranges::find(cycle, next));
          refuse_cycle(cycle);
        }
        if (marks[next] == Mark::kNew) {
          marks[next] = Mark::kOpen;
          trail.push_back({next, successors(next)});
        }
      }
    }
  }

  // Named from the view that the spec defines first, so that the message does not depend on where
  // the walk began.
  [[noreturn]] void refuse_cycle(std::vector<std::size_t> cycle) const {
    std::ranges::rotate(cycle, std::ranges::min_element(cycle));
    std::string names;
    for (const auto view : cycle) names += spec_.view_definitions[view].name + " → ";
    names += spec_.view_definitions[cycle.front()].name;
    refuse(indexed("view_definitions", cycle.front()), spec_.view_definitions[cycle.front()].name,
           "views depend on each other: " + names);
  }

  const Spec& spec_;
  std::set<std::string> inputs_;
  std::map<std::string, std::size_t> views_;
};

}  // namespace

void validate_spec(const Spec& spec) { Validator(spec).run(); }

}  // namespace engine
