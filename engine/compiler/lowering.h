// What the lowering of every transform stands on: sources with typed columns, checked expressions,
// errors that name view and place.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "delta/snapshot.h"
#include "engine/compiler/columns.h"
#include "engine/compiler/parameters.h"
#include "engine/compiler/plan.h"
#include "engine/compiler/sql_types.h"
#include "engine/spec/run_warning.h"
#include "engine/spec/spec.h"

namespace engine {

// An input, or a view that has been lowered.
struct Relation {
  PlanPtr plan;  // how others read it
  Columns columns;
  std::shared_ptr<const delta::Snapshot> snapshot;  // inputs only
  bool is_fact_table = false;                       // made by the compiler, not named in the spec
};
using Relations = std::map<std::string, Relation>;

// The lowering of one view. References stay the caller's.
class Lowering {
 public:
  // `path` is the view's JSON path.
  Lowering(const ViewDefinition& view, std::string path, Relations& relations,
           const Parameters& parameters, const SqlTypes& types, duck::Connection& connection,
           std::set<std::uint32_t>& used_positions, std::vector<RunWarning>& warnings)
      : view_(view),
        path_(std::move(path)),
        relations_(relations),
        parameters_(parameters),
        types_(types),
        connection_(connection),
        used_positions_(used_positions),
        warnings_(warnings) {}

  const std::string& view_name() const { return view_.name; }
  const Relation& relation(const std::string& name) const { return relations_.at(name); }
  const SqlTypes& types() const { return types_; }
  duck::Connection& connection() const { return connection_; }
  // Whether an input, or a view up to here, would be meant by that name in SQL.
  bool has_other_relation(const std::string& name) const;
  // A table that the compiler made, to be scanned under this name.
  void add_relation(const std::string& name, Relation relation) {
    relations_[name] = std::move(relation);
  }

  // The source's column of exactly that name. `field` is where the transform names it, such as
  // "columns[2]".
  const duck::ResultColumn& column(const std::string& source, const std::string& name,
                                   const std::string& field) const;

  // A spec author's expression: one scalar expression whose placeholders have values.
  Expression expression(const std::string& sql, const std::string& field) const;

  // Fails when what a plan computes from constants and parameters alone cannot be computed.
  void check_constants(const Plan& plan, const std::string& field) const;

  // Fails when a text of `source` is compared with a parameter that is none: whether the text can
  // be read as one would only be found row by row.
  void check_comparisons(const Expression& expression, const PlanPtr& source,
                         const std::string& field) const;

  // The types of the columns that `plan` gives.
  Columns columns_of(const Plan& plan, const std::string& field) const;

  // base::Error VIEW_LOWERING_FAILED with details view and path.
  [[noreturn]] void fail(const std::string& field, const std::string& message) const;
  [[noreturn]] void fail_at(const std::string& path, const std::string& message) const;
  const std::string& path() const { return path_; }

  // A SemanticValidationWarning about this view.
  void warn(const std::string& message, std::map<std::string, std::string> context) const;

 private:
  struct ShapeQuery {
    std::string sql;
    std::vector<delta::Value> parameters;
  };
  // A query that gives what `plan` does, on sources of its own without rows.
  ShapeQuery query_of(const Plan& plan) const;

  const ViewDefinition& view_;
  std::string path_;
  Relations& relations_;
  const Parameters& parameters_;
  const SqlTypes& types_;
  duck::Connection& connection_;
  std::set<std::uint32_t>& used_positions_;  // placeholders of all views so far
  std::vector<RunWarning>& warnings_;
};

// One function a transform; sources are known to exist.
PlanPtr lower(const Normalize& normalize, Lowering& lowering);
PlanPtr lower(const Relate& relate, Lowering& lowering);
PlanPtr lower(const Union& union_of, Lowering& lowering);
PlanPtr lower(const Project& project, Lowering& lowering);
PlanPtr lower(const Filter& filter, Lowering& lowering);
PlanPtr lower(const Aggregate& aggregate, Lowering& lowering);
PlanPtr lower(const IncrementalCdf& feed, Lowering& lowering);
PlanPtr lower(const Metadata& metadata, Lowering& lowering);
PlanPtr lower(const FileManifest& manifest, Lowering& lowering);
PlanPtr lower(const Derive& derive, Lowering& lowering);
PlanPtr lower(const CpgEmit& emit, Lowering& lowering);

// The sources' rows together: their columns by name, sorted, those that a source lacks null. With
// a discriminator, a column of that name holds each row's source.
PlanPtr union_by_name(const std::vector<std::string>& sources,
                      const std::optional<std::string>& discriminator, bool distinct,
                      Lowering& lowering);

// The Delta table of an input; fails for a view. `what` is the transform that wants it.
const delta::Snapshot& snapshot_of(const std::string& source, const std::string& what,
                                   const Lowering& lowering);

// `"name"`, as a column of a projection that keeps its name.
NamedExpression kept(const std::string& name);
// "columns[2]"
std::string indexed(const std::string& field, std::size_t index);

}  // namespace engine
