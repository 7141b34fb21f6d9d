// The fields of every object of the spec, each named once, for reading and for writing alike:
// contract/spec-v4.md. A `field` archive is a FieldReader or a FieldWriter.
#pragma once

#include <array>
#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

#include "engine/spec/spec.h"

namespace engine {

// T, or const T when it is written.
template <class T, class Object>
concept Is = std::same_as<std::remove_const_t<T>, Object>;

// Reads or writes the alternative of `variant` that the field `tag_name` names; `names` are in
// the order of the alternatives. `fields` is given the archive and the alternative.
template <class Archive, class Variant, std::size_t Size, class Fields>
void tagged_fields(Archive& archive, std::string_view tag_name,
                   const std::array<std::string_view, Size>& names, Variant& variant,
                   Fields fields) {
  static_assert(Size == std::variant_size_v<std::remove_const_t<Variant>>);
  if constexpr (Archive::kReads) {
    const auto place = archive.tag(tag_name, names);
    if (!place) return;
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
      ((Index == *place ? fields(variant.template emplace<Index>()) : void()), ...);
    }(std::make_index_sequence<Size>());
  } else {
    archive.tag(tag_name, names[variant.index()]);
    std::visit(fields, variant);
  }
}

void fields(auto& archive, Is<InputRelation> auto& input) {
  archive.required("logical_name", input.logical_name);
  archive.required("delta_location", input.delta_location);
  archive.optional("requires_lineage", input.requires_lineage);
  archive.optional("version_pin", input.version_pin);
}

void fields(auto& archive, Is<Normalize> auto& normalize) {
  archive.required("source", normalize.source);
  archive.required("id_columns", normalize.id_columns);
  archive.required("span_columns", normalize.span_columns);
  archive.required("text_columns", normalize.text_columns);
}

void fields(auto& archive, Is<JoinKeyPair> auto& keys) {
  archive.required("left_key", keys.left_key);
  archive.required("right_key", keys.right_key);
}

void fields(auto& archive, Is<Relate> auto& relate) {
  archive.required("left", relate.left);
  archive.required("right", relate.right);
  archive.required("join_type", relate.join_type);
  archive.required("join_keys", relate.join_keys);
}

void fields(auto& archive, Is<Union> auto& union_of) {
  archive.required("sources", union_of.sources);
  archive.required("discriminator_column", union_of.discriminator_column);
  archive.required("distinct", union_of.distinct);
}

void fields(auto& archive, Is<Project> auto& project) {
  archive.required("source", project.source);
  archive.required("columns", project.columns);
}

void fields(auto& archive, Is<Filter> auto& filter) {
  archive.required("source", filter.source);
  archive.required("predicate", filter.predicate);
}

void fields(auto& archive, Is<Aggregation> auto& aggregation) {
  archive.required("column", aggregation.column);
  archive.required("function", aggregation.function);
  archive.required("alias", aggregation.alias);
}

void fields(auto& archive, Is<Aggregate> auto& aggregate) {
  archive.required("source", aggregate.source);
  archive.required("group_by", aggregate.group_by);
  archive.required("aggregations", aggregate.aggregations);
}

void fields(auto& archive, Is<IncrementalCdf> auto& feed) {
  archive.required("source", feed.source);
  archive.optional("starting_version", feed.starting_version);
  archive.optional("ending_version", feed.ending_version);
  archive.optional("starting_timestamp", feed.starting_timestamp);
  archive.optional("ending_timestamp", feed.ending_timestamp);
}

void fields(auto& archive, Is<Metadata> auto& metadata) {
  archive.required("source", metadata.source);
}

void fields(auto& archive, Is<FileManifest> auto& manifest) {
  archive.required("source", manifest.source);
}

void fields(auto& archive, Is<DerivedColumn> auto& column) {
  archive.required("name", column.name);
  archive.required("expression", column.expression);
}

void fields(auto& archive, Is<Derive> auto& derive) {
  archive.required("source", derive.source);
  archive.required("columns", derive.columns);
}

void fields(auto& archive, Is<CpgEmit> auto& emit) {
  archive.required("output_kind", emit.output_kind);
  archive.optional("sources", emit.sources);
}

inline constexpr std::array<std::string_view, std::variant_size_v<Transform>> kTransformKinds = {
    "Normalize",      "Relate",   "Union",        "Project", "Filter", "Aggregate",
    "IncrementalCdf", "Metadata", "FileManifest", "Derive",  "CpgEmit"};

void fields(auto& archive, Is<Transform> auto& transform) {
  tagged_fields(archive, "kind", kTransformKinds, transform,
                [&](auto& alternative) { fields(archive, alternative); });
}

void fields(auto& archive, Is<ViewDefinition> auto& view) {
  archive.required("name", view.name);
  archive.required("view_kind", view.view_kind);
  archive.required("view_dependencies", view.view_dependencies);
  archive.required("transform", view.transform);
  archive.required_object("output_schema",
                          [&](auto& inner) { inner.required("columns", view.output_schema); });
}

void fields(auto& archive, Is<JoinEdge> auto& edge) {
  archive.required("left_relation", edge.left_relation);
  archive.required("right_relation", edge.right_relation);
  archive.required("join_type", edge.join_type);
  archive.required("left_keys", edge.left_keys);
  archive.required("right_keys", edge.right_keys);
}

void fields(auto& archive, Is<JoinConstraint> auto& constraint) {
  archive.required("name", constraint.name);
  archive.required("constraint_type", constraint.constraint_type);
  archive.required("relations", constraint.relations);
  archive.required("columns", constraint.columns);
}

void fields(auto& archive, Is<JoinGraph> auto& graph) {
  archive.required("edges", graph.edges);
  archive.required("constraints", graph.constraints);
}

void fields(auto& archive, Is<OutputTarget> auto& output) {
  archive.required("table_name", output.table_name);
  archive.optional("delta_location", output.delta_location);
  archive.required("source_view", output.source_view);
  archive.required("columns", output.columns);
  archive.optional("materialization_mode", output.materialization_mode);
  archive.optional("partition_by", output.partition_by);
  archive.optional("write_metadata", output.write_metadata);
  archive.optional("max_commit_retries", output.max_commit_retries);
}

void fields(auto& archive, Is<RuleIntent> auto& intent) {
  archive.required("name", intent.name);
  archive.required("class", intent.rule_class);
  archive.required("params", intent.params);
}

void fields(auto& archive, Is<PlaceholderPos> auto& target) {
  archive.required("position", target.position);
}

void fields(auto& archive, Is<FilterEq> auto& target) {
  archive.optional("base_table", target.base_table);
  archive.required("filter_column", target.filter_column);
}

using ParameterTarget = decltype(TypedParameter::target);
inline constexpr std::array<std::string_view, 2> kParameterTargets = {"PlaceholderPos", "FilterEq"};

void fields(auto& archive, Is<ParameterTarget> auto& target) {
  tagged_fields(archive, "kind", kParameterTargets, target,
                [&](auto& alternative) { fields(archive, alternative); });
}

void fields(auto& archive, Is<NullValue> auto& value) {
  archive.required("data_type", value.data_type);
}

inline constexpr std::array<std::string_view, std::variant_size_v<ParameterValue>> kParameterTypes =
    {"Utf8", "Int64", "Float64", "Boolean", "Date", "Timestamp", "Null"};

template <class T>
concept TextValue = Is<T, DateValue> || Is<T, TimestampValue>;

void fields(auto& archive, Is<ParameterValue> auto& value) {
  tagged_fields(archive, "type", kParameterTypes, value, [&]<class T>(T& alternative) {
    if constexpr (TextValue<T>) {
      archive.required("value", alternative.text);
    } else {
      archive.required("value", alternative);
    }
  });
}

void fields(auto& archive, Is<TypedParameter> auto& parameter) {
  archive.optional("label", parameter.label);
  archive.required("target", parameter.target);
  archive.required("value", parameter.value);
}

void fields(auto& archive, Is<Spec> auto& spec) {
  archive.required("version", spec.version);
  archive.required("input_relations", spec.input_relations);
  archive.required("view_definitions", spec.view_definitions);
  archive.required("join_graph", spec.join_graph);
  archive.required("output_targets", spec.output_targets);
  archive.required("rule_intents", spec.rule_intents);
  archive.required("rulepack_profile", spec.rulepack_profile);
  archive.optional("runtime", spec.runtime);
  archive.optional("typed_parameters", spec.typed_parameters);
  archive.optional("rule_overlay", spec.rule_overlay);
  archive.optional("runtime_profile", spec.runtime_profile);
  archive.optional("cache_policy", spec.cache_policy);
  archive.optional("maintenance", spec.maintenance);
}

}  // namespace engine
