#include "engine/compiler/view_graph.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string_view>
#include <utility>

#include "engine/compiler/duckdb_dialect.h"

namespace engine {
namespace {

// DuckDB plans nested queries in more than linear time, and refuses a thousand of them.
constexpr std::uint64_t kMostNesting = 100;
// How often views may be repeated in one query, all in all, before one of them is shared instead.
constexpr std::uint64_t kMostRepetitions = 256;

}  // namespace

ViewGraph::ViewGraph(const Spec& spec) : spec_(spec) {
  sort_views();
  find_live();
}

void ViewGraph::sort_views() {
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < spec_.view_definitions.size(); ++i) {
    places[spec_.view_definitions[i].name] = i;
  }
  std::vector<std::vector<std::size_t>> readers(places.size());
  std::vector<std::size_t> waiting_for(places.size());
  for (std::size_t i = 0; i < spec_.view_definitions.size(); ++i) {
    const auto& view = spec_.view_definitions[i];
    auto names = sources_of(view.transform);
    names.insert(names.end(), view.view_dependencies.begin(), view.view_dependencies.end());
    for (const auto& name : std::set(names.begin(), names.end())) {
      const auto found = places.find(name);
      if (found == places.end()) continue;
      readers[found->second].push_back(i);
      ++waiting_for[i];
    }
  }
  std::set<std::size_t> ready;
  for (std::size_t i = 0; i < waiting_for.size(); ++i) {
    if (waiting_for[i] == 0) ready.insert(i);
  }
  while (!ready.empty()) {
    const auto next = ready.extract(ready.begin()).value();
    order_.push_back(&spec_.view_definitions[next]);
    for (const auto reader : readers[next]) {
      if (--waiting_for[reader] == 0) ready.insert(reader);
    }
  }
}

void ViewGraph::find_live() {
  for (const auto& output : spec_.output_targets) {
    live_.insert(output.source_view);
    ++fanout_[output.source_view];
  }
  for (auto view = order_.rbegin(); view != order_.rend(); ++view) {
    if (!is_live((*view)->name)) continue;
    for (const auto& source : sources_of((*view)->transform)) {
      if (spec_.find_view(source) == nullptr) {
        live_inputs_.insert(source);
      } else {
        live_.insert(source);
        ++fanout_[source];
      }
    }
  }
}

bool ViewGraph::is_shared_by_policy(const std::string& view,
                                    const std::map<std::string, std::int64_t>& rows) const {
  const auto policy = spec_.cache_policy.value_or(CachePolicy());
  const auto forced = std::ranges::find(policy.overrides, view, &CacheOverride::view_name);
  if (forced != policy.overrides.end()) return forced->action == CacheAction::kForceCache;
  if (fanout_.at(view) < policy.min_fanout) return false;
  const auto known = rows.find(view);
  return !policy.min_estimated_rows || known == rows.end() ||
         std::cmp_greater_equal(known->second, *policy.min_estimated_rows);
}

namespace {

// What one query consists of that computes a view.
struct QuerySize {
  std::uint64_t depth = 1;
  std::uint64_t parts = 1;                // queries, repetitions counted
  std::set<std::string_view> views = {};  // each once
};

QuerySize query_size(const ViewDefinition& view, const std::map<std::string, QuerySize>& sizes) {
  QuerySize size;
  size.views.insert(view.name);
  for (const auto& source : sources_of(view.transform)) {
    const auto found = sizes.find(source);
    if (found == sizes.end()) continue;
    size.depth = std::max(size.depth, found->second.depth + 1);
    size.parts += found->second.parts;
    size.views.insert(found->second.views.begin(), found->second.views.end());
  }
  return size;
}

// The sources of a view whose query would consist of too many, largest first, without which the
// rest is few enough.
std::vector<std::string> sources_too_many(const ViewDefinition& view,
                                          const std::map<std::string, QuerySize>& sizes) {
  std::vector<std::pair<std::size_t, std::string>> sources;
  std::size_t views = 1;
  const auto names = sources_of(view.transform);
  for (const auto& name : std::set(names.begin(), names.end())) {
    const auto found = sizes.find(name);
    if (found == sizes.end()) continue;
    sources.emplace_back(found->second.views.size(), name);
    views += found->second.views.size();
  }
  std::ranges::sort(sources, std::greater());
  std::vector<std::string> too_many;
  for (const auto& [size, name] : sources) {
    if (views <= kMostNamedQueries) break;
    views -= size;
    too_many.push_back(name);
  }
  return too_many;
}

}  // namespace

std::set<std::string> ViewGraph::shared_views(
    const std::map<std::string, std::int64_t>& rows) const {
  std::set<std::string> shared;
  std::map<std::string, QuerySize> sizes;  // of the views that are not shared
  for (const auto* view : order_) {
    if (!is_live(view->name)) continue;
    QuerySize size = query_size(*view, sizes);
    if (size.views.size() > kMostNamedQueries) {
      for (const auto& source : sources_too_many(*view, sizes)) {
        shared.insert(source);
        sizes.erase(source);
      }
      size = query_size(*view, sizes);
    }
    const bool is_too_large =
        size.depth > kMostNesting || (size.parts > kMostRepetitions && fanout_.at(view->name) > 1);
    if (is_too_large || is_shared_by_policy(view->name, rows)) {
      shared.insert(view->name);
    } else {
      sizes[view->name] = std::move(size);
    }
  }
  return shared;
}

std::map<std::string, std::int64_t> row_bounds(const ViewGraph& graph,
                                               const std::map<std::string, std::int64_t>& inputs) {
  auto bounds = inputs;
  for (const auto* view : graph.order()) {
    const auto* relate = std::get_if<Relate>(&view->transform);
    const bool keeps_left = relate != nullptr && (relate->join_type == JoinType::kSemi ||
                                                  relate->join_type == JoinType::kAnti);
    const bool is_of_table = std::holds_alternative<Metadata>(view->transform) ||
                             std::holds_alternative<FileManifest>(view->transform) ||
                             std::holds_alternative<IncrementalCdf>(view->transform);
    if ((relate != nullptr && !keeps_left) || is_of_table) continue;
    auto sources = sources_of(view->transform);
    if (keeps_left) sources.pop_back();
    std::int64_t sum = 0;
    const bool are_known = std::ranges::all_of(sources, [&](const std::string& source) {
      const auto found = bounds.find(source);
      if (found == bounds.end()) return false;
      constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
      sum = found->second > kMost - sum ? kMost : sum + found->second;
      return true;
    });
    if (are_known) bounds[view->name] = sum;
  }
  return bounds;
}

}  // namespace engine
