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

// Whether evaluating the filter may fail, as a cast does: on a deleted row, too.
bool may_fail(const duckdb::TableFilter& filter) {
  const auto any = [](const auto& children) {
    return std::any_of(children.begin(), children.end(),
                       [](const auto& child) { return may_fail(*child); });
  };
  switch (filter.filter_type) {
    case duckdb::TableFilterType::EXPRESSION_FILTER:
      return true;
    case duckdb::TableFilterType::OPTIONAL_FILTER: {
      const auto& child = filter.Cast<duckdb::OptionalFilter>().child_filter;
      return child && may_fail(*child);
    }
    case duckdb::TableFilterType::STRUCT_EXTRACT:
      return may_fail(*filter.Cast<duckdb::StructFilter>().child_filter);
    case duckdb::TableFilterType::CONJUNCTION_OR:
      return any(filter.Cast<duckdb::ConjunctionOrFilter>().child_filters);
    case duckdb::TableFilterType::CONJUNCTION_AND:
      return any(filter.Cast<duckdb::ConjunctionAndFilter>().child_filters);
    default:
      return false;
  }
}

using FilterPointer = duckdb::unique_ptr<duckdb::TableFilter>;

// DuckDB looks for equal values in a file's Bloom filters, where it misses bytes that are no
// printable text, and one zero as the other.
FilterPointer understood(const duckdb::ConstantFilter& filter) {
  const auto type = filter.constant.type().id();
  const bool is_missed = type == duckdb::LogicalTypeId::BLOB ||
                         type == duckdb::LogicalTypeId::FLOAT ||
                         type == duckdb::LogicalTypeId::DOUBLE;
  if (filter.comparison_type != duckdb::ExpressionType::COMPARE_EQUAL || !is_missed) {
    return filter.Copy();
  }
  auto both = duckdb::make_uniq<duckdb::ConjunctionAndFilter>();
  for (const auto comparison : {duckdb::ExpressionType::COMPARE_GREATERTHANOREQUALTO,
                                duckdb::ExpressionType::COMPARE_LESSTHANOREQUALTO}) {
    both->child_filters.push_back(
        duckdb::make_uniq<duckdb::ConstantFilter>(comparison, filter.constant));
  }
  return both;
}

// What is left of a filter once the parts are gone that DuckDB's readers take for others; nothing
// when none is. Those are optional: their condition is evaluated elsewhere too.
FilterPointer understood(const duckdb::TableFilter& filter) {
  switch (filter.filter_type) {
    case duckdb::TableFilterType::CONSTANT_COMPARISON:
      return understood(filter.Cast<duckdb::ConstantFilter>());
    case duckdb::TableFilterType::OPTIONAL_FILTER: {
      // IS [NOT] DISTINCT FROM counts as a comparison that NULL never meets, or fails.
      const auto& child = filter.Cast<duckdb::OptionalFilter>().child_filter;
      if (!child) return filter.Copy();
      auto left = compares_null(*child) ? nullptr : understood(*child);
      if (!left) return nullptr;
      return duckdb::make_uniq<duckdb::OptionalFilter>(std::move(left));
    }
    case duckdb::TableFilterType::CONJUNCTION_AND: {
      auto all = duckdb::make_uniq<duckdb::ConjunctionAndFilter>();
      for (const auto& child : filter.Cast<duckdb::ConjunctionAndFilter>().child_filters) {
        if (auto left = understood(*child)) all->child_filters.push_back(std::move(left));
      }
      if (all->child_filters.empty()) return nullptr;
      return all;
    }
    case duckdb::TableFilterType::CONJUNCTION_OR: {
      auto any = duckdb::make_uniq<duckdb::ConjunctionOrFilter>();
      for (const auto& child : filter.Cast<duckdb::ConjunctionOrFilter>().child_filters) {
        auto left = understood(*child);
        if (!left) return nullptr;
        any->child_filters.push_back(std::move(left));
      }
      return any;
    }
    default:
      return filter.Copy();
  }
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
    if (!is_constant(reader_data, global_columns, column, position)) continue;
    if (auto left = understood(*filter)) constant->filters.emplace(position, std::move(left));
  }
  return constant;
}

void push_filters(duckdb::MultiFileReaderData& reader_data,
                  const duckdb::TableFilterSet& on_constants, const duckdb::TableFilterSet& filters,
                  const duckdb::vector<duckdb::ColumnIndex>& global_column_ids) {
  duckdb::BaseFileReader& reader = *reader_data.reader;
  auto pushed = duckdb::make_uniq<duckdb::TableFilterSet>();
  for (const auto& [global_position, filter] : filters.filters) {
    if (on_constants.filters.contains(global_position)) continue;
    auto& expression = reader_data.expressions[global_position];
    if (is_row_tracking_column(global_column_ids[global_position].GetPrimaryIndex())) {
      if (filter->filter_type == duckdb::TableFilterType::OPTIONAL_FILTER) continue;
      reader.Cast<DeltaFileReader>().add_row_filter(filter->ToExpression(*expression));
      continue;
    }
    auto left = understood(*filter);
    if (!left) continue;
    const duckdb::idx_t position = referenced_column(expression);
    if (expression->GetExpressionClass() != duckdb::ExpressionClass::BOUND_REF) {
      evaluate_in_reader(reader, expression, position);
    }
    pushed->filters.emplace(position, std::move(left));
  }
  const auto& all = pushed->filters;
  if (std::any_of(all.begin(), all.end(), [](const auto& one) { return may_fail(*one.second); })) {
    reader.Cast<DeltaFileReader>().leave_out_before_filters();
  }
  if (!pushed->filters.empty()) reader.filters = std::move(pushed);
}

}  // namespace duck
