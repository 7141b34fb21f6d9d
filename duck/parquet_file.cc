#include "duck/parquet_file_internal.h"

#include <unistd.h>

#include <cstring>
#include <duckdb/execution/execution_context.hpp>
#include <duckdb/function/table/arrow.hpp>
#include <duckdb/parallel/thread_context.hpp>
#include <filesystem>
#include <optional>
#include <parquet_writer.hpp>
#include <utility>

#include "base/error.h"
#include "base/uuid.h"
#include "duck/durable_file.h"
#include "duck/errors_internal.h"
#include "duck/parquet_format_internal.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

// Few rows and bytes a row group: the log's files are read whole, and memory stays small.
constexpr std::int64_t kRowGroupRows = 65536;
constexpr duckdb::idx_t kRowGroupBytes = 16ULL << 20;

bool is_remote(const std::string& path) { return path.find("://") != std::string::npos; }

// Beside `path`, with a first '.', which no reader of a table takes for a part of it.
std::string temporary_name(const std::string& path) {
  if (is_remote(path)) return path;
  const std::size_t name = path.rfind('/') + 1;
  return path.substr(0, name) + "." + path.substr(name) + "." + base::random_uuid() + ".tmp";
}

CopyOptions options_for(const std::string& path) {
  CopyOptions options;
  options.directory = fs::path(path).parent_path().string();
  options.compression = "snappy";
  options.row_group_rows = kRowGroupRows;
  return options;
}

// A schema in which maps are lists of their entries: DuckDB would look for keys that come twice.
class MapsAsLists {
 public:
  explicit MapsAsLists(const ArrowSchema& schema) : schema_(schema) {
    if (std::strcmp(schema.format, "+m") == 0) schema_.format = "+l";
    children_.reserve(static_cast<std::size_t>(schema.n_children));
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
      children_.push_back(std::make_unique<MapsAsLists>(*schema.children[i]));
      pointers_.push_back(&children_.back()->schema_);
    }
    schema_.children = pointers_.data();
  }

  const ArrowSchema& get() const { return schema_; }

 private:
  ArrowSchema schema_;  // what is not here belongs to the original
  std::vector<std::unique_ptr<MapsAsLists>> children_;
  std::vector<ArrowSchema*> pointers_;
};

class ArrowParquetFile final : public delta::ParquetFile {
 public:
  ArrowParquetFile(duckdb::DatabaseInstance& database, const std::string& path,
                   const delta::Schema& columns)
      : path_(path),
        temporary_path_(temporary_name(path)),
        connection_(database),
        thread_(*connection_.context),
        execution_(*connection_.context, thread_, nullptr) {
    if (!is_remote(path)) make_durable_folders(fs::path(path).parent_path());
    connection_.BeginTransaction();
    format_.emplace(*connection_.context, columns, options_for(path), kSmallDictionary);
    file_ = format_->begin_file(*connection_.context, *format_->bind_data(), temporary_path_);
    buffer_ = format_->function().copy_to_initialize_local(execution_, *format_->bind_data());
  }

  ~ArrowParquetFile() override {
    file_.reset();
    if (!published_ && !is_remote(path_)) ::unlink(temporary_path_.c_str());
  }

  void append(const ArrowSchema& schema, const ArrowArray& batch) override {
    outside_duckdb(Phase::kRun, [&] { take(schema, batch); });
  }

  std::int64_t publish() override {
    return outside_duckdb(Phase::kRun, [&] {
      const auto& function = format_->function();
      function.copy_to_combine(execution_, *format_->bind_data(), *file_, *buffer_);
      function.copy_to_finalize(*connection_.context, *format_->bind_data(), *file_);
      file_.reset();
      if (!is_remote(path_)) rename_durably(temporary_path_, path_);
      published_ = true;
      auto& file_system = duckdb::FileSystem::GetFileSystem(*connection_.context);
      return static_cast<std::int64_t>(
          file_system.OpenFile(path_, duckdb::FileOpenFlags::FILE_FLAGS_READ)->GetFileSize());
    });
  }

 private:
  void take(const ArrowSchema& schema, const ArrowArray& batch) {
    duckdb::ClientContext& context = *connection_.context;
    duckdb::ArrowTableSchema table;
    duckdb::ArrowTableFunction::PopulateArrowTableSchema(context, table, MapsAsLists(schema).get());
    auto rows = duckdb::make_uniq<duckdb::ArrowArrayWrapper>();
    rows->arrow_array = batch;
    rows->arrow_array.release = [](ArrowArray* array) { array->release = nullptr; };
    duckdb::ArrowScanLocalState state(std::move(rows), context);
    for (std::size_t i = 0; i < format_->types().size(); ++i) state.column_ids.push_back(i);
    const auto length = static_cast<duckdb::idx_t>(batch.length);
    while (state.chunk_offset < length) {
      duckdb::DataChunk chunk;
      chunk.Initialize(context, table.GetTypes());
      chunk.SetCardinality(
          std::min<duckdb::idx_t>(length - state.chunk_offset, STANDARD_VECTOR_SIZE));
      duckdb::ArrowTableFunction::ArrowToDuckDB(state, table.GetColumns(), chunk, false);
      state.chunk_offset += chunk.size();
      sink(chunk);
    }
  }

  void sink(duckdb::DataChunk& taken) {
    duckdb::DataChunk chunk;
    chunk.InitializeEmpty(format_->types());
    for (duckdb::idx_t i = 0; i < chunk.ColumnCount(); ++i) {
      chunk.data[i].Reinterpret(taken.data[i]);  // maps are lists within
    }
    chunk.SetCardinality(taken.size());
    format_->function().copy_to_sink(execution_, *format_->bind_data(), *file_, *buffer_, chunk);
    auto& local = buffer_->Cast<duckdb::ParquetWriteLocalState>();
    if (local.buffer.SizeInBytes() < kRowGroupBytes) return;
    local.append_state.current_chunk_state.handles.clear();
    file_->Cast<duckdb::ParquetWriteGlobalState>().writer->Flush(local.buffer,
                                                                 local.transform_data);
    local.buffer.InitializeAppend(local.append_state);
  }

  const std::string path_;
  const std::string temporary_path_;
  duckdb::Connection connection_;
  duckdb::ThreadContext thread_;
  duckdb::ExecutionContext execution_;
  std::optional<ParquetFormat> format_;
  duckdb::unique_ptr<duckdb::GlobalFunctionData> file_;
  duckdb::unique_ptr<duckdb::LocalFunctionData> buffer_;
  bool published_ = false;
};

}  // namespace

std::unique_ptr<delta::ParquetFile> begin_parquet_file(duckdb::DatabaseInstance& database,
                                                       const std::string& path,
                                                       const delta::Schema& columns) {
  return std::make_unique<ArrowParquetFile>(database, path, columns);
}

}  // namespace duck
