// The canonical outputs of a code property graph: contract/cpg-outputs.md.
#include <algorithm>
#include <span>

#include "duck/sql_text.h"
#include "engine/compiler/lowering.h"
#include "engine/spec/enum_names.h"
#include "engine/spec/json_document.h"

namespace engine {
namespace {

using duck::quote_identifier;
using duck::quote_string;

struct StructField {
  std::string_view name;
  std::string_view type;
};

// A table with one row a key, whose other facts are a list of structures.
struct GroupedTable {
  std::vector<std::string> keys;        // grouped by, and sorted by
  std::vector<std::string> attributes;  // one value a key
  std::string list;
  std::vector<StructField> fields;  // of the structures; nested ones are in `value`
  std::vector<StructField> value;
  std::vector<std::string> needed;  // flat columns without which nothing can be grouped
};

std::vector<StructField> edge_fields(std::string_view other_node) {
  return {{"edge_id", "VARCHAR"},
          {"edge_kind", "VARCHAR"},
          {other_node, "VARCHAR"},
          {"path", "VARCHAR"},
          {"bstart", "BIGINT"},
          {"bend", "BIGINT"},
          {"origin", "VARCHAR"},
          {"resolution_method", "VARCHAR"},
          {"confidence", "DOUBLE"},
          {"score", "DOUBLE"},
          {"symbol_roles", "INTEGER"},
          {"qname_source", "VARCHAR"},
          {"ambiguity_group_id", "VARCHAR"}};
}

GroupedTable edges_by(const std::string& node, std::string_view other_node) {
  return {.keys = {node},
          .attributes = {},
          .list = "edges",
          .fields = edge_fields(other_node),
          .value = {},
          .needed = {"src_node_id", "dst_node_id", "edge_id", "edge_kind"}};
}

GroupedTable props_map() {
  return {.keys = {"entity_id", "entity_kind"},
          .attributes = {"node_kind"},
          .list = "props",
          .fields = {{"prop_key", "VARCHAR"}},
          .value = {{"value_type", "VARCHAR"},
                    {"value_string", "VARCHAR"},
                    {"value_int", "BIGINT"},
                    {"value_float", "DOUBLE"},
                    {"value_bool", "BOOLEAN"},
                    {"value_json", "VARCHAR"}},
          .needed = {"entity_id", "prop_key"}};
}

std::optional<GroupedTable> grouped_table(CpgOutputKind kind) {
  switch (kind) {
    case CpgOutputKind::kEdgesBySrc:
      return edges_by("src_node_id", "dst_node_id");
    case CpgOutputKind::kEdgesByDst:
      return edges_by("dst_node_id", "src_node_id");
    case CpgOutputKind::kPropsMap:
      return props_map();
    default:
      return std::nullopt;
  }
}

// The columns of the finished table, in the contract's order.
std::vector<std::string> canonical_columns(CpgOutputKind kind, const GroupedTable& table) {
  if (kind == CpgOutputKind::kPropsMap) return {"entity_kind", "entity_id", "node_kind", "props"};
  return {table.keys.front(), table.list};
}

std::string value_of(const Columns& columns, const StructField& field) {
  const auto* column = find_column(columns, field.name);
  const auto type = std::string(field.type);
  if (column == nullptr) return "CAST(NULL AS " + type + ")";
  const auto name = quote_identifier(column->name);
  return column->duckdb_type == type ? name : "CAST(" + name + " AS " + type + ")";
}

std::string struct_of(const Columns& columns, std::span<const StructField> fields) {
  std::string members;
  for (const auto& field : fields) {
    if (!members.empty()) members += ", ";
    members += quote_string(field.name) + ": " + value_of(columns, field);
  }
  return "{" + members + "}";
}

bool has_columns(const Columns& columns, const std::vector<std::string>& names) {
  return columns.size() == names.size() && std::ranges::all_of(names, [&](const auto& name) {
           return find_column(columns, name) != nullptr;
         });
}

std::vector<std::string> those_in(const Columns& columns, std::vector<std::string> names) {
  std::erase_if(names, [&](const auto& name) { return find_column(columns, name) == nullptr; });
  return names;
}

std::string missing_from(const Columns& columns, const std::vector<std::string>& names) {
  std::string missing;
  for (const auto& name : names) {
    if (find_column(columns, name) != nullptr) continue;
    missing += (missing.empty() ? "" : ", ") + name;
  }
  return missing;
}

std::vector<NamedExpression> fields_of(const GroupedTable& table, const Columns& columns) {
  std::vector<NamedExpression> fields;
  for (const auto& field : table.fields) {
    fields.push_back(
        {.name = std::string(field.name), .expression = {.sql = value_of(columns, field)}});
  }
  if (!table.value.empty()) {
    fields.push_back({.name = "value", .expression = {.sql = struct_of(columns, table.value)}});
  }
  return fields;
}

PlanPtr group(CpgOutputKind kind, const GroupedTable& table, const PlanPtr& flat,
              const Columns& columns) {
  CollectNode grouped{.input = flat,
                      .keys = those_in(columns, table.keys),
                      .least = those_in(columns, table.attributes),
                      .list = table.list,
                      .fields = fields_of(table, columns)};
  const auto keys = grouped.keys;
  std::vector<NamedExpression> result;
  for (const auto& name : canonical_columns(kind, table)) {
    const bool is_there = name == table.list || find_column(columns, name) != nullptr;
    result.push_back(
        is_there ? kept(name)
                 : NamedExpression{.name = name, .expression = {.sql = "CAST(NULL AS VARCHAR)"}});
  }
  const auto grouped_plan = make_plan(std::move(grouped));
  return make_plan(SortNode{make_plan(ProjectNode{grouped_plan, std::move(result)}), keys});
}

PlanPtr lower_grouped(const CpgEmit& emit, const GroupedTable& table, const PlanPtr& flat,
                      const Columns& columns, const Lowering& lowering) {
  const auto canonical = canonical_columns(emit.output_kind, table);
  if (has_columns(columns, canonical)) {
    std::vector<NamedExpression> kept_columns;
    for (const auto& name : canonical) kept_columns.push_back(kept(name));
    return make_plan(SortNode{make_plan(ProjectNode{flat, std::move(kept_columns)}), table.keys});
  }
  const auto missing = missing_from(columns, table.needed);
  if (!missing.empty()) {
    const auto kind = std::string(to_string(emit.output_kind));
    lowering.warn("the sources of " + kind + " pass through ungrouped, since they lack " + missing,
                  {{"output_kind", kind}, {"missing_columns", missing}});
    return flat;
  }
  return group(emit.output_kind, table, flat, columns);
}

void check_nodes(const Columns& columns, const Lowering& lowering) {
  const auto missing = missing_from(columns, {"entity_id", "path", "bstart", "bend"});
  if (missing.empty()) return;
  lowering.fail("sources",
                "Nodes need the columns entity_id, path, bstart and bend; missing: " + missing);
}

}  // namespace

PlanPtr lower(const CpgEmit& emit, Lowering& lowering) {
  if (emit.sources.empty()) lowering.fail("sources", "there is no source");
  const auto flat = emit.sources.size() == 1
                        ? lowering.relation(emit.sources.front()).plan
                        : union_by_name(emit.sources, std::nullopt, false, lowering);
  const auto columns = emit.sources.size() == 1 ? lowering.relation(emit.sources.front()).columns
                                                : lowering.columns_of(*flat, "sources");
  if (emit.output_kind == CpgOutputKind::kNodes) check_nodes(columns, lowering);
  const auto table = grouped_table(emit.output_kind);
  return table ? lower_grouped(emit, *table, flat, columns, lowering) : flat;
}

}  // namespace engine
