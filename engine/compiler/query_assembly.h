// From lowered views to the queries of a run.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/compiler/compile.h"
#include "engine/compiler/duckdb_dialect.h"

namespace engine {

// One query an output and a shared view: the views that it stands on and that are not shared come
// as named queries, in order. References stay the caller's.
class QueryAssembly {
 public:
  QueryAssembly(const Spec& spec, const std::vector<CompiledView>& views,
                const std::set<std::string>& shared, const Parameters& parameters);

  SharedView shared_view(const std::string& name) const;
  CompiledOutput output(const OutputTarget& target) const;

 private:
  void name_relations(const Spec& spec);
  // Views to be named in a query over `root`, in order; shared ones go to `reads`.
  std::vector<const CompiledView*> parts_of(const std::string& root,
                                            std::set<std::string>& reads) const;
  std::vector<NamedQuery> named_queries(const std::vector<const CompiledView*>& parts,
                                        QueryWriter& writer) const;
  PlanPtr expanded(const PlanPtr& plan) const;

  const std::vector<CompiledView>& views_;
  const std::set<std::string>& shared_;
  const Parameters& parameters_;
  SqlNames names_;
  std::map<std::string, std::size_t> places_;
  std::map<std::string, PlanPtr> expanded_;
};

}  // namespace engine
