#include "engine/compiler/compile.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/error.h"
#include "engine/compiler/lowering.h"
#include "engine/compiler/output_schema.h"
#include "engine/compiler/query_assembly.h"
#include "engine/compiler/view_graph.h"
#include "engine/spec/field_reader.h"
#include "engine/spec/invalid_spec.h"
#include "engine/spec/json_document.h"

namespace engine {
namespace {

// What every commit says of itself in its commitInfo.
constexpr std::array<std::string_view, 11> kCommitFields = {
    "appendId",  "engineInfo",       "inCommitTimestamp",   "isBlindAppend", "isolationLevel",
    "operation", "operationMetrics", "operationParameters", "readVersion",   "timestamp",
    "txnId"};

std::map<std::string, Columns> columns_by_input(const std::vector<InputTable>& inputs) {
  std::map<std::string, Columns> columns;
  for (const auto& input : inputs) {
    for (const auto& [other, ignored] : columns) {
      if (!base::equal_ignoring_case(other, input.name)) continue;
      throw_invalid_spec("$.input_relations", "the inputs " + in_quotes(other) + " and " +
                                                  in_quotes(input.name) + " differ in case alone");
    }
    columns[input.name] = input.columns;
  }
  return columns;
}

// How views read an input: with the conditions that typed parameters put on it.
PlanPtr input_plan(const std::string& name, const Parameters& parameters) {
  auto plan = make_plan(ScanNode{name});
  for (auto& condition : parameters.filters_of(name)) {
    plan = make_plan(FilterNode{plan, std::move(condition)});
  }
  return plan;
}

// Whether `is_met` is true of the type or of one inside it.
template <typename Condition>
bool any_part(const delta::DataType& type, const Condition& is_met) {
  if (is_met(type)) return true;
  switch (type.kind()) {
    case delta::TypeKind::kStruct:
      return std::ranges::any_of(type.fields(),
                                 [&](const auto& field) { return any_part(field.type, is_met); });
    case delta::TypeKind::kMap:
      return any_part(type.key(), is_met) || any_part(type.element(), is_met);
    case delta::TypeKind::kArray:
      return any_part(type.element(), is_met);
    default:
      return false;
  }
}

// Why values of the column cannot be written to any table; empty when they can.
std::string writing_obstacle(const duck::ResultColumn& column) {
  using delta::DataType;
  if (!column.delta_type) return "which no Delta type holds; cast it first";
  const bool is_variant = any_part(*column.delta_type, [](const DataType& type) {
    return type.kind() == delta::TypeKind::kVariant;
  });
  if (is_variant) return "and variants are not written; cast it first";
  const bool is_unnamed = any_part(*column.delta_type, [](const DataType& type) {
    return type.kind() == delta::TypeKind::kStruct &&
           std::ranges::any_of(type.fields(), [](const auto& field) { return field.name.empty(); });
  });
  return is_unnamed ? "with a field that has no name; give it one, as in {'a': 1}" : "";
}

void check_columns(const Columns& columns, const Lowering& lowering) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& name = columns[i].name;
    if (name.empty()) lowering.fail("", "a column has an empty name");
    for (std::size_t j = 0; j < i; ++j) {
      if (!base::equal_ignoring_case(columns[j].name, name)) continue;
      lowering.fail("", "the columns " + in_quotes(columns[j].name) + " and " + in_quotes(name) +
                            (columns[j].name == name ? " have one name" : " differ in case alone"));
    }
  }
}

class SpecCompiler {
 public:
  SpecCompiler(const Spec& spec, const std::vector<InputTable>& inputs,
               duck::Connection& connection)
      : spec_(spec),
        inputs_(inputs),
        connection_(connection),
        graph_(spec),
        parameters_(spec.typed_parameters, columns_by_input(inputs)),
        types_(connection) {}

  CompiledSpec run() {
    check_overrides();
    add_inputs();
    for (const auto* view : graph_.order()) lower_view(*view);
    warn_of_unused_parameters();
    const auto shared = graph_.shared_views(row_bounds(graph_, input_rows()));
    for (auto& view : compiled_.views) view.shared = shared.contains(view.name);
    assemble_queries(shared);
    compiled_.dependency_map = task_dependencies(spec_);
    compiled_.schedule = schedule_tasks(spec_, input_rows());
    return std::move(compiled_);
  }

 private:
  void check_overrides() const {
    if (!spec_.cache_policy) return;
    const auto& overrides = spec_.cache_policy->overrides;
    for (std::size_t i = 0; i < overrides.size(); ++i) {
      if (spec_.find_view(overrides[i].view_name) != nullptr) continue;
      throw_invalid_spec("$.cache_policy.overrides[" + std::to_string(i) + "].view_name",
                         "there is no view " + in_quotes(overrides[i].view_name));
    }
  }

  void add_inputs() {
    for (const auto& input : inputs_) {
      relations_[input.name] = {.plan = input_plan(input.name, parameters_),
                                .columns = input.columns,
                                .snapshot = input.snapshot};
    }
  }

  std::map<std::string, std::int64_t> input_rows() const {
    std::map<std::string, std::int64_t> rows;
    for (const auto& input : inputs_) {
      if (input.rows) rows[input.name] = *input.rows;
    }
    return rows;
  }

  void lower_view(const ViewDefinition& view) {
    const auto index = &view - spec_.view_definitions.data();
    Lowering lowering(view, "$.view_definitions[" + std::to_string(index) + "]", relations_,
                      parameters_, types_, connection_, used_positions_, compiled_.warnings);
    const auto plan = std::visit([&](const auto& transform) { return lower(transform, lowering); },
                                 view.transform);
    auto columns = lowering.columns_of(*plan, "");
    check_columns(columns, lowering);
    check_output_schema(view, columns, lowering);
    relations_[view.name] = {
        .plan = make_plan(ScanNode{view.name}), .columns = columns, .snapshot = nullptr};
    compiled_.views.push_back({.name = view.name, .plan = plan, .columns = std::move(columns)});
  }

  // Filters are on an input's rows, not on its change feed and what is known of its table.
  static bool reads_rows(const Transform& transform) {
    return !std::holds_alternative<IncrementalCdf>(transform) &&
           !std::holds_alternative<Metadata>(transform) &&
           !std::holds_alternative<FileManifest>(transform);
  }

  bool is_used(const TypedParameter& parameter) const {
    if (const auto* place = std::get_if<PlaceholderPos>(&parameter.target)) {
      return used_positions_.contains(place->position);
    }
    const auto& filter = std::get<FilterEq>(parameter.target);
    return std::ranges::any_of(spec_.view_definitions, [&](const ViewDefinition& view) {
      return reads_rows(view.transform) &&
             std::ranges::any_of(sources_of(view.transform), [&](const std::string& source) {
               if (filter.base_table) return source == *filter.base_table;
               return spec_.find_input(source) != nullptr &&
                      find_column(relations_.at(source).columns, filter.filter_column) != nullptr;
             });
    });
  }

  void warn_of_unused_parameters() {
    for (std::size_t i = 0; i < spec_.typed_parameters.size(); ++i) {
      const auto& parameter = spec_.typed_parameters[i];
      if (is_used(parameter)) continue;
      const auto path = "$.typed_parameters[" + std::to_string(i) + "]";
      std::map<std::string, std::string> context = {{"path", path}};
      if (parameter.label) context["label"] = *parameter.label;
      compiled_.warnings.push_back(
          {.code = WarningCode::kSemanticValidationWarning,
           .stage = WarningStage::kCompilation,
           .message = path + (parameter.label ? " (" + in_quotes(*parameter.label) + ")" : "") +
                      ": the parameter has no effect, for " +
                      (std::holds_alternative<PlaceholderPos>(parameter.target)
                           ? "no expression has its placeholder"
                           : "no view reads an input that it filters"),
           .context = std::move(context)});
    }
  }

  void assemble_queries(const std::set<std::string>& shared) {
    const QueryAssembly assembly(spec_, compiled_.views, shared, parameters_);
    for (const auto& view : compiled_.views) {
      if (view.shared) compiled_.shared_views.push_back(assembly.shared_view(view.name));
    }
    for (std::size_t i = 0; i < spec_.output_targets.size(); ++i) {
      check_output(i);
      compiled_.outputs.push_back(assembly.output(spec_.output_targets[i]));
    }
  }

  void check_output(std::size_t index) {
    const auto& output = spec_.output_targets[index];
    const auto path = "$.output_targets[" + std::to_string(index) + "]";
    const auto& view_columns = relations_.at(output.source_view).columns;
    check_names(output, output.columns, path + ".columns", view_columns,
                "view " + in_quotes(output.source_view));
    Columns written;
    for (const auto& name : output.columns) written.push_back(*find_column(view_columns, name));
    const auto& columns = output.columns.empty() ? view_columns : written;
    check_names(output, output.partition_by, path + ".partition_by", columns,
                "what is written from view " + in_quotes(output.source_view));
    check_types(output, path, columns);
    warn_of_overruled_metadata(output, path);
  }

  void warn_of_overruled_metadata(const OutputTarget& output, const std::string& path) {
    for (const auto& [key, value] : output.write_metadata) {
      if (!key.starts_with("codeanatomy.") &&
          std::ranges::find(kCommitFields, key) == kCommitFields.end()) {
        continue;
      }
      compiled_.warnings.push_back({.code = WarningCode::kSemanticValidationWarning,
                                    .stage = WarningStage::kCompilation,
                                    .message = field_path(path + ".write_metadata", key) +
                                               ": output " + in_quotes(output.table_name) +
                                               " cannot set " + in_quotes(key) +
                                               ", which the commit sets itself",
                                    .context = {{"output", output.table_name}, {"key", key}}});
    }
  }

  static void check_names(const OutputTarget& output, const std::vector<std::string>& names,
                          const std::string& path, const Columns& columns,
                          const std::string& source) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto place = path + "[" + std::to_string(i) + "]";
      const base::Error::Details details = {{"output", output.table_name}, {"column", names[i]}};
      if (find_column(columns, names[i]) == nullptr) {
        throw_invalid_spec(place,
                           "output " + in_quotes(output.table_name) + " names the column " +
                               in_quotes(names[i]) + ", which " + source + " lacks; there are " +
                               list_of_names(columns),
                           details);
      }
      if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
          names.begin() + static_cast<std::ptrdiff_t>(i)) {
        throw_invalid_spec(place,
                           "output " + in_quotes(output.table_name) + " names the column " +
                               in_quotes(names[i]) + " twice",
                           details);
      }
    }
  }

  static void check_types(const OutputTarget& output, const std::string& path,
                          const Columns& columns) {
    for (const auto& column : columns) {
      const auto obstacle = writing_obstacle(column);
      if (obstacle.empty()) continue;
      std::string message = "output " + in_quotes(output.table_name) + " (" + path;
      message += "): the column " + in_quotes(column.name);
      message += " is " + column.duckdb_type + ", " + obstacle;
      throw base::Error(base::Stage::kCompilation, "VIEW_LOWERING_FAILED", message,
                        {{"output", output.table_name}, {"path", path}, {"column", column.name}});
    }
    for (std::size_t i = 0; i < output.partition_by.size(); ++i) {
      const auto& column = *find_column(columns, output.partition_by[i]);
      if (!column.delta_type->is_nested()) continue;
      throw_invalid_spec(path + ".partition_by[" + std::to_string(i) + "]",
                         "output " + in_quotes(output.table_name) + " cannot be partitioned by " +
                             in_quotes(column.name) + ", which is " + column.duckdb_type);
    }
    if (!columns.empty() && output.partition_by.size() == columns.size()) {
      throw_invalid_spec(path + ".partition_by", "output " + in_quotes(output.table_name) +
                                                     " is partitioned by all its columns");
    }
  }

  const Spec& spec_;
  const std::vector<InputTable>& inputs_;
  duck::Connection& connection_;
  ViewGraph graph_;
  Parameters parameters_;
  SqlTypes types_;
  Relations relations_;
  std::set<std::uint32_t> used_positions_;
  CompiledSpec compiled_;
};

}  // namespace

CompiledSpec compile(const Spec& spec, const std::vector<InputTable>& inputs,
                     duck::Connection& connection) {
  return SpecCompiler(spec, inputs, connection).run();
}

}  // namespace engine
