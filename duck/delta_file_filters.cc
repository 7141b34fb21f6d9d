#include "duck/delta_file_filters_internal.h"

#include <algorithm>
#include <duckdb/planner/expression/bound_reference_expression.hpp>
#include <duckdb/planner/expression_iterator.hpp>
#include <duckdb/planner/filter/list.hpp>
#include <duckdb/planner/table_filter.hpp>

#include "duck/delta_file_reader_internal.h"
#include "duck/row_tracking_internal.h"

namespace duck {
namespace {

bool has_column(const duckdb::BaseFileReader& reader, const std::string& name) {
  for (const auto& column : reader.GetColumns()) {
    if (duckdb::StringUtil::CIEquals(column.name, name)) return true;
  }
  return false;
}

bool is_constant(const duckdb::MultiFileReaderData& reader_data,
                 const duckdb::vector<duckdb::MultiFileColumnDefinition>& global_columns,
                 duckdb::column_t column, duckdb::idx_t position) {
  for (const auto& constant : reader_data.constant_map) {
    if (constant.column_idx.GetIndex() == position) return true;
  }
  if (duckdb::IsVirtualColumn(column)) return column == duckdb::COLUMN_IDENTIFIER_EMPTY;
  return !has_column(*reader_data.reader, global_columns[column].name);
}

bool compares_null(const duckdb::TableFilter& filter) {
  const auto any = [](const auto& children) {
    return std::any_of(children.begin(), children.end(),
                       [](const auto& child) { return compares_null(*child); });
  };
  switch (filter.filter_type) {
    case duckdb::TableFilterType::CONSTANT_COMPARISON: {
      const auto type = filter.Cast<duckdb::ConstantFilter>().comparison_type;
      return type == duckdb::ExpressionType::COMPARE_DISTINCT_FROM ||
             type == duckdb::ExpressionType::COMPARE_NOT_DISTINCT_FROM;
    }
    case duckdb::TableFilterType::CONJUNCTION_OR:
      return any(filter.Cast<duckdb::ConjunctionOrFilter>().child_filters);
    case duckdb::TableFilterType::CONJUNCTION_AND:
      return any(filter.Cast<duckdb::ConjunctionAndFilter>().child_filters);
    case duckdb::TableFilterType::STRUCT_EXTRACT:
      return compares_null(*filter.Cast<duckdb::StructFilter>().child_filter);
    default:
      return false;
  }
}

// DuckDB's readers take IS [NOT] DISTINCT FROM for a comparison that NULL never meets, or fail at
// it. It comes as an optional filter, whose condition is evaluated elsewhere too.
bool is_misunderstood(const duckdb::TableFilter& filter) {
  if (filter.filter_type != duckdb::TableFilterType::OPTIONAL_FILTER) return false;
  const auto& child = filter.Cast<duckdb::OptionalFilter>().child_filter;
  return child && compares_null(*child);
}

// The position among the reader's columns that an expression reads.
duckdb::idx_t referenced_column(duckdb::unique_ptr<duckdb::Expression>& expression) {
  duckdb::idx_t index = 0;
  duckdb::ExpressionIterator::VisitExpressionMutable<duckdb::BoundReferenceExpression>(
      expression, [&](duckdb::BoundReferenceExpression& reference,
                      duckdb::unique_ptr<duckdb::Expression>&) { index = reference.index; });
  return index;
}

// Lets the reader itself evaluate the expression over its column, before the filters.
void evaluate_in_reader(duckdb::BaseFileReader& reader,
                        duckdb::unique_ptr<duckdb::Expression>& expression,
                        duckdb::idx_t position) {
  const duckdb::LogicalType type = expression->return_type;
  duckdb::ExpressionIterator::VisitExpressionMutable<duckdb::BoundReferenceExpression>(
      expression, [](duckdb::BoundReferenceExpression& reference,
                     duckdb::unique_ptr<duckdb::Expression>&) { reference.index = 0; });
  reader.expression_map[reader.column_indexes[position].GetPrimaryIndex()] = std::move(expression);
  expression = duckdb::make_uniq<duckdb::BoundReferenceExpression>(type, position);
}

}  // namespace

duckdb::unique_ptr<duckdb::TableFilterSet> filters_on_constants(
    const duckdb::MultiFileReaderData& reader_data,
    const duckdb::vector<duckdb::MultiFileColumnDefinition>& global_columns,
    const duckdb::vector<duckdb::ColumnIndex>& global_column_ids,
    const duckdb::TableFilterSet& filters) {
  auto constant = duckdb::make_uniq<duckdb::TableFilterSet>();
  for (const auto& [position, filter] : filters.filters) {
    const duckdb::column_t column = global_column_ids[position].GetPrimaryIndex();
    if (is_misunderstood(*filter)) continue;
    if (is_constant(reader_data, global_columns, column, position)) {
      constant->filters.emplace(position, filter->Copy());
    }
  }
  return constant;
}

void push_filters(duckdb::MultiFileReaderData& reader_data,
                  const duckdb::TableFilterSet& on_constants, const duckdb::TableFilterSet& filters,
                  const duckdb::vector<duckdb::ColumnIndex>& global_column_ids) {
  duckdb::BaseFileReader& reader = *reader_data.reader;
  auto pushed = duckdb::make_uniq<duckdb::TableFilterSet>();
  for (const auto& [global_position, filter] : filters.filters) {
    if (on_constants.filters.count(global_position) != 0 || is_misunderstood(*filter)) continue;
    auto& expression = reader_data.expressions[global_position];
    if (is_row_tracking_column(global_column_ids[global_position].GetPrimaryIndex())) {
      if (filter->filter_type == duckdb::TableFilterType::OPTIONAL_FILTER) continue;
      reader.Cast<DeltaFileReader>().add_row_filter(filter->ToExpression(*expression));
      continue;
    }
    const duckdb::idx_t position = referenced_column(expression);
    if (expression->GetExpressionClass() != duckdb::ExpressionClass::BOUND_REF) {
      evaluate_in_reader(reader, expression, position);
    }
    pushed->filters.emplace(position, filter->Copy());
  }
  if (!pushed->filters.empty()) reader.filters = std::move(pushed);
}

}  // namespace duck
