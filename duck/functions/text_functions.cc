#include <optional>

#include "duck/functions/functions_internal.h"
#include "duck/functions/portable_text_internal.h"
#include "duck/functions/unicode_text.h"

namespace duck {
namespace {

using duckdb::DataChunk;
using duckdb::ExpressionState;
using duckdb::FlatVector;
using duckdb::FunctionNullHandling;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::ScalarFunction;
using duckdb::string_t;
using duckdb::StringVector;
using duckdb::Vector;

// A column of flags during one call.
class FlagColumn {
 public:
  FlagColumn(Vector& vector, idx_t rows)
      : format_(unified_format(vector, rows)),
        flags_(duckdb::UnifiedVectorFormat::GetData<bool>(format_)) {}
  bool is_null(idx_t row) const {
    return !format_.validity.RowIsValid(format_.sel->get_index(row));
  }
  bool flag(idx_t row) const { return flags_[format_.sel->get_index(row)]; }

 private:
  duckdb::UnifiedVectorFormat format_;
  const bool* flags_;
};

NormalForm normal_form(std::string_view name) {
  if (const auto form = parse_normal_form(name)) return *form;
  throw duckdb::InvalidInputException(
      "utf8_normalize: '%s' is no Unicode normal form; there are NFC, NFD, NFKC and NFKD",
      std::string(name));
}

// (text [, form [, casefold [, collapse_ws]]])
void utf8_normalize(DataChunk& arguments, ExpressionState&, Vector& result) {
  const idx_t rows = rows_to_compute(arguments);
  const TextColumn texts(arguments.data[0], rows);
  std::optional<TextColumn> forms;
  if (arguments.ColumnCount() > 1) forms.emplace(arguments.data[1], rows);
  std::vector<FlagColumn> flags;
  for (idx_t i = 2; i < arguments.ColumnCount(); ++i) flags.emplace_back(arguments.data[i], rows);

  auto* values = FlatVector::GetData<string_t>(result);
  std::string normalized;
  for (idx_t row = 0; row < rows; ++row) {
    bool null = texts.is_null(row) || (forms && forms->is_null(row));
    for (const FlagColumn& flag : flags) null = null || flag.is_null(row);
    if (null) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    TextRules rules;
    if (forms) rules.form = normal_form(forms->text(row));
    if (!flags.empty()) rules.lower_case = flags[0].flag(row);
    if (flags.size() > 1) rules.collapse_white_space = flags[1].flag(row);
    normalize_text(texts.text(row), rules, normalized);
    values[row] = StringVector::AddString(result, normalized);
  }
  finish_result(arguments, result);
}

void utf8_null_if_blank(DataChunk& arguments, ExpressionState&, Vector& result) {
  const idx_t rows = rows_to_compute(arguments);
  const TextColumn texts(arguments.data[0], rows);
  auto* values = FlatVector::GetData<string_t>(result);
  for (idx_t row = 0; row < rows; ++row) {
    const std::string_view body = texts.is_null(row) ? "" : trimmed(texts.text(row));
    if (body.empty()) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    values[row] = StringVector::AddString(result, body.data(), body.size());
  }
  finish_result(arguments, result);
}

// (symbol [, module [, language]]); no language has rules of its own.
void qname_normalize(DataChunk& arguments, ExpressionState&, Vector& result) {
  const idx_t rows = rows_to_compute(arguments);
  const TextColumn symbols(arguments.data[0], rows);
  std::optional<TextColumn> modules;
  if (arguments.ColumnCount() > 1) modules.emplace(arguments.data[1], rows);

  auto* values = FlatVector::GetData<string_t>(result);
  std::string symbol;
  std::string module;
  for (idx_t row = 0; row < rows; ++row) {
    symbol.clear();
    module.clear();
    if (!symbols.is_null(row)) normalize_text(symbols.text(row), {}, symbol);
    if (symbol.empty()) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    if (modules && !modules->is_null(row) && symbol.find('.') == std::string::npos) {
      normalize_text(modules->text(row), {}, module);
      if (!module.empty()) symbol.insert(0, module + '.');
    }
    values[row] = StringVector::AddString(result, symbol);
  }
  finish_result(arguments, result);
}

void add_overload(duckdb::ScalarFunctionSet& set, duckdb::vector<LogicalType> arguments,
                  duckdb::scalar_function_t function) {
  ScalarFunction overload(std::move(arguments), LogicalType::VARCHAR, std::move(function),
                          bind_text_arguments);
  overload.SetNullHandling(FunctionNullHandling::SPECIAL_HANDLING);
  overload.SetFallible();
  set.AddFunction(std::move(overload));
}

}  // namespace

std::vector<AddedFunction> text_functions() {
  const LogicalType any = LogicalType::ANY;
  const LogicalType text = LogicalType::VARCHAR;
  const LogicalType flag = LogicalType::BOOLEAN;

  duckdb::ScalarFunctionSet normalize("utf8_normalize");
  add_overload(normalize, {any}, utf8_normalize);
  add_overload(normalize, {any, text}, utf8_normalize);
  add_overload(normalize, {any, text, flag}, utf8_normalize);
  add_overload(normalize, {any, text, flag, flag}, utf8_normalize);

  duckdb::ScalarFunctionSet null_if_blank("utf8_null_if_blank");
  add_overload(null_if_blank, {any}, utf8_null_if_blank);

  duckdb::ScalarFunctionSet qname("qname_normalize");
  add_overload(qname, {any}, qname_normalize);
  add_overload(qname, {any, any}, qname_normalize);
  add_overload(qname, {any, any, any}, qname_normalize);

  return {{normalize, {"normalize_utf8"}},
          {null_if_blank, {"null_if_blank"}},
          {qname, {"qualname_normalize"}}};
}

}  // namespace duck
