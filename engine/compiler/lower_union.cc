#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "duck/sql_text.h"
#include "engine/compiler/lowering.h"
#include "engine/spec/json_document.h"

namespace engine {
namespace {

// The columns of all sources: name → common type, in the order of names.
std::map<std::string, std::string> common_columns(const std::vector<std::string>& sources,
                                                  const Lowering& lowering) {
  struct Seen {
    std::string type;
    std::string source;
  };
  std::map<std::string, std::vector<Seen>> seen;
  for (const auto& source : sources) {
    for (const auto& column : lowering.relation(source).columns) {
      seen[column.name].push_back({column.duckdb_type, source});
    }
  }

  std::map<std::string, std::string> columns;
  for (const auto& [name, appearances] : seen) {
    for (const auto& [other, type] : columns) {
      if (base::equal_ignoring_case(other, name)) {
        lowering.fail("sources", "the columns " + in_quotes(other) + " and " + in_quotes(name) +
                                     " differ in case alone");
      }
    }
    std::vector<std::string> types;
    for (const auto& appearance : appearances) types.push_back(appearance.type);
    const auto common = lowering.types().common(types);
    if (!common) {
      const auto& first = appearances.front();
      const auto& clash = *std::ranges::find_if(appearances, [&](const Seen& appearance) {
        return !lowering.types().common({first.type, appearance.type});
      });
      lowering.fail("sources", "the column " + in_quotes(name) + " is " + first.type + " in " +
                                   in_quotes(first.source) + " and " + clash.type + " in " +
                                   in_quotes(clash.source) + ", which do not go together");
    }
    columns[name] = *common;
  }
  return columns;
}

std::string value_in(const Columns& source, const std::string& name, const std::string& type) {
  const auto* column = find_column(source, name);
  const auto value = column == nullptr ? "NULL" : duck::quote_identifier(name);
  return column != nullptr && column->duckdb_type == type ? value
                                                          : "CAST(" + value + " AS " + type + ")";
}

}  // namespace

PlanPtr union_by_name(const std::vector<std::string>& sources,
                      const std::optional<std::string>& discriminator, bool distinct,
                      Lowering& lowering) {
  if (sources.empty()) lowering.fail("sources", "there is no source");
  auto columns = common_columns(sources, lowering);
  if (discriminator) {
    for (const auto& [name, type] : columns) {
      if (base::equal_ignoring_case(name, *discriminator)) {
        lowering.fail("discriminator_column", "a source already has a column " + in_quotes(name));
      }
    }
    columns[*discriminator] = "VARCHAR";
  }

  UnionNode node{.inputs = {}, .distinct = distinct};
  for (const auto& source : sources) {
    const auto& relation = lowering.relation(source);
    std::vector<NamedExpression> values;
    for (const auto& [name, type] : columns) {
      values.push_back(
          {.name = name,
           .expression = {.sql = name == discriminator ? duck::quote_string(source)
                                                       : value_in(relation.columns, name, type)}});
    }
    node.inputs.push_back(make_plan(ProjectNode{relation.plan, std::move(values)}));
  }
  return make_plan(std::move(node));
}

PlanPtr lower(const Union& union_of, Lowering& lowering) {
  return union_by_name(union_of.sources, union_of.discriminator_column, union_of.distinct,
                       lowering);
}

}  // namespace engine
