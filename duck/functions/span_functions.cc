#include <duckdb/planner/expression/bound_function_expression.hpp>
#include <optional>

#include "duck/functions/functions_internal.h"

namespace duck {
namespace {

using duckdb::DataChunk;
using duckdb::ExpressionState;
using duckdb::FlatVector;
using duckdb::FunctionNullHandling;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::ScalarFunction;
using duckdb::StructType;
using duckdb::StructVector;
using duckdb::UnifiedVectorFormat;
using duckdb::Vector;

LogicalType span_type() {
  return LogicalType::STRUCT({{"bstart", LogicalType::BIGINT},
                              {"bend", LogicalType::BIGINT},
                              {"line_base", LogicalType::INTEGER},
                              {"col_unit", LogicalType::VARCHAR},
                              {"end_exclusive", LogicalType::BOOLEAN}});
}

// Where a span argument has its fields; the type of a span may have others, in any order.
struct SpanFields {
  idx_t begin = 0;
  idx_t end = 0;
  std::optional<idx_t> end_exclusive;

  bool operator==(const SpanFields&) const = default;
};

struct SpanArguments : duckdb::FunctionData {
  std::vector<SpanFields> fields;

  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override {
    return duckdb::make_uniq<SpanArguments>(*this);
  }
  bool Equals(const duckdb::FunctionData& other) const override {
    return fields == other.Cast<SpanArguments>().fields;
  }
};

duckdb::unique_ptr<duckdb::FunctionData> bind_spans(
    duckdb::ClientContext&, ScalarFunction& function,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  auto bound = duckdb::make_uniq<SpanArguments>();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    LogicalType type = arguments[i]->return_type;
    if (type.id() == LogicalTypeId::UNKNOWN || type.id() == LogicalTypeId::SQLNULL) {
      type = span_type();
    }
    if (type.id() != LogicalTypeId::STRUCT) {
      throw duckdb::BinderException("%s: argument %d is no span but %s", function.name, i + 1,
                                    type.ToString());
    }
    std::optional<idx_t> begin;
    std::optional<idx_t> end;
    SpanFields fields;
    auto children = StructType::GetChildTypes(type);
    for (idx_t child = 0; child < children.size(); ++child) {
      auto& [name, child_type] = children[child];
      if (duckdb::StringUtil::CIEquals(name, "bstart")) {
        begin = child;
        child_type = LogicalType::BIGINT;
      } else if (duckdb::StringUtil::CIEquals(name, "bend")) {
        end = child;
        child_type = LogicalType::BIGINT;
      } else if (duckdb::StringUtil::CIEquals(name, "end_exclusive")) {
        fields.end_exclusive = child;
        child_type = LogicalType::BOOLEAN;
      }
    }
    if (!begin || !end) {
      throw duckdb::BinderException("%s: argument %d has no bstart and bend: %s", function.name,
                                    i + 1, type.ToString());
    }
    fields.begin = *begin;
    fields.end = *end;
    bound->fields.push_back(fields);
    function.arguments[i] = LogicalType::STRUCT(std::move(children));
  }
  return bound;
}

struct Span {
  __int128 begin;
  __int128 end;   // as given
  __int128 past;  // the first position that is not in the span
};

// A column of spans during one call.
class SpanColumn {
 public:
  SpanColumn(Vector& vector, idx_t rows, const SpanFields& fields) {
    vector.ToUnifiedFormat(rows, spans_);
    auto& children = StructVector::GetEntries(vector);
    children[fields.begin]->ToUnifiedFormat(rows, begins_);
    children[fields.end]->ToUnifiedFormat(rows, ends_);
    if (fields.end_exclusive) {
      has_exclusive_ = true;
      children[*fields.end_exclusive]->ToUnifiedFormat(rows, exclusive_);
    }
  }

  // Nothing when the span or a field of it is null.
  std::optional<Span> at(idx_t row) const {
    if (!spans_.validity.RowIsValid(spans_.sel->get_index(row))) return std::nullopt;
    // The fields of a struct are found by row: a dictionary of structs has slices of its own.
    const idx_t begin = begins_.sel->get_index(row);
    const idx_t end = ends_.sel->get_index(row);
    if (!begins_.validity.RowIsValid(begin) || !ends_.validity.RowIsValid(end)) {
      return std::nullopt;
    }
    bool exclusive = true;
    if (has_exclusive_) {
      const idx_t flag = exclusive_.sel->get_index(row);
      if (!exclusive_.validity.RowIsValid(flag)) return std::nullopt;
      exclusive = UnifiedVectorFormat::GetData<bool>(exclusive_)[flag];
    }
    const __int128 last = UnifiedVectorFormat::GetData<std::int64_t>(ends_)[end];
    return Span{UnifiedVectorFormat::GetData<std::int64_t>(begins_)[begin], last,
                exclusive ? last : last + 1};
  }

 private:
  UnifiedVectorFormat spans_;
  UnifiedVectorFormat begins_;
  UnifiedVectorFormat ends_;
  UnifiedVectorFormat exclusive_;
  bool has_exclusive_ = false;
};

std::vector<SpanColumn> span_columns(DataChunk& arguments, ExpressionState& state, idx_t rows) {
  const auto& bound = state.expr.Cast<duckdb::BoundFunctionExpression>();
  const auto& fields = bound.bind_info->Cast<SpanArguments>().fields;
  std::vector<SpanColumn> columns;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    columns.emplace_back(arguments.data[i], rows, fields[i]);
  }
  return columns;
}

void span_len(DataChunk& arguments, ExpressionState& state, Vector& result) {
  const idx_t rows = rows_to_compute(arguments);
  const auto spans = span_columns(arguments, state, rows);
  auto* values = FlatVector::GetData<std::int64_t>(result);
  for (idx_t row = 0; row < rows; ++row) {
    const auto span = spans[0].at(row);
    if (!span) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    const __int128 length = span->end - span->begin;
    values[row] = static_cast<std::int64_t>(length);
    if (values[row] != length) {
      throw duckdb::OutOfRangeException("span_len: the length of span [%d, %d] exceeds BIGINT",
                                        static_cast<std::int64_t>(span->begin),
                                        static_cast<std::int64_t>(span->end));
    }
  }
  finish_result(arguments, result);
}

template <typename Relation>
void relate(DataChunk& arguments, ExpressionState& state, Vector& result, Relation relation) {
  const idx_t rows = rows_to_compute(arguments);
  const auto spans = span_columns(arguments, state, rows);
  auto* values = FlatVector::GetData<bool>(result);
  for (idx_t row = 0; row < rows; ++row) {
    const auto a = spans[0].at(row);
    const auto b = spans[1].at(row);
    if (!a || !b) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    values[row] = relation(*a, *b);
  }
  finish_result(arguments, result);
}

void span_overlaps(DataChunk& arguments, ExpressionState& state, Vector& result) {
  relate(arguments, state, result,
         [](const Span& a, const Span& b) { return a.begin < b.past && b.begin < a.past; });
}

void span_contains(DataChunk& arguments, ExpressionState& state, Vector& result) {
  relate(arguments, state, result,
         [](const Span& a, const Span& b) { return a.begin <= b.begin && b.past <= a.past; });
}

// (bstart, bend [, line_base [, col_unit [, end_exclusive]]])
void span_make(DataChunk& arguments, ExpressionState&, Vector& result) {
  auto& fields = StructVector::GetEntries(result);
  const idx_t rows = arguments.size();
  std::vector<UnifiedVectorFormat> formats(arguments.ColumnCount());
  for (idx_t i = 0; i < formats.size(); ++i) arguments.data[i].ToUnifiedFormat(rows, formats[i]);
  std::vector<idx_t> null_rows;
  for (idx_t row = 0; row < rows; ++row) {
    for (const auto& format : formats) {
      if (format.validity.RowIsValid(format.sel->get_index(row))) continue;
      null_rows.push_back(row);
      break;
    }
  }
  const duckdb::Value defaults[] = {duckdb::Value::INTEGER(0), duckdb::Value("byte"),
                                    duckdb::Value::BOOLEAN(true)};
  for (idx_t i = 0; i < fields.size(); ++i) {
    Vector field(fields[i]->GetType(), nullptr);
    if (i < formats.size()) {
      field.Reference(arguments.data[i]);
    } else {
      field.Reference(defaults[i - 2]);
    }
    // The fields of a null struct must be null, and the arguments are not ours to change.
    if (null_rows.empty()) {
      fields[i]->Reference(field);
    } else {
      duckdb::VectorOperations::Copy(field, *fields[i], rows, 0, 0);
    }
  }
  for (const idx_t row : null_rows) FlatVector::SetNull(result, row, true);
  finish_result(arguments, result);
}

void add_overload(duckdb::ScalarFunctionSet& set, duckdb::vector<LogicalType> arguments,
                  LogicalType result, duckdb::scalar_function_t function,
                  duckdb::bind_scalar_function_t bind = nullptr) {
  ScalarFunction overload(std::move(arguments), std::move(result), std::move(function), bind);
  overload.SetNullHandling(FunctionNullHandling::SPECIAL_HANDLING);
  overload.SetFallible();
  set.AddFunction(std::move(overload));
}

}  // namespace

std::vector<AddedFunction> span_functions() {
  const LogicalType any = LogicalType::ANY;
  duckdb::ScalarFunctionSet make("span_make");
  duckdb::vector<LogicalType> arguments;
  const LogicalType span = span_type();
  for (const auto& [name, type] : StructType::GetChildTypes(span)) {
    arguments.push_back(type);
    if (arguments.size() >= 2) add_overload(make, arguments, span, span_make);
  }
  duckdb::ScalarFunctionSet length("span_len");
  add_overload(length, {any}, LogicalType::BIGINT, span_len, bind_spans);
  duckdb::ScalarFunctionSet overlaps("span_overlaps");
  add_overload(overlaps, {any, any}, LogicalType::BOOLEAN, span_overlaps, bind_spans);
  duckdb::ScalarFunctionSet contains("span_contains");
  add_overload(contains, {any, any}, LogicalType::BOOLEAN, span_contains, bind_spans);
  return {{make, {"span"}}, {length, {}}, {overlaps, {}}, {contains, {}}};
}

}  // namespace duck
