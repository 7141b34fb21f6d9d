#include "engine/compiler/query_assembly.h"

#include <algorithm>

#include "base/ascii.h"
#include "engine/compiler/lowering.h"

namespace engine {
namespace {

// The order of rows matters where they are written, not to those that read them.
PlanPtr without_order(const PlanPtr& plan) {
  const auto* sort = std::get_if<SortNode>(&plan->node);
  return sort == nullptr ? plan : sort->input;
}

// The plan of a view that is collected and sorted by its keys, such that it sorts its input
// instead; null for any other. That is for rows that go straight into an output's files: a view's
// filter on what is aggregated reaches the input, through this it would not.
PlanPtr collected_in_order(const PlanPtr& plan) {
  const auto* sort = std::get_if<SortNode>(&plan->node);
  const auto* project = sort == nullptr ? nullptr : std::get_if<ProjectNode>(&sort->input->node);
  const auto* collect =
      project == nullptr ? nullptr : std::get_if<CollectNode>(&project->input->node);
  if (collect == nullptr || collect->keys != sort->columns) return nullptr;
  auto sorted = *collect;
  sorted.sorts_input = true;
  return make_plan(ProjectNode{make_plan(std::move(sorted)), project->columns});
}

// The plan with `replace` applied to each of its scans.
template <class Replace>
PlanPtr with_scans(const PlanPtr& plan, const Replace& replace) {
  const auto inner = [&](const PlanPtr& input) { return with_scans(input, replace); };
  return std::visit(
      [&](const auto& unchanged) -> PlanPtr {
        if constexpr (requires { unchanged.relation; }) {
          return replace(plan, unchanged.relation);
        } else {
          auto node = unchanged;
          if constexpr (requires { node.inputs; }) {
            std::ranges::transform(node.inputs, node.inputs.begin(), inner);
          } else if constexpr (requires { node.left; }) {
            node.left = inner(node.left);
            node.right = inner(node.right);
          } else {
            node.input = inner(node.input);
          }
          return make_plan(std::move(node));
        }
      },
      plan->node);
}

}  // namespace

QueryAssembly::QueryAssembly(const Spec& spec, const std::vector<CompiledView>& views,
                             const std::set<std::string>& shared, const Parameters& parameters)
    : views_(views), shared_(shared), parameters_(parameters) {
  name_relations(spec);
  for (std::size_t i = 0; i < views_.size(); ++i) {
    places_[views_[i].name] = i;
    expanded_[views_[i].name] = expanded(without_order(views_[i].plan));
  }
}

void QueryAssembly::name_relations(const Spec& spec) {
  std::set<std::string> taken;
  for (const auto& input : spec.input_relations) taken.insert(base::lower_case(input.logical_name));
  for (const auto& view : views_) {
    auto name = view.name;
    for (int i = 2; !taken.insert(base::lower_case(name)).second; ++i) {
      name = view.name + " " + std::to_string(i);
    }
    names_[view.name] = name;
  }
}

PlanPtr QueryAssembly::expanded(const PlanPtr& plan) const {
  return with_scans(plan, [&](const PlanPtr& scan, const std::string& relation) {
    const auto found = expanded_.find(relation);
    return found == expanded_.end() || shared_.contains(relation) ? scan : found->second;
  });
}

std::vector<const CompiledView*> QueryAssembly::parts_of(const std::string& root,
                                                         std::set<std::string>& reads) const {
  std::set<std::size_t> found;
  std::vector<std::string> open = {root};
  while (!open.empty()) {
    const auto name = std::move(open.back());
    open.pop_back();
    const auto place = places_.find(name);
    if (place == places_.end()) continue;
    if (name != root && shared_.contains(name)) {
      reads.insert(name);
      continue;
    }
    if (!found.insert(place->second).second) continue;
    with_scans(views_[place->second].plan, [&](const PlanPtr& scan, const std::string& relation) {
      open.push_back(relation);
      return scan;
    });
  }
  std::vector<const CompiledView*> parts;
  for (const auto place : found) parts.push_back(&views_[place]);
  return parts;
}

std::vector<NamedQuery> QueryAssembly::named_queries(const std::vector<const CompiledView*>& parts,
                                                     QueryWriter& writer) const {
  std::vector<NamedQuery> queries;
  for (const auto* part : parts) {
    queries.push_back({names_.at(part->name), writer.nested(*without_order(part->plan))});
  }
  return queries;
}

SharedView QueryAssembly::shared_view(const std::string& name) const {
  std::set<std::string> reads;
  auto parts = parts_of(name, reads);
  // The view itself is the query's body.
  const auto* view = parts.back();
  parts.pop_back();
  QueryWriter writer(names_, parameters_);
  const auto queries = named_queries(parts, writer);
  const auto body = writer.select(*without_order(view->plan));
  return {.name = name,
          .table = names_.at(name),
          .query = {.sql = with_queries(queries, body), .parameters = writer.values()}};
}

CompiledOutput QueryAssembly::output(const OutputTarget& target) const {
  const auto& view = views_[places_.at(target.source_view)];
  CompiledOutput output{.target = target};

  ProjectNode columns{make_plan(ScanNode{view.name}), {}};
  const auto add = [&](const duck::ResultColumn& column) {
    columns.columns.push_back(kept(column.name));
    output.schema.fields.push_back({.name = column.name, .type = *column.delta_type});
  };
  if (target.columns.empty()) {
    std::ranges::for_each(view.columns, add);
  } else {
    for (const auto& name : target.columns) add(*find_column(view.columns, name));
  }
  auto plan = make_plan(std::move(columns));
  PlanPtr in_order = nullptr;  // of the view, when its own rows come sorted
  if (const auto* sort = std::get_if<SortNode>(&view.plan->node)) {
    const bool is_written = std::ranges::all_of(sort->columns, [&](const std::string& name) {
      return output.schema.find(name) != nullptr;
    });
    if (is_written) {
      output.sorted_by = sort->columns;
      if (!shared_.contains(view.name)) in_order = collected_in_order(view.plan);
      if (in_order == nullptr) plan = make_plan(SortNode{plan, sort->columns});
    }
  }

  std::set<std::string> reads;
  std::vector<const CompiledView*> parts;
  if (shared_.contains(view.name)) {
    reads.insert(view.name);
  } else {
    parts = parts_of(view.name, reads);
  }
  QueryWriter writer(names_, parameters_);
  // The view itself is the last of its parts.
  if (in_order != nullptr) parts.pop_back();
  auto queries = named_queries(parts, writer);
  if (in_order != nullptr) queries.push_back({names_.at(view.name), writer.nested(*in_order)});
  const auto body = writer.select(*plan);
  output.query = {.sql = with_queries(queries, body), .parameters = writer.values()};
  output.shared_views = {reads.begin(), reads.end()};
  output.plan =
      expanded(in_order == nullptr ? plan : with_scans(plan, [&](const PlanPtr&, const auto&) {
        return in_order;
      }));
  return output;
}

}  // namespace engine
