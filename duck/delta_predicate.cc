#include "duck/delta_predicate_internal.h"

#include <duckdb/function/scalar/struct_utils.hpp>
#include <duckdb/planner/expression/list.hpp>
#include <duckdb/planner/filter/expression_filter.hpp>
#include <duckdb/planner/filter/list.hpp>
#include <utility>

#include "duck/cast_conversion_internal.h"
#include "duck/values_internal.h"

namespace duck {
namespace {

using delta::Predicate;
using duckdb::ExpressionClass;
using duckdb::ExpressionType;
using duckdb::LogicalType;

Predicate unknown() { return {}; }

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

// Types whose DuckDB order and equality are those of Delta's statistics, and whose casts make NULL
// of NULL alone. Nanoseconds would be cut off; UHUGEINT, INTERVAL, ENUM, TIMETZ, … are no values of
// delta's; JSON has a null of its own.
bool is_comparable(const LogicalType& type) {
  using Id = duckdb::LogicalTypeId;
  switch (type.id()) {
    case Id::VARCHAR:
      return duckdb::StringType::GetCollation(type).empty() && !type.HasAlias();
    case Id::BOOLEAN:
    case Id::TINYINT:
    case Id::SMALLINT:
    case Id::INTEGER:
    case Id::BIGINT:
    case Id::UTINYINT:
    case Id::USMALLINT:
    case Id::UINTEGER:
    case Id::UBIGINT:
    case Id::HUGEINT:
    case Id::FLOAT:
    case Id::DOUBLE:
    case Id::DECIMAL:
    case Id::BLOB:
    case Id::DATE:
    case Id::TIMESTAMP:
    case Id::TIMESTAMP_SEC:
    case Id::TIMESTAMP_MS:
    case Id::TIMESTAMP_TZ:
      return true;
    default:
      return false;
  }
}

// A column, or what casts make of it.
struct Operand {
  ColumnPath column;
  std::optional<Predicate::Conversion> conversion = std::nullopt;
};

Predicate leaf(Predicate::Op op, Operand operand, std::vector<delta::Value> values = {}) {
  return {.op = op,
          .column = std::move(operand.column),
          .values = std::move(values),
          .children = {},
          .conversion = std::move(operand.conversion)};
}

Predicate compare(ExpressionType type, Operand operand, const duckdb::Value& value) {
  const auto op = comparison(type);
  if (!op || value.IsNull() || !is_comparable(value.type())) return unknown();
  return leaf(*op, std::move(operand), {to_delta(value)});
}

// The value is `value`, which may be NULL, and not only unknown to be another.
Predicate not_distinct(const Operand& operand, const duckdb::Value& value) {
  if (value.IsNull()) return leaf(Predicate::Op::kIsNull, {operand.column});
  return node(Predicate::Op::kAnd, {leaf(Predicate::Op::kIsNotNull, {operand.column}),
                                    compare(ExpressionType::COMPARE_EQUAL, operand, value)});
}

// One expression tree into one predicate tree.
class ExpressionReader {
 public:
  ExpressionReader(duckdb::ClientContext& context, const NameColumn& name_column)
      : context_(context), name_column_(name_column) {}

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
      case ExpressionClass::BOUND_CAST:
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

  std::optional<Operand> operand_of(const duckdb::Expression& expression) const {
    if (expression.GetExpressionClass() == ExpressionClass::BOUND_CAST) {
      return cast_operand_of(expression.Cast<duckdb::BoundCastExpression>());
    }
    auto column = column_of(expression);
    return column ? std::optional(Operand{std::move(*column)}) : std::nullopt;
  }

  std::optional<ColumnPath> column_of(const duckdb::Expression& expression) const {
    switch (expression.GetExpressionClass()) {
      case ExpressionClass::BOUND_COLUMN_REF:
      case ExpressionClass::BOUND_REF:
        return name_column_(expression);
      case ExpressionClass::BOUND_FUNCTION:
        return struct_part_of(expression.Cast<duckdb::BoundFunctionExpression>());
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

  std::optional<Operand> cast_operand_of(const duckdb::BoundCastExpression& cast) const {
    const LogicalType& from = cast.child->return_type;
    if (cast.try_cast || !is_comparable(from) || !is_comparable(cast.return_type)) {
      return std::nullopt;
    }
    auto operand = operand_of(*cast.child);
    if (!operand) return std::nullopt;
    auto conversion = cast_conversion(context_, from, cast.return_type);
    operand->conversion = operand->conversion
                              ? composed(std::move(*operand->conversion), std::move(conversion))
                              : std::move(conversion);
    return operand;
  }

  Predicate read_comparison(const duckdb::BoundComparisonExpression& expression) const {
    const auto type = expression.GetExpressionType();
    if (const duckdb::Value* value = constant_of(*expression.right)) {
      return read_comparison(type, *expression.left, *value);
    }
    if (const duckdb::Value* value = constant_of(*expression.left)) {
      return read_comparison(duckdb::FlipComparisonExpression(type), *expression.right, *value);
    }
    return unknown();
  }

  Predicate read_comparison(ExpressionType type, const duckdb::Expression& left,
                            const duckdb::Value& value) const {
    auto operand = operand_of(left);
    if (!operand) return unknown();
    switch (type) {
      case ExpressionType::COMPARE_NOT_DISTINCT_FROM:
        return not_distinct(*operand, value);
      case ExpressionType::COMPARE_DISTINCT_FROM:
        return node(Predicate::Op::kNot, {not_distinct(*operand, value)});
      default:
        return compare(type, std::move(*operand), value);
    }
  }

  Predicate read_between(const duckdb::BoundBetweenExpression& expression) const {
    const auto operand = operand_of(*expression.input);
    if (!operand) return unknown();
    const auto bound = [&](ExpressionType type, const duckdb::Expression& side) {
      const duckdb::Value* value = constant_of(side);
      return value ? compare(type, *operand, *value) : unknown();
    };
    return node(Predicate::Op::kAnd, {bound(expression.LowerComparisonType(), *expression.lower),
                                      bound(expression.UpperComparisonType(), *expression.upper)});
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
    auto operand = operand_of(expression);
    return operand ? leaf(op, Operand{std::move(operand->column)}) : unknown();
  }

  Predicate read_in(const duckdb::BoundOperatorExpression& expression) const {
    auto operand = operand_of(*expression.children[0]);
    if (!operand) return unknown();
    std::vector<delta::Value> values;
    for (std::size_t i = 1; i < expression.children.size(); ++i) {
      const duckdb::Value* value = constant_of(*expression.children[i]);
      if (!value || !is_comparable(value->type())) return unknown();
      values.push_back(to_delta(*value));
    }
    return leaf(Predicate::Op::kIn, std::move(*operand), std::move(values));
  }

  Predicate read_function(const duckdb::BoundFunctionExpression& call) const {
    const std::string& name = call.function.name;
    if (call.children.size() != 2) return read_boolean_column(call);
    if (name == "prefix" || name == "starts_with" || name == "^@") {
      const duckdb::Value* value = constant_of(*call.children[1]);
      return value ? read_prefix(*call.children[0], *value) : unknown();
    }
    if (name == "~~") return read_like(call);
    if (name == "!~~") return node(Predicate::Op::kNot, {read_like(call)});
    return read_boolean_column(call);
  }

  Predicate read_prefix(const duckdb::Expression& text, const duckdb::Value& prefix) const {
    auto operand = operand_of(text);
    if (!operand || prefix.IsNull() || !is_comparable(text.return_type)) return unknown();
    return leaf(Predicate::Op::kStartsWith, std::move(*operand), {to_delta(prefix)});
  }

  // A pattern that is more than a prefix: the text starts with what is before the first wildcard.
  Predicate read_like(const duckdb::BoundFunctionExpression& call) const {
    const duckdb::Value* pattern = constant_of(*call.children[1]);
    if (!pattern || pattern->IsNull()) return unknown();
    const std::string text = duckdb::StringValue::Get(*pattern);
    const std::string prefix = text.substr(0, text.find_first_of("%_"));
    if (prefix.empty()) return unknown();
    return node(Predicate::Op::kAnd,
                {read_prefix(*call.children[0], duckdb::Value(prefix)), unknown()});
  }

  Predicate read_boolean_column(const duckdb::Expression& expression) const {
    if (expression.return_type.id() != duckdb::LogicalTypeId::BOOLEAN) return unknown();
    auto operand = operand_of(expression);
    return operand ? leaf(Predicate::Op::kEqual, std::move(*operand), {true}) : unknown();
  }

  duckdb::ClientContext& context_;
  const NameColumn& name_column_;
};

// The filters on one column.
class FilterReader {
 public:
  FilterReader(duckdb::ClientContext& context, ColumnPath column)
      : context_(context), column_(std::move(column)) {}

  Predicate read(const duckdb::TableFilter& filter) const {
    switch (filter.filter_type) {
      case duckdb::TableFilterType::CONSTANT_COMPARISON:
        return read_constant(filter.Cast<duckdb::ConstantFilter>());
      case duckdb::TableFilterType::IS_NULL:
        return leaf(Predicate::Op::kIsNull, {column_});
      case duckdb::TableFilterType::IS_NOT_NULL:
        return leaf(Predicate::Op::kIsNotNull, {column_});
      case duckdb::TableFilterType::CONJUNCTION_OR:
        return read_all(Predicate::Op::kOr, filter.Cast<duckdb::ConjunctionOrFilter>());
      case duckdb::TableFilterType::CONJUNCTION_AND:
        return read_all(Predicate::Op::kAnd, filter.Cast<duckdb::ConjunctionAndFilter>());
      case duckdb::TableFilterType::STRUCT_EXTRACT:
        return read_struct_part(filter.Cast<duckdb::StructFilter>());
      case duckdb::TableFilterType::OPTIONAL_FILTER: {
        const auto& child = filter.Cast<duckdb::OptionalFilter>().child_filter;
        return child ? read(*child) : unknown();
      }
      case duckdb::TableFilterType::IN_FILTER:
        return read_in(filter.Cast<duckdb::InFilter>());
      case duckdb::TableFilterType::DYNAMIC_FILTER:
        return read_present_value(filter.Cast<duckdb::DynamicFilter>());
      case duckdb::TableFilterType::EXPRESSION_FILTER:
        return read_expression(*filter.Cast<duckdb::ExpressionFilter>().expr);
      default:
        return unknown();
    }
  }

 private:
  template <typename Conjunction>
  Predicate read_all(Predicate::Op op, const Conjunction& filter) const {
    std::vector<Predicate> children;
    for (const auto& child : filter.child_filters) children.push_back(read(*child));
    return node(op, std::move(children));
  }

  Predicate read_constant(const duckdb::ConstantFilter& filter) const {
    return compare(filter.comparison_type, {column_}, filter.constant);
  }

  Predicate read_in(const duckdb::InFilter& filter) const {
    std::vector<delta::Value> values;
    for (const duckdb::Value& value : filter.values) {
      if (!is_comparable(value.type())) return unknown();
      values.push_back(to_delta(value));
    }
    return leaf(Predicate::Op::kIn, {column_}, std::move(values));
  }

  Predicate read_present_value(const duckdb::DynamicFilter& filter) const {
    if (!filter.filter_data) return unknown();
    const std::lock_guard lock(filter.filter_data->lock);
    if (!filter.filter_data->initialized || !filter.filter_data->filter) return unknown();
    return read_constant(*filter.filter_data->filter);
  }

  Predicate read_struct_part(const duckdb::StructFilter& filter) const {
    if (filter.child_name.empty()) return unknown();
    ColumnPath part = column_;
    part.push_back(filter.child_name);
    return FilterReader(context_, std::move(part)).read(*filter.child_filter);
  }

  Predicate read_expression(const duckdb::Expression& expression) const {
    return to_predicate(context_, expression,
                        [&](const duckdb::Expression&) { return std::optional(column_); });
  }

  duckdb::ClientContext& context_;
  const ColumnPath column_;
};

}  // namespace

Predicate to_predicate(duckdb::ClientContext& context, const duckdb::Expression& expression,
                       const NameColumn& name_column) {
  return ExpressionReader(context, name_column).read(expression);
}

Predicate to_predicate(duckdb::ClientContext& context, const duckdb::TableFilter& filter,
                       const ColumnPath& column) {
  return FilterReader(context, column).read(filter);
}

}  // namespace duck
