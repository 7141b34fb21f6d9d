#include "duck/row_projection_internal.h"

#include <duckdb/planner/expression/bound_cast_expression.hpp>
#include <duckdb/planner/expression/bound_constant_expression.hpp>
#include <duckdb/planner/expression/bound_reference_expression.hpp>
#include <duckdb/planner/expression_iterator.hpp>
#include <optional>
#include <utility>

#include "base/error.h"
#include "duck/errors_internal.h"
#include "duck/row_binding_internal.h"
#include "duck/types_internal.h"

namespace duck {
namespace {

using duckdb::Expression;
using duckdb::idx_t;
using ExpressionPtr = duckdb::unique_ptr<Expression>;

bool equal_names(const std::string& left, const std::string& right) {
  return duckdb::StringUtil::CIEquals(left, right);
}

class RowProjection {
 public:
  RowProjection(duckdb::ClientContext& context, const std::string& location,
                const delta::Schema& schema, const RowRules& rules)
      : context_(context), location_(location), schema_(schema), rules_(rules) {}

  Expressions project(Expressions given) {
    columns_.resize(schema_.fields.size());
    if (rules_.columns_by_name) {
      place_by_name(std::move(given));
    } else {
      place_by_position(std::move(given));
    }
    fill(rules_.defaults);
    fill_nulls();
    fill(rules_.generated);
    store();
    Expressions result = copies();
    for (const RowCheck& check : rules_.checks) {
      result.push_back(bound(check.condition, duckdb::LogicalType::BOOLEAN));
    }
    for (idx_t i = 0; i < schema_.fields.size(); ++i) {
      result[i]->SetAlias(schema_.fields[i].name);
    }
    return result;
  }

 private:
  [[noreturn]] void mismatch(const std::string& what, const std::string& column = "") const {
    base::Error::Details details{{"path", location_}};
    if (!column.empty()) details["column"] = column;
    throw base::Error(base::Stage::kMaterialization, "DELTA_SCHEMA_MISMATCH",
                      "the query for " + location_ + " " + what, std::move(details));
  }

  void place(idx_t column, ExpressionPtr value) {
    columns_[column] = duckdb::BoundCastExpression::AddCastToType(
        context_, std::move(value), to_duckdb(schema_.fields[column].type));
  }

  void place_by_position(Expressions given) {
    const auto& fields = schema_.fields;
    if (given.size() != fields.size()) {
      mismatch("gives " + std::to_string(given.size()) + " columns, the table has " +
               std::to_string(fields.size()));
    }
    for (idx_t i = 0; i < given.size(); ++i) {
      const std::string name = given[i]->GetAlias();
      if (!equal_names(name, fields[i].name)) {
        mismatch("gives the column " + name + " where the table has " + fields[i].name, name);
      }
      place(i, std::move(given[i]));
    }
  }

  std::optional<idx_t> find(const std::string& name) const {
    for (idx_t i = 0; i < schema_.fields.size(); ++i) {
      if (equal_names(schema_.fields[i].name, name)) return i;
    }
    return std::nullopt;
  }

  void place_by_name(Expressions given) {
    for (ExpressionPtr& value : given) {
      const std::string name = value->GetAlias();
      const std::optional<idx_t> column = find(name);
      if (!column) mismatch("gives the column " + name + ", which the table does not have", name);
      if (columns_[*column]) mismatch("gives the column " + name + " twice", name);
      place(*column, std::move(value));
    }
  }

  // Each value is bound before one of them counts, since none may rest on another.
  void fill(const std::map<std::string, std::string>& values) {
    std::vector<std::pair<idx_t, ExpressionPtr>> filled;
    for (const auto& [name, sql] : values) {
      const std::optional<idx_t> column = find(name);
      if (!column || columns_[*column]) continue;
      filled.emplace_back(*column, bound(sql, to_duckdb(schema_.fields[*column].type)));
    }
    for (auto& [column, value] : filled) columns_[column] = std::move(value);
  }

  bool is_generated(const std::string& name) const {
    for (const auto& [column, sql] : rules_.generated) {
      if (equal_names(column, name)) return true;
    }
    return false;
  }

  void fill_nulls() {
    for (idx_t i = 0; i < columns_.size(); ++i) {
      const delta::StructField& field = schema_.fields[i];
      if (columns_[i] || is_generated(field.name)) continue;
      if (!field.nullable) {
        mismatch("lacks the column " + field.name + ", which is not nullable", field.name);
      }
      columns_[i] =
          duckdb::make_uniq<duckdb::BoundConstantExpression>(duckdb::Value(to_duckdb(field.type)));
    }
  }

  void store() {
    std::vector<std::pair<idx_t, ExpressionPtr>> stored;
    for (const auto& [name, sql] : rules_.stored) {
      const std::optional<idx_t> column = find(name);
      if (!column) continue;
      stored.emplace_back(*column, bound(sql, to_duckdb(schema_.fields[*column].type)));
    }
    for (auto& [column, value] : stored) columns_[column] = std::move(value);
  }

  Expressions copies() const {
    Expressions result;
    for (const ExpressionPtr& column : columns_) result.push_back(column->Copy());
    return result;
  }

  ExpressionPtr bound(const std::string& sql, const duckdb::LogicalType& type) {
    return outside_duckdb(Phase::kBind, [&] {
      ExpressionPtr expression = bind_over_row(context_, sql, schema_, type);
      substitute(expression);
      return expression;
    });
  }

  // Puts the columns' own expressions in the place of references to them.
  void substitute(ExpressionPtr& expression) const {
    if (expression->GetExpressionClass() == duckdb::ExpressionClass::BOUND_REF) {
      const idx_t column = expression->Cast<duckdb::BoundReferenceExpression>().index;
      if (!columns_[column]) {
        throw duckdb::BinderException("the column %s, on which it rests, has no value yet",
                                      schema_.fields[column].name);
      }
      expression = columns_[column]->Copy();
      return;
    }
    duckdb::ExpressionIterator::EnumerateChildren(*expression,
                                                  [&](ExpressionPtr& child) { substitute(child); });
  }

  duckdb::ClientContext& context_;
  const std::string& location_;
  const delta::Schema& schema_;
  const RowRules& rules_;
  Expressions columns_;
};

}  // namespace

Expressions project_rows(duckdb::ClientContext& context, const std::string& location,
                         const delta::Schema& schema, const RowRules& rules, Expressions columns) {
  return RowProjection(context, location, schema, rules).project(std::move(columns));
}

}  // namespace duck
