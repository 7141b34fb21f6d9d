#include "duck/delta_file_list_internal.h"

#include <algorithm>
#include <duckdb/common/multi_file/multi_file_reader.hpp>
#include <duckdb/planner/expression/bound_columnref_expression.hpp>
#include <numeric>

#include "duck/delta_predicate_internal.h"
#include "duck/errors_internal.h"
#include "duck/predicate_value.h"
#include "duck/scan_guesses.h"
#include "duck/values_internal.h"

namespace duck {
namespace {

constexpr const char* kFileIndexOption = "delta_file_index";

}  // namespace

void DeltaFileList::open(std::shared_ptr<const DeltaTable> table) {
  std::vector<std::size_t> all(table->files().size());
  std::iota(all.begin(), all.end(), 0);
  open(std::move(table), std::move(all));
}

void DeltaFileList::open(std::shared_ptr<const DeltaTable> table, std::vector<std::size_t> files,
                         std::size_t most_threads) {
  table_ = std::move(table);
  kept_ = std::move(files);
  most_threads_ = most_threads;
  counts_ = {.total = static_cast<std::int64_t>(kept_.size())};
}

std::size_t DeltaFileList::file_index(const duckdb::OpenFileInfo& file) {
  return file.extended_info->options.at(kFileIndexOption).GetValue<std::uint64_t>();
}

const delta::AddFile& DeltaFileList::file(std::size_t i) const { return table_->files()[kept_[i]]; }

std::optional<std::int64_t> DeltaFileList::exact_rows() const {
  const auto& rows = table_->file_rows();
  std::int64_t total = 0;
  for (const std::size_t index : kept_) {
    if (!rows[index]) return std::nullopt;
    total += *rows[index];
  }
  return total;
}

delta::SkippingCounts DeltaFileList::restrict(const delta::Predicate& condition) {
  delta::PrunedFiles pruned =
      inside_duckdb([&] { return delta::prune_files(table_->snapshot(), condition, kept_); });
  kept_ = std::move(pruned.kept);
  return pruned.counts;
}

void DeltaFileList::restrict_indices(const delta::Predicate& condition) {
  std::erase_if(kept_, [&](std::size_t index) {
    return !may_hold(condition, to_delta(duckdb::Value::UBIGINT(index)));
  });
}

duckdb::unique_ptr<duckdb::MultiFileList> DeltaFileList::ComplexFilterPushdown(
    duckdb::ClientContext& context, const duckdb::MultiFileOptions&,
    duckdb::MultiFilePushdownInfo& info,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) const {
  const auto name_column = [&](const duckdb::Expression& expression) -> std::optional<ColumnPath> {
    if (expression.GetExpressionClass() != duckdb::ExpressionClass::BOUND_COLUMN_REF) {
      return std::nullopt;
    }
    const auto& binding = expression.Cast<duckdb::BoundColumnRefExpression>().binding;
    if (binding.table_index != info.table_index || binding.column_index >= info.column_ids.size()) {
      return std::nullopt;
    }
    const duckdb::column_t column = info.column_ids[binding.column_index];
    if (duckdb::IsVirtualColumn(column)) return std::nullopt;
    return ColumnPath{info.column_names[column]};
  };
  delta::Predicate all{
      .op = delta::Predicate::Op::kAnd, .column = {}, .values = {}, .children = {}};
  for (const auto& filter : filters) {
    all.children.push_back(to_predicate(context, *filter, name_column));
  }
  if (is_unknown(all)) return nullptr;
  auto list = duckdb::make_uniq<DeltaFileList>(*this);
  const delta::SkippingCounts pruned = list->restrict(all);
  list->counts_.pruned_by_partition += pruned.pruned_by_partition;
  list->counts_.pruned_by_statistics += pruned.pruned_by_statistics;
  return list;
}

duckdb::unique_ptr<duckdb::MultiFileList> DeltaFileList::DynamicFilterPushdown(
    duckdb::ClientContext& context, const duckdb::MultiFileOptions&,
    const duckdb::vector<std::string>& names, const duckdb::vector<duckdb::LogicalType>&,
    const duckdb::vector<duckdb::column_t>& column_ids, duckdb::TableFilterSet& filters) const {
  delta::Predicate all{
      .op = delta::Predicate::Op::kAnd, .column = {}, .values = {}, .children = {}};
  delta::Predicate on_index = all;
  for (const auto& [position, filter] : filters.filters) {
    const duckdb::column_t column = column_ids[position];
    if (column == duckdb::MultiFileReader::COLUMN_IDENTIFIER_FILE_INDEX) {
      on_index.children.push_back(to_predicate(context, *filter, {}));
    } else if (!duckdb::IsVirtualColumn(column)) {
      all.children.push_back(to_predicate(context, *filter, {names[column]}));
    }
  }
  if (is_unknown(all) && is_unknown(on_index)) return nullptr;
  auto list = duckdb::make_uniq<DeltaFileList>(*this);
  if (!is_unknown(all)) list->restrict(all);
  // The second scan of a late materialization: it wants the files of a few rows.
  if (!is_unknown(on_index)) list->restrict_indices(on_index);
  // Conditions that were known before have left out what they could.
  list->counts_.pruned_by_join_filter +=
      static_cast<std::int64_t>(kept_.size() - list->kept_.size());
  return list;
}

duckdb::vector<duckdb::OpenFileInfo> DeltaFileList::GetAllFiles() const {
  duckdb::vector<duckdb::OpenFileInfo> files;
  files.reserve(kept_.size());
  for (std::size_t i = 0; i < kept_.size(); ++i) files.push_back(GetFile(i));
  return files;
}

duckdb::FileExpandResult DeltaFileList::GetExpandResult() const {
  if (kept_.empty()) return duckdb::FileExpandResult::NO_FILES;
  // DuckDB reads a single file with as many threads as the first file that it bound has row
  // groups, and it bound none here.
  const bool is_small = kept_.size() == 1 && file(0).size < kSmallFileBytes;
  return is_small ? duckdb::FileExpandResult::SINGLE_FILE
                  : duckdb::FileExpandResult::MULTIPLE_FILES;
}

duckdb::idx_t DeltaFileList::GetTotalFileCount() const { return kept_.size(); }

duckdb::vector<duckdb::OpenFileInfo> DeltaFileList::GetDisplayFileList(duckdb::optional_idx) const {
  return {duckdb::OpenFileInfo(location_)};
}

duckdb::unique_ptr<duckdb::NodeStatistics> DeltaFileList::GetCardinality(
    duckdb::ClientContext&) const {
  if (const auto rows = exact_rows()) {
    return duckdb::make_uniq<duckdb::NodeStatistics>(*rows, *rows);
  }
  std::int64_t estimate = 0;
  const auto& rows = table_->file_rows();
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    estimate += rows[kept_[i]].value_or(file(i).size / kBytesPerRow + 1);
  }
  return duckdb::make_uniq<duckdb::NodeStatistics>(estimate);
}

duckdb::unique_ptr<duckdb::MultiFileList> DeltaFileList::Copy() const {
  return duckdb::make_uniq<DeltaFileList>(*this);
}

duckdb::OpenFileInfo DeltaFileList::GetFile(duckdb::idx_t i) const {
  if (i >= kept_.size()) return duckdb::OpenFileInfo("");
  duckdb::OpenFileInfo info(table_->snapshot().data_path(file(i)));
  info.extended_info = duckdb::make_shared_ptr<duckdb::ExtendedOpenFileInfo>();
  info.extended_info->options[kFileIndexOption] = duckdb::Value::UBIGINT(kept_[i]);
  return info;
}

}  // namespace duck
