#include "base/ascii.h"
#include "duck/sql_text.h"
#include "engine/compiler/lowering.h"
#include "engine/compiler/sql_types.h"
#include "engine/spec/json_document.h"

namespace engine {
namespace {

using duck::quote_identifier;
using duck::quote_string;

// One id column is hashed as it is, several as parts; without any, all rows share one id. The
// functions make text of values of other types, in a form of their own.
std::string entity_id(const Normalize& normalize, const std::string& view) {
  const auto prefix = quote_string(view);
  if (normalize.id_columns.empty()) {
    return "stable_id(" + prefix + ", " + quote_string(normalize.source) + ")";
  }
  if (normalize.id_columns.size() == 1) {
    return "stable_id(" + prefix + ", " + quote_identifier(normalize.id_columns.front()) + ")";
  }
  std::string call = "stable_id_parts(" + prefix;
  for (const auto& column : normalize.id_columns) call += ", " + quote_identifier(column);
  return call + ")";
}

// A bound of a span: an integer column, as span_make takes it.
std::string bound(const Normalize& normalize, const std::string& name, const std::string& field,
                  const Lowering& lowering) {
  const auto& column = lowering.column(normalize.source, name, field);
  if (column.duckdb_type == "BIGINT") return quote_identifier(name);
  if (!is_integer(column.duckdb_type) && column.duckdb_type != "\"NULL\"") {
    lowering.fail(
        field, "the column " + in_quotes(name) + " is " + column.duckdb_type + ", not an integer");
  }
  return "CAST(" + quote_identifier(name) + " AS BIGINT)";
}

}  // namespace

PlanPtr lower(const Normalize& normalize, Lowering& lowering) {
  const auto& source = lowering.relation(normalize.source);
  std::vector<NamedExpression> columns;
  for (const auto& column : source.columns) columns.push_back(kept(column.name));
  const auto add = [&](const std::string& name, std::string sql, const std::string& field) {
    for (const auto& column : columns) {
      if (!base::equal_ignoring_case(column.name, name)) continue;
      lowering.fail(field, "the column " + in_quotes(name) + " that this adds is there already" +
                               (column.name == name ? "" : " as " + in_quotes(column.name)));
    }
    columns.push_back({.name = name, .expression = {.sql = std::move(sql)}});
  };

  for (std::size_t i = 0; i < normalize.id_columns.size(); ++i) {
    lowering.column(normalize.source, normalize.id_columns[i], indexed("id_columns", i));
  }
  add("entity_id", entity_id(normalize, lowering.view_name()), "id_columns");

  if (const auto& span = normalize.span_columns) {
    const auto start = bound(normalize, span->start, "span_columns[0]", lowering);
    const auto end = bound(normalize, span->end, "span_columns[1]", lowering);
    add("span", "span_make(" + start + ", " + end + ")", "span_columns");
  }

  for (std::size_t i = 0; i < normalize.text_columns.size(); ++i) {
    const auto& name = normalize.text_columns[i];
    const auto field = indexed("text_columns", i);
    const auto& column = lowering.column(normalize.source, name, field);
    if (column.duckdb_type != "VARCHAR" && column.duckdb_type != "\"NULL\"") {
      lowering.fail(field,
                    "the column " + in_quotes(name) + " is " + column.duckdb_type + ", not text");
    }
    add(name + "_normalized", "utf8_normalize(" + quote_identifier(name) + ")", field);
  }
  return make_plan(ProjectNode{source.plan, std::move(columns)});
}

}  // namespace engine
