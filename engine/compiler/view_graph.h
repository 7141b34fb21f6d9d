// Which views read which: order, liveness, sharing.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/spec/spec.h"

namespace engine {

class ViewGraph {
 public:
  // The spec must be valid (see validate_spec).
  explicit ViewGraph(const Spec& spec);

  // Every view after those that it reads or declares to depend on; otherwise in the spec's order.
  const std::vector<const ViewDefinition*>& order() const { return order_; }
  // An output reads it, directly or through other views.
  bool is_live(const std::string& view) const { return live_.contains(view); }
  // Live inputs: those that a live view reads.
  bool is_live_input(const std::string& input) const { return live_inputs_.contains(input); }

  // The live views to compute once, into a temporary table: those that the cache policy asks for
  // (by default those that two or more live views and outputs read), and those without which a
  // query would nest too deep or grow too large. `rows` are upper bounds where known.
  std::set<std::string> shared_views(const std::map<std::string, std::int64_t>& rows) const;

 private:
  void sort_views();
  void find_live();
  bool is_shared_by_policy(const std::string& view,
                           const std::map<std::string, std::int64_t>& rows) const;

  const Spec& spec_;
  std::vector<const ViewDefinition*> order_;
  std::set<std::string> live_;
  std::set<std::string> live_inputs_;
  std::map<std::string, std::uint64_t> fanout_;  // reads of a view by live views and outputs
};

// Upper bounds of the views' rows, from those of inputs; what is not known is left out.
std::map<std::string, std::int64_t> row_bounds(const ViewGraph& graph,
                                               const std::map<std::string, std::int64_t>& inputs);

}  // namespace engine
