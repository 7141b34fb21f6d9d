#include "engine/compiler/duckdb_dialect.h"

#include "duck/sql_expression.h"
#include "duck/sql_text.h"

namespace engine {
namespace {

using duck::quote_identifier;
using duck::quote_string;

constexpr std::string_view kLeft = "\"left\"";
constexpr std::string_view kRight = "\"right\"";

// Parts joined by `separator`.
template <class Range, class Write>
std::string join_text(const Range& parts, std::string_view separator, Write write) {
  std::string text;
  bool first = true;
  for (const auto& part : parts) {
    if (!first) text += separator;
    first = false;
    text += write(part);
  }
  return text;
}

std::string qualified(std::string_view side, const std::string& column) {
  return std::string(side) + "." + quote_identifier(column);
}

std::string_view join_keyword(JoinType type) {
  switch (type) {
    case JoinType::kInner:
      return "JOIN";
    case JoinType::kLeft:
      return "LEFT JOIN";
    case JoinType::kRight:
      return "RIGHT JOIN";
    case JoinType::kFull:
      return "FULL JOIN";
    case JoinType::kSemi:
      return "SEMI JOIN";
    case JoinType::kAnti:
      return "ANTI JOIN";
  }
  return "JOIN";
}

const std::string& column_of(const JoinNode::KeyPair& pair, std::string_view side) {
  return side == kLeft ? pair.columns.left_key : pair.columns.right_key;
}

// One value that orders like (equality keys…, the span's start or end) and is null when any key is
// null. Spans of different equality keys then lie apart, and containment is two range conditions
// alone, which DuckDB runs as an interval join; with an equality beside them it would compare all
// pairs of equal keys.
std::string interval_key(const JoinNode& node, const JoinNode::KeyPair& bound,
                         std::string_view side) {
  std::string present;
  for (const auto& pair : node.equalities) {
    present += qualified(side, column_of(pair, side)) + " IS NOT NULL AND ";
  }
  present += qualified(side, column_of(node.containment->start, side)) + " IS NOT NULL AND " +
             qualified(side, column_of(node.containment->end, side)) + " IS NOT NULL";
  const auto part = [&](const JoinNode::KeyPair& pair) {
    return "CAST(" + qualified(side, column_of(pair, side)) + " AS " + pair.type +
           "), 'ASC NULLS LAST'";
  };
  return "CASE WHEN " + present + " THEN create_sort_key(" +
         join_text(node.equalities, "", [&](const auto& pair) { return part(pair) + ", "; }) +
         part(bound) + ") END";
}

std::string containment_condition(const JoinNode& node) {
  const auto& [start, end] = *node.containment;
  if (node.equalities.empty()) {
    return qualified(kLeft, start.columns.left_key) +
           " <= " + qualified(kRight, start.columns.right_key) + " AND " +
           qualified(kRight, end.columns.right_key) +
           " <= " + qualified(kLeft, end.columns.left_key);
  }
  return interval_key(node, start, kLeft) + " <= " + interval_key(node, start, kRight) + " AND " +
         interval_key(node, end, kRight) + " <= " + interval_key(node, end, kLeft);
}

std::string join_column(const JoinNode& node, const JoinNode::OutputColumn& column) {
  const auto left = qualified(kLeft, column.column);
  const auto right = qualified(kRight, column.column);
  std::string value = left;
  if (column.side == JoinNode::Side::kRight) value = right;
  if (column.side == JoinNode::Side::kBoth) {
    if (node.type == JoinType::kRight) value = right;
    if (node.type == JoinType::kFull) value = "coalesce(" + left + ", " + right + ")";
  }
  return value + " AS " + quote_identifier(column.name);
}

}  // namespace

std::string QueryWriter::relation(const std::string& name) const {
  const auto query = in_place_.find(name);
  if (query != in_place_.end()) return query->second;
  const auto found = names_.find(name);
  return quote_identifier(found == names_.end() ? name : found->second);
}

std::string QueryWriter::select(const Plan& plan) {
  return std::visit([&](const auto& node) { return write(node); }, plan.node);
}

std::string QueryWriter::nested(const Plan& plan) {
  return nested([&] { return select(plan); });
}

template <class Write>
std::string QueryWriter::nested(Write write) {
  ++depth_;
  auto text = "(" + line("") + write();
  --depth_;
  return text + line(")");
}

std::string QueryWriter::line(std::string_view start) const {
  return "\n" + std::string(2 * depth_, ' ') + std::string(start);
}

std::string QueryWriter::write(const ScanNode& node) {
  return "SELECT *" + line("FROM ") + relation(node.relation);
}

std::string QueryWriter::write(const ProjectNode& node) {
  const auto source = from(*node.input);
  return "SELECT " + columns(node.columns) + clauses(source);
}

std::string QueryWriter::write(const FilterNode& node) { return "SELECT *" + clauses(from(node)); }

std::string QueryWriter::write(const JoinNode& node) {
  const auto left = from_text(*node.left);
  const auto right = from_text(*node.right);
  return "SELECT " +
         join_text(node.columns, ", ",
                   [&](const auto& column) { return join_column(node, column); }) +
         line("FROM ") + left + " AS " + std::string(kLeft) + line(join_keyword(node.type)) + " " +
         right + " AS " + std::string(kRight) + line("  ON ") + join_condition(node);
}

std::string QueryWriter::write(const UnionNode& node) {
  const auto all = [&] {
    return join_text(node.inputs, line("UNION ALL") + line(""),
                     [&](const PlanPtr& input) { return select(*input); });
  };
  return node.distinct ? "SELECT DISTINCT *" + line("FROM ") + nested(all) : all();
}

std::string QueryWriter::write(const AggregateNode& node) {
  const auto source = from(*node.input);
  const auto keys = identifier_list(node.group_by);
  const auto aggregates = join_text(node.aggregates, ", ", [&](const NamedExpression& column) {
    return expression(column.expression) + " AS " + quote_identifier(column.name);
  });
  const auto comma = keys.empty() || aggregates.empty() ? "" : ", ";
  return "SELECT " + keys + comma + aggregates + clauses(source) +
         (keys.empty() ? "" : line("GROUP BY ") + keys);
}

std::string QueryWriter::write(const CollectNode& node) {
  if (node.sorts_input) return collect_sorted(node);
  const auto source = from(*node.input);
  const auto keys = identifier_list(node.keys);
  std::string least;
  for (const auto& name : node.least) {
    least += ", min(" + quote_identifier(name) + ") AS " + quote_identifier(name);
  }
  const auto structure = join_text(node.fields, ", ", [&](const NamedExpression& field) {
    return quote_string(field.name) + ": " + expression(field.expression);
  });
  return "SELECT " + keys + least + ", list_sort(list({" + structure + "})) AS " +
         quote_identifier(node.list) + clauses(source) + line("GROUP BY ") + keys;
}

std::string QueryWriter::collect_sorted(const CollectNode& node) {
  std::vector<std::string> order = node.keys;
  for (const auto& field : node.fields) order.push_back(field.name);
  const auto rows = nested([&] {
    const auto source = from(*node.input);
    auto names = node.keys;
    names.insert(names.end(), node.least.begin(), node.least.end());
    return "SELECT " + identifier_list(names) + ", " + columns(node.fields) + clauses(source) +
           line("ORDER BY ") + identifier_list(order);
  });
  const auto names_of = [](const std::vector<std::string>& names) {
    return "[" + join_text(names, ", ", [](const auto& name) { return quote_string(name); }) + "]";
  };
  return "SELECT *" + line("FROM collect_sorted(") + rows + ", keys := " + names_of(node.keys) +
         (node.least.empty() ? "" : ", least := " + names_of(node.least)) +
         ", list := " + quote_string(node.list) + ")";
}

std::string QueryWriter::columns(const std::vector<NamedExpression>& columns) {
  return join_text(columns, ", ", [&](const NamedExpression& column) {
    const auto name = quote_identifier(column.name);
    const auto value = expression(column.expression);
    return value == name ? name : value + " AS " + name;
  });
}

std::string QueryWriter::write(const SortNode& node) {
  const auto source = from(*node.input);
  return "SELECT *" + clauses(source) + line("ORDER BY ") + identifier_list(node.columns);
}

QueryWriter::From QueryWriter::from(const FilterNode& filter) {
  auto source = from(*filter.input);
  const auto predicate = "(" + expression(filter.predicate) + ")";
  source.where += source.where.empty() ? predicate : " AND " + predicate;
  return source;
}

QueryWriter::From QueryWriter::from(const Plan& plan) {
  if (const auto* filter = std::get_if<FilterNode>(&plan.node)) return from(*filter);
  if (const auto* scan = std::get_if<ScanNode>(&plan.node)) return {relation(scan->relation), ""};
  return {nested(plan), ""};
}

std::string QueryWriter::from_text(const Plan& plan) {
  if (const auto* scan = std::get_if<ScanNode>(&plan.node)) return relation(scan->relation);
  return nested(plan);
}

std::string QueryWriter::clauses(const From& from) const {
  return line("FROM ") + from.text + (from.where.empty() ? "" : line("WHERE ") + from.where);
}

std::string QueryWriter::expression(const Expression& expression) {
  if (expression.placeholders.empty()) return expression.sql;
  return duck::replace_placeholders(expression.sql,
                                    [&](std::uint32_t place) { return placeholder(place); });
}

std::string QueryWriter::placeholder(std::uint32_t place) {
  const auto& bound = parameters_.at(place);
  const auto [entry, is_new] = numbers_.try_emplace(place, values_.size() + 1);
  if (is_new) values_.push_back(bound.value);
  return "CAST($" + std::to_string(entry->second) + " AS " + bound.type + ")";
}

std::string QueryWriter::join_condition(const JoinNode& node) const {
  if (node.containment) return containment_condition(node);
  return join_text(node.equalities, " AND ", [](const JoinNode::KeyPair& pair) {
    return qualified(kLeft, pair.columns.left_key) + " = " +
           qualified(kRight, pair.columns.right_key);
  });
}

std::string with_queries(const std::vector<NamedQuery>& queries, const std::string& body) {
  if (queries.empty()) return body;
  return "WITH " +
         join_text(queries, ",\n",
                   [](const NamedQuery& query) {
                     return quote_identifier(query.name) + " AS NOT MATERIALIZED " + query.sql;
                   }) +
         "\n" + body;
}

std::string shape_query(const Columns& columns) {
  return "SELECT " + join_text(columns, ", ", [](const duck::ResultColumn& column) {
           return "CAST(NULL AS " + column.duckdb_type + ") AS " + quote_identifier(column.name);
         });
}

std::string identifier_list(const std::vector<std::string>& names) {
  return join_text(names, ", ", [](const std::string& name) { return quote_identifier(name); });
}

}  // namespace engine
