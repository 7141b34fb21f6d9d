#include "duck/delta_file_reader_internal.h"

#include <duckdb/execution/expression_executor.hpp>
#include <utility>

#include "duck/delta_columns_internal.h"
#include "duck/errors_internal.h"
#include "duck/file_scan_internal.h"
#include "duck/footer_check_internal.h"
#include "duck/parquet_ranges_internal.h"
#include "duck/unshredded_variants_internal.h"

namespace duck {
namespace {

duckdb::ParquetOptions reader_options(duckdb::ClientContext& context) {
  duckdb::ParquetOptions options(context);
  // The types come from the table. Writers may leave NaN out of the maxima of a row group.
  options.variant_legacy_encoding = false;
  options.binary_as_string = false;
  options.can_have_nan = true;
  return options;
}

// Whether the file, not the query or the machine, is at fault. DuckDB's reader takes some damage
// for a fault of its own; as such, it would close the whole database.
bool blames_file(const duckdb::ErrorData& error) {
  switch (error.Type()) {
    case duckdb::ExceptionType::IO:
    case duckdb::ExceptionType::INVALID_INPUT:
    case duckdb::ExceptionType::INVALID:
    case duckdb::ExceptionType::SERIALIZATION:
    case duckdb::ExceptionType::NOT_IMPLEMENTED:
    case duckdb::ExceptionType::INTERNAL:
      return true;
    default:
      return false;
  }
}

[[noreturn]] void throw_unreadable(const std::string& path, const std::string& why) {
  throw carried_by_duckdb(base::Error(base::Stage::kRuntime, "DELTA_DATA_FILE_UNREADABLE",
                                      "data file '" + path + "': " + why, {{"path", path}}));
}

// Calls `body`, which reads `path`; a fault of the file leaves as an error that names it.
template <typename Body>
auto reading(const std::string& path, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const InvalidVariant& fault) {
    throw_unreadable(path, fault.why);
  } catch (const std::exception& exception) {
    const duckdb::ErrorData error(exception);
    const base::Error known = from_duckdb(error, Phase::kRun);
    if (known.code() == "DELTA_STORE_CHECKSUM_MISMATCH") throw_unreadable(path, known.message());
    if (known.code() != "QUERY_FAILED" || !blames_file(error)) throw;
    throw_unreadable(path, known.message());
  }
}

// Another file in its place could be read, as rows that were never committed.
void require_size(const DeltaFileReader& reader, std::int64_t logged) {
  const auto size = static_cast<std::int64_t>(reader.GetFileSize());
  if (size == logged) return;
  throw_unreadable(reader.GetFileName(), "it has " + std::to_string(size) + " bytes, not " +
                                             std::to_string(logged) + " as the log says");
}

// Calls `open`, which opens `path`; when that fails because there is no such file, the error says
// why that may be.
template <typename Open>
auto naming_missing(duckdb::ClientContext& context, const std::string& path,
                    const delta::Snapshot& snapshot, Open&& open) -> decltype(open()) {
  try {
    return open();
  } catch (const std::exception&) {
    if (duckdb::FileSystem::GetFileSystem(context).FileExists(path)) throw;
    throw carried_by_duckdb(base::Error(
        base::Stage::kRuntime, "DELTA_DATA_FILE_MISSING",
        "data file '" + path + "' is gone: a vacuum may have removed it since version " +
            std::to_string(snapshot.version()) +
            " of the table was the latest, or the table was replaced",
        {{"path", path}}));
  }
}

}  // namespace

duckdb::shared_ptr<DeltaFileReader> DeltaFileReader::open(duckdb::ClientContext& context,
                                                          const duckdb::OpenFileInfo& file,
                                                          const delta::Snapshot& snapshot,
                                                          const delta::Schema& columns,
                                                          std::size_t file_index,
                                                          const LoggedFile& logged) {
  return naming_missing(context, file.path, snapshot, [&] {
    auto reader = reading(file.path, [&] {
      return duckdb::make_shared_ptr<DeltaFileReader>(context, file, snapshot, columns, file_index);
    });
    if (logged.size) require_size(*reader, *logged.size);
    reading(file.path, [&] { reader->check_footer(); });
    if (const auto fault = footer_fault(*reader, snapshot, columns, logged.stats)) {
      reader->throw_unreadable(*fault);
    }
    return reader;
  });
}

DeltaFileReader::DeltaFileReader(duckdb::ClientContext& context, const duckdb::OpenFileInfo& file,
                                 const delta::Snapshot& snapshot, const delta::Schema& columns,
                                 std::size_t file_index)
    : duckdb::ParquetReader(context, file, reader_options(context)),
      file_index_(file_index),
      store_(snapshot.store()) {
  inside_duckdb([&] { align_columns(*this, snapshot, columns); });
}

void DeltaFileReader::check_footer() {
  has_checksums_ =
      inside_duckdb([&] { return check_ranges(*store_, GetFileName(), {footer_range(*this)}); });
}

void DeltaFileReader::check_pages(RowGroupScan& scan) {
  // Row groups that DuckDB leaves out by their statistics are not read.
  if (!has_checksums_ || scan.is_checked || scan.state.row_groups_scanned == scan.scanned_before) {
    return;
  }
  scan.is_checked = true;
  inside_duckdb([&] { check_ranges(*store_, GetFileName(), page_ranges(*this, scan.row_group)); });
}

void DeltaFileReader::add_row_filter(duckdb::unique_ptr<duckdb::Expression> condition) {
  row_filters_.push_back(std::move(condition));
}

void DeltaFileReader::leave_out(delta::DeletionVector deleted) {
  deleted_.emplace(std::move(deleted));
}

void DeltaFileReader::leave_out_before_filters() {
  if (!deleted_) return;
  deletion_filter = std::move(*deleted_).as_filter();
  deleted_.reset();
}

void DeltaFileReader::throw_unreadable(const std::string& why) const {
  duck::throw_unreadable(GetFileName(), why);
}

void DeltaFileReader::filter_rows(duckdb::ClientContext& context, duckdb::DataChunk& rows) const {
  for (const auto& condition : row_filters_) {
    duckdb::ExpressionExecutor executor(context, *condition);
    duckdb::SelectionVector selected(STANDARD_VECTOR_SIZE);
    const duckdb::idx_t count = executor.SelectExpression(rows, selected);
    if (count < rows.size()) rows.Slice(selected, count);
  }
}

bool DeltaFileReader::TryInitializeScan(duckdb::ClientContext&,
                                        duckdb::GlobalTableFunctionState& global_state,
                                        duckdb::LocalTableFunctionState& local_state) {
  auto& scan = global_state.Cast<FileScan>();
  if (scan.next_row_group >= NumRowGroups()) return false;
  local_state.Cast<RowGroupScan>().row_group = scan.next_row_group++;
  return true;
}

void DeltaFileReader::PrepareScan(duckdb::ClientContext& context,
                                  duckdb::GlobalTableFunctionState& global_state,
                                  duckdb::LocalTableFunctionState& local_state) {
  auto& scan = local_state.Cast<RowGroupScan>();
  scan.state.op = global_state.Cast<FileScan>().op;
  scan.is_checked = false;
  scan.scanned_before = scan.state.row_groups_scanned;
  reading(GetFileName(), [&] { InitializeScan(context, scan.state, {scan.row_group}); });
}

void DeltaFileReader::FinishFile(duckdb::ClientContext&,
                                 duckdb::GlobalTableFunctionState& global_state) {
  global_state.Cast<FileScan>().next_row_group = 0;
}

duckdb::AsyncResult DeltaFileReader::Scan(duckdb::ClientContext& context,
                                          duckdb::GlobalTableFunctionState&,
                                          duckdb::LocalTableFunctionState& local_state,
                                          duckdb::DataChunk& chunk) {
  auto& scan = local_state.Cast<RowGroupScan>();
  auto& state = scan.state;
  const duckdb::idx_t begin = state.offset_in_group;
  auto result = reading(GetFileName(), [&] {
    auto read = duckdb::ParquetReader::Scan(context, state, chunk);
    check_pages(scan);
    return read;
  });
  if (deleted_ && chunk.size() > 0) {
    deleted_->leave_out_of(chunk, state.group_offset + begin, state.offset_in_group - begin,
                           state.sel);
  }
  return result;
}

}  // namespace duck
