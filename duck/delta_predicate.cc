#include <algorithm>
#include <duckdb/function/scalar/struct_utils.hpp>
#include <duckdb/planner/expression/list.hpp>
#include <duckdb/planner/filter/expression_filter.hpp>
#include <duckdb/planner/filter/list.hpp>
#include <utility>

#include "duck/delta_predicate_internal.h"
#include "duck/values_internal.h"

namespace duck {
namespace {

using delta::Predicate;
using duckdb::ExpressionClass;
using duckdb::ExpressionType;
using duckdb::LogicalType;

Predicate unknown() { return {}; }

Predicate leaf(Predicate::Op op, ColumnPath column, std::vector<delta::Value> values = {}) {
  return {.op = op, .column = std::move(column), .values = std::move(values), .children = {}};
}

Predicate node(Predicate::Op op, std::vector<Predicate> children) {
  return {.op = op, .column = {}, .values = {}, .children = std::move(children)};
}

std::optional<Predicate::Op> comparison(ExpressionType type) {
  switch (type) {
    case ExpressionType::COMPARE_EQUAL:
      return Predicate::Op::kEqual;
    case ExpressionType::COMPARE_NOTEQUAL:
      return Predicate::Op::kNotEqual;
    case ExpressionType::COMPARE_LESSTHAN:
      return Predicate::Op::kLess;
    case ExpressionType::COMPARE_LESSTHANOREQUALTO:
      return Predicate::Op::kLessEqual;
    case ExpressionType::COMPARE_GREATERTHAN:
      return Predicate::Op::kGreater;
    case ExpressionType::COMPARE_GREATERTHANOREQUALTO:
      return Predicate::Op::kGreaterEqual;
    default:
      return std::nullopt;
  }
}

// Types whose DuckDB order and equality are those of Delta's statistics.
bool is_comparable(const LogicalType& type) {
  if (type.IsNested()) return false;
  return type.id() != duckdb::LogicalTypeId::VARCHAR ||
         duckdb::StringType::GetCollation(type).empty();
}

Predicate compare(ExpressionType type, ColumnPath column, const duckdb::Value& value) {
  const auto op = comparison(type);
  if (!op || value.IsNull() || !is_comparable(value.type())) return unknown();
  return leaf(*op, std::move(column), {to_delta(value)});
}

// One expression tree into one predicate tree.
class ExpressionReader {
 public:
  explicit ExpressionReader(const NameColumn& name_column) : name_column_(name_column) {}

  Predicate read(const duckdb::Expression& expression) const {
    switch (expression.GetExpressionClass()) {
      case ExpressionClass::BOUND_COMPARISON:
        return read_comparison(expression.Cast<duckdb::BoundComparisonExpression>());
      case ExpressionClass::BOUND_BETWEEN:
        return read_between(expression.Cast<duckdb::BoundBetweenExpression>());
      case ExpressionClass::BOUND_CONJUNCTION:
        return read_conjunction(expression.Cast<duckdb::BoundConjunctionExpression>());
      case ExpressionClass::BOUND_OPERATOR:
        return read_operator(expression.Cast<duckdb::BoundOperatorExpression>());
      case ExpressionClass::BOUND_FUNCTION:
        return read_function(expression.Cast<duckdb::BoundFunctionExpression>());
      case ExpressionClass::BOUND_COLUMN_REF:
      case ExpressionClass::BOUND_REF:
        return read_boolean_column(expression);
      default:
        return unknown();
    }
  }

 private:
  static const duckdb::Value* constant_of(const duckdb::Expression& expression) {
    if (expression.GetExpressionClass() != ExpressionClass::BOUND_CONSTANT) return nullptr;
    return &expression.Cast<duckdb::BoundConstantExpression>().value;
  }

  std::optional<ColumnPath> column_of(const duckdb::Expression& expression) const {
    switch (expression.GetExpressionClass()) {
      case ExpressionClass::BOUND_COLUMN_REF:
      case ExpressionClass::BOUND_REF:
        return name_column_(expression);
      case ExpressionClass::BOUND_FUNCTION:
        return struct_part_of(expression.Cast<duckdb::BoundFunctionExpression>());
      case ExpressionClass::BOUND_CAST:
        return widened_column_of(expression.Cast<duckdb::BoundCastExpression>());
      default:
        return std::nullopt;
    }
  }

  std::optional<ColumnPath> struct_part_of(const duckdb::BoundFunctionExpression& call) const {
    const std::string& name = call.function.name;
    if ((name != "struct_extract" && name != "struct_extract_at" && name != "array_extract") ||
        call.children.empty() || !call.bind_info) {
      return std::nullopt;
    }
    const LogicalType& type = call.children[0]->return_type;
    if (type.id() != duckdb::LogicalTypeId::STRUCT) return std::nullopt;
    auto path = column_of(*call.children[0]);
    if (!path) return std::nullopt;
    const auto index = call.bind_info->Cast<duckdb::StructExtractBindData>().index;
    path->push_back(duckdb::StructType::GetChildName(type, index));
    return path;
  }

  // A cast between integers keeps order and equality.
  std::optional<ColumnPath> widened_column_of(const duckdb::BoundCastExpression& cast) const {
    const auto is_integer = [](const LogicalType& type) {
      return type.id() == duckdb::LogicalTypeId::TINYINT ||
             type.id() == duckdb::LogicalTypeId::SMALLINT ||
             type.id() == duckdb::LogicalTypeId::INTEGER ||
             type.id() == duckdb::LogicalTypeId::BIGINT;
    };
    if (cast.try_cast || !is_integer(cast.child->return_type) || !is_integer(cast.return_type)) {
      return std::nullopt;
    }
    return column_of(*cast.child);
  }

  Predicate read_comparison(const duckdb::BoundComparisonExpression& expression) const {
    if (const duckdb::Value* value = constant_of(*expression.right)) {
      auto column = column_of(*expression.left);
      return column ? compare(expression.GetExpressionType(), std::move(*column), *value)
                    : unknown();
    }
    if (const duckdb::Value* value = constant_of(*expression.left)) {
      auto column = column_of(*expression.right);
      const auto flipped = duckdb::FlipComparisonExpression(expression.GetExpressionType());
      return column ? compare(flipped, std::move(*column), *value) : unknown();
    }
    return unknown();
  }

  Predicate read_between(const duckdb::BoundBetweenExpression& expression) const {
    const duckdb::Value* lower = constant_of(*expression.lower);
    const duckdb::Value* upper = constant_of(*expression.upper);
    const auto column = column_of(*expression.input);
    if (!column) return unknown();
    std::vector<Predicate> bounds;
    if (lower) bounds.push_back(compare(expression.LowerComparisonType(), *column, *lower));
    if (upper) bounds.push_back(compare(expression.UpperComparisonType(), *column, *upper));
    return bounds.empty() ? unknown() : node(Predicate::Op::kAnd, std::move(bounds));
  }

  Predicate read_conjunction(const duckdb::BoundConjunctionExpression& expression) const {
    std::vector<Predicate> children;
    for (const auto& child : expression.children) children.push_back(read(*child));
    const bool is_and = expression.GetExpressionType() == ExpressionType::CONJUNCTION_AND;
    return node(is_and ? Predicate::Op::kAnd : Predicate::Op::kOr, std::move(children));
  }

  Predicate read_operator(const duckdb::BoundOperatorExpression& expression) const {
    switch (expression.GetExpressionType()) {
      case ExpressionType::OPERATOR_NOT:
        return node(Predicate::Op::kNot, {read(*expression.children[0])});
      case ExpressionType::OPERATOR_IS_NULL:
        return read_null_test(Predicate::Op::kIsNull, *expression.children[0]);
      case ExpressionType::OPERATOR_IS_NOT_NULL:
        return read_null_test(Predicate::Op::kIsNotNull, *expression.children[0]);
      case ExpressionType::COMPARE_IN:
        return read_in(expression);
      case ExpressionType::COMPARE_NOT_IN:
        return node(Predicate::Op::kNot, {read_in(expression)});
      default:
        return unknown();
    }
  }

  Predicate read_null_test(Predicate::Op op, const duckdb::Expression& expression) const {
    auto column = column_of(expression);
    return column ? leaf(op, std::move(*column)) : unknown();
  }

  Predicate read_in(const duckdb::BoundOperatorExpression& expression) const {
    auto column = column_of(*expression.children[0]);
    if (!column) return unknown();
    std::vector<delta::Value> values;
    for (std::size_t i = 1; i < expression.children.size(); ++i) {
      const duckdb::Value* value = constant_of(*expression.children[i]);
      if (!value || value->IsNull() || !is_comparable(value->type())) return unknown();
      values.push_back(to_delta(*value));
    }
    return leaf(Predicate::Op::kIn, std::move(*column), std::move(values));
  }

  Predicate read_function(const duckdb::BoundFunctionExpression& call) const {
    const std::string& name = call.function.name;
    if ((name == "prefix" || name == "starts_with" || name == "^@") && call.children.size() == 2) {
      const duckdb::Value* value = constant_of(*call.children[1]);
      auto column = column_of(*call.children[0]);
      if (!column || !value || value->IsNull() || !is_comparable(value->type())) return unknown();
      return leaf(Predicate::Op::kStartsWith, std::move(*column), {to_delta(*value)});
    }
    return read_boolean_column(call);
  }

  Predicate read_boolean_column(const duckdb::Expression& expression) const {
    if (expression.return_type.id() != duckdb::LogicalTypeId::BOOLEAN) return unknown();
    auto column = column_of(expression);
    return column ? leaf(Predicate::Op::kEqual, std::move(*column), {true}) : unknown();
  }

  const NameColumn& name_column_;
};

template <typename Conjunction>
Predicate conjunction(Predicate::Op op, const Conjunction& filter, const ColumnPath& column) {
  std::vector<Predicate> children;
  for (const auto& child : filter.child_filters) children.push_back(to_predicate(*child, column));
  return node(op, std::move(children));
}

Predicate in_list(const duckdb::InFilter& filter, const ColumnPath& column) {
  std::vector<delta::Value> values;
  for (const duckdb::Value& value : filter.values) {
    if (value.IsNull() || !is_comparable(value.type())) return unknown();
    values.push_back(to_delta(value));
  }
  return leaf(Predicate::Op::kIn, column, std::move(values));
}

Predicate constant(const duckdb::ConstantFilter& filter, const ColumnPath& column) {
  return compare(filter.comparison_type, column, filter.constant);
}

Predicate present_value(const duckdb::DynamicFilter& filter, const ColumnPath& column) {
  if (!filter.filter_data) return unknown();
  const std::lock_guard lock(filter.filter_data->lock);
  if (!filter.filter_data->initialized || !filter.filter_data->filter) return unknown();
  return constant(*filter.filter_data->filter, column);
}

Predicate struct_part(const duckdb::StructFilter& filter, ColumnPath column) {
  if (filter.child_name.empty()) return unknown();
  column.push_back(filter.child_name);
  return to_predicate(*filter.child_filter, column);
}

}  // namespace

Predicate to_predicate(const duckdb::Expression& expression, const NameColumn& name_column) {
  return ExpressionReader(name_column).read(expression);
}

Predicate to_predicate(const duckdb::TableFilter& filter, const ColumnPath& column) {
  switch (filter.filter_type) {
    case duckdb::TableFilterType::CONSTANT_COMPARISON:
      return constant(filter.Cast<duckdb::ConstantFilter>(), column);
    case duckdb::TableFilterType::IS_NULL:
      return leaf(Predicate::Op::kIsNull, column);
    case duckdb::TableFilterType::IS_NOT_NULL:
      return leaf(Predicate::Op::kIsNotNull, column);
    case duckdb::TableFilterType::CONJUNCTION_OR:
      return conjunction(Predicate::Op::kOr, filter.Cast<duckdb::ConjunctionOrFilter>(), column);
    case duckdb::TableFilterType::CONJUNCTION_AND:
      return conjunction(Predicate::Op::kAnd, filter.Cast<duckdb::ConjunctionAndFilter>(), column);
    case duckdb::TableFilterType::STRUCT_EXTRACT:
      return struct_part(filter.Cast<duckdb::StructFilter>(), column);
    case duckdb::TableFilterType::OPTIONAL_FILTER: {
      const auto& child = filter.Cast<duckdb::OptionalFilter>().child_filter;
      return child ? to_predicate(*child, column) : unknown();
    }
    case duckdb::TableFilterType::IN_FILTER:
      return in_list(filter.Cast<duckdb::InFilter>(), column);
    case duckdb::TableFilterType::DYNAMIC_FILTER:
      return present_value(filter.Cast<duckdb::DynamicFilter>(), column);
    case duckdb::TableFilterType::EXPRESSION_FILTER:
      return to_predicate(
          *filter.Cast<duckdb::ExpressionFilter>().expr,
          [&](const duckdb::Expression&) { return std::optional<ColumnPath>(column); });
    default:
      return unknown();
  }
}

bool may_hold(const Predicate& predicate, const delta::Value& value) {
  const auto child_may_hold = [&](const Predicate& child) { return may_hold(child, value); };
  const auto compared = [&](const auto& holds) {
    const auto order = delta::compare(value, predicate.values.front());
    return !order || holds(*order);
  };
  switch (predicate.op) {
    case Predicate::Op::kAnd:
      return std::all_of(predicate.children.begin(), predicate.children.end(), child_may_hold);
    case Predicate::Op::kOr:
      return std::any_of(predicate.children.begin(), predicate.children.end(), child_may_hold);
    case Predicate::Op::kEqual:
      return compared([](auto order) { return order == 0; });
    case Predicate::Op::kLess:
      return compared([](auto order) { return order < 0; });
    case Predicate::Op::kLessEqual:
      return compared([](auto order) { return order <= 0; });
    case Predicate::Op::kGreater:
      return compared([](auto order) { return order > 0; });
    case Predicate::Op::kGreaterEqual:
      return compared([](auto order) { return order >= 0; });
    case Predicate::Op::kIn:
      return std::any_of(predicate.values.begin(), predicate.values.end(), [&](const auto& one) {
        const auto order = delta::compare(value, one);
        return !order || *order == 0;
      });
    default:
      return true;
  }
}

bool is_unknown(const Predicate& predicate) {
  switch (predicate.op) {
    case Predicate::Op::kUnknown:
      return true;
    case Predicate::Op::kAnd:
      return std::all_of(predicate.children.begin(), predicate.children.end(), is_unknown);
    case Predicate::Op::kOr:
      return std::any_of(predicate.children.begin(), predicate.children.end(), is_unknown);
    case Predicate::Op::kNot:
      return is_unknown(predicate.children.front());
    default:
      return false;
  }
}

}  // namespace duck
