#include "duck/row_tracking_internal.h"

#include <duckdb/common/multi_file/multi_file_data.hpp>
#include <duckdb/function/function_binder.hpp>
#include <duckdb/parser/expression/constant_expression.hpp>
#include <duckdb/planner/expression/bound_constant_expression.hpp>
#include <duckdb/planner/expression/bound_operator_expression.hpp>
#include <duckdb/planner/expression/bound_reference_expression.hpp>
#include <utility>

#include "base/error.h"
#include "delta/word_property.h"
#include "duck/errors_internal.h"

namespace duck {
namespace {

using duckdb::LogicalType;
using ExpressionPointer = duckdb::unique_ptr<duckdb::Expression>;

bool tracks_rows(const delta::Snapshot& snapshot) {
  return delta::is_enabled(snapshot.metadata(), "delta.enableRowTracking");
}

std::optional<std::string> property(const delta::Snapshot& snapshot, const std::string& name) {
  const auto& configuration = snapshot.metadata().configuration;
  const auto found = configuration.find(name);
  if (found == configuration.end()) return std::nullopt;
  return found->second;
}

std::int64_t required(const std::optional<std::int64_t>& value, const delta::AddFile& file,
                      const char* name) {
  if (value) return *value;
  throw carried_by_duckdb(
      base::Error(base::Stage::kRuntime, "DELTA_LOG_CORRUPT",
                  "the table tracks its rows, but '" + file.path + "' was added without " + name,
                  {{"path", file.path}}));
}

ExpressionPointer constant(std::int64_t value) {
  return duckdb::make_uniq<duckdb::BoundConstantExpression>(duckdb::Value::BIGINT(value));
}

ExpressionPointer reference(duckdb::idx_t position) {
  return duckdb::make_uniq<duckdb::BoundReferenceExpression>(LogicalType::BIGINT, position);
}

ExpressionPointer sum(duckdb::ClientContext& context, ExpressionPointer left,
                      ExpressionPointer right) {
  duckdb::vector<ExpressionPointer> operands;
  operands.push_back(std::move(left));
  operands.push_back(std::move(right));
  duckdb::ErrorData error;
  auto call = duckdb::FunctionBinder(context).BindScalarFunction(DEFAULT_SCHEMA, "+",
                                                                 std::move(operands), error, true);
  if (!call) error.Throw();
  return call;
}

ExpressionPointer coalesce(ExpressionPointer first, ExpressionPointer second) {
  auto expression = duckdb::make_uniq<duckdb::BoundOperatorExpression>(
      duckdb::ExpressionType::OPERATOR_COALESCE, LogicalType::BIGINT);
  expression->children.push_back(std::move(first));
  expression->children.push_back(std::move(second));
  return expression;
}

duckdb::MultiFileColumnDefinition column_in_file(const char* name) {
  duckdb::MultiFileColumnDefinition column(name, LogicalType::BIGINT);
  column.default_expression =
      duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value(LogicalType::BIGINT));
  return column;
}

bool has_column(const duckdb::BaseFileReader& reader, const std::string& name) {
  for (const auto& column : reader.GetColumns()) {
    if (column.name == name) return true;
  }
  return false;
}

// Has the reader give the rows' positions in the file too; where they are among its columns.
duckdb::idx_t add_row_number(duckdb::BaseFileReader& reader) {
  const duckdb::MultiFileLocalColumnId column(reader.columns.size());
  reader.columns.emplace_back("\x02row_number", LogicalType::BIGINT);
  reader.AddVirtualColumn(duckdb::MultiFileReader::COLUMN_IDENTIFIER_FILE_ROW_NUMBER);
  reader.column_ids.push_back(column);
  reader.column_indexes.emplace_back(column.GetId());
  return reader.column_ids.size() - 1;
}

const char* name_in_file(duckdb::column_t column) {
  return column == kRowIdColumn ? kRowIdInFile : kRowCommitVersionInFile;
}

// What follows from the add action, given where the rows' positions are.
ExpressionPointer row_id(duckdb::ClientContext& context, const delta::AddFile& file,
                         duckdb::idx_t row_number) {
  return sum(context, constant(required(file.base_row_id, file, "baseRowId")),
             reference(row_number));
}
ExpressionPointer row_commit_version(const delta::AddFile& file) {
  return constant(required(file.default_row_commit_version, file, "defaultRowCommitVersion"));
}

}  // namespace

RowTrackingNames row_tracking_names(const delta::Snapshot& snapshot) {
  if (!tracks_rows(snapshot)) return {};
  return {property(snapshot, "delta.rowTracking.materializedRowIdColumnName"),
          property(snapshot, "delta.rowTracking.materializedRowCommitVersionColumnName")};
}

void add_row_tracking_columns(const delta::Snapshot& snapshot,
                              duckdb::virtual_column_map_t& columns) {
  if (!tracks_rows(snapshot)) return;
  columns.insert({kRowIdColumn, duckdb::TableColumn("_row_id", LogicalType::BIGINT)});
  columns.insert(
      {kRowCommitVersionColumn, duckdb::TableColumn("_row_commit_version", LogicalType::BIGINT)});
}

RowTrackingColumns::RowTrackingColumns()
    : row_id_(column_in_file(kRowIdInFile)),
      row_commit_version_(column_in_file(kRowCommitVersionInFile)) {}

ExpressionPointer RowTrackingColumns::map(
    duckdb::ClientContext& context, const duckdb::BaseFileReader& reader,
    const delta::AddFile& file, duckdb::idx_t& column, duckdb::MultiFileLocalIndex position,
    duckdb::optional_ptr<duckdb::MultiFileColumnDefinition>& in_file) {
  if (has_column(reader, name_in_file(column))) {
    in_file = column == kRowIdColumn ? row_id_ : row_commit_version_;
    return nullptr;
  }
  if (column == kRowCommitVersionColumn) return row_commit_version(file);
  column = duckdb::MultiFileReader::COLUMN_IDENTIFIER_FILE_ROW_NUMBER;
  return row_id(context, file, position.GetIndex());
}

void RowTrackingColumns::fill_in(duckdb::ClientContext& context,
                                 duckdb::MultiFileReaderData& reader_data,
                                 const delta::AddFile& file,
                                 const duckdb::vector<duckdb::ColumnIndex>& global_column_ids) {
  duckdb::BaseFileReader& reader = *reader_data.reader;
  for (duckdb::idx_t i = 0; i < global_column_ids.size(); ++i) {
    const duckdb::column_t column = global_column_ids[i].GetPrimaryIndex();
    if (!is_row_tracking_column(column) || !has_column(reader, name_in_file(column))) continue;
    auto& expression = reader_data.expressions[i];
    expression = coalesce(std::move(expression), column == kRowIdColumn
                                                     ? row_id(context, file, add_row_number(reader))
                                                     : row_commit_version(file));
  }
}

}  // namespace duck
