#include "duck/delta_parquet_engine_internal.h"

#include <duckdb/common/arrow/arrow_converter.hpp>
#include <numeric>
#include <parquet_reader.hpp>
#include <utility>

#include "base/error.h"
#include "delta/store.h"
#include "duck/errors_internal.h"
#include "duck/parquet_file_internal.h"
#include "duck/parquet_ranges_internal.h"

namespace duck {
namespace {

// Arrow's own structures own nothing by themselves.
struct ReleasedSchema : ArrowSchema {
  ReleasedSchema() : ArrowSchema{} {}
  ~ReleasedSchema() {
    if (release != nullptr) release(this);
  }
};

struct ReleasedArray : ArrowArray {
  ReleasedArray() : ArrowArray{} {}
  ~ReleasedArray() {
    if (release != nullptr) release(this);
  }
};

using Consume = std::function<void(const ArrowSchema& schema, const ArrowArray& batch)>;

// One pass over some top-level columns of one file.
class FileRead {
 public:
  FileRead(duckdb::ClientContext& context, const std::string& path,
           std::span<const std::string> columns)
      : context_(context),
        reader_(context, duckdb::OpenFileInfo(path), duckdb::ParquetOptions(context)) {
    const auto& present = reader_.GetColumns();
    for (std::size_t i = 0; i < present.size(); ++i) {
      if (std::find(columns.begin(), columns.end(), present[i].name) == columns.end()) continue;
      reader_.column_ids.push_back(duckdb::MultiFileLocalColumnId(i));
      reader_.column_indexes.emplace_back(i);
      names_.push_back(present[i].name);
      types_.push_back(present[i].type);
    }
  }

  void run(const Consume& consume) {
    check_bytes();
    if (names_.empty()) return pass_on_rows(consume);
    duckdb::vector<duckdb::idx_t> groups(reader_.NumRowGroups());
    std::iota(groups.begin(), groups.end(), 0);
    duckdb::ParquetReaderScanState state;
    reader_.InitializeScan(context_, state, std::move(groups));
    duckdb::DataChunk chunk;
    chunk.Initialize(duckdb::Allocator::Get(context_), types_);
    while (true) {
      const auto result = reader_.Scan(context_, state, chunk);
      if (chunk.size() > 0) pass_on(chunk, consume);
      if (result.GetResultType() == duckdb::AsyncResultType::FINISHED) return;
    }
  }

 private:
  // Against checksums of them, where there are some.
  void check_bytes() {
    if (!delta::is_local(reader_.GetFileName())) return;
    const auto store = delta::local_store();
    inside_duckdb([&] {
      if (!check_ranges(*store, reader_.GetFileName(), {footer_range(reader_)})) return;
      for (duckdb::idx_t group = 0; group < reader_.NumRowGroups(); ++group) {
        check_ranges(*store, reader_.GetFileName(), page_ranges(reader_, group));
      }
    });
  }

  void pass_on(duckdb::DataChunk& chunk, const Consume& consume) {
    auto properties = context_.GetClientProperties();
    ReleasedSchema schema;
    ReleasedArray array;
    duckdb::ArrowConverter::ToArrowSchema(&schema, types_, names_, properties);
    duckdb::ArrowConverter::ToArrowArray(chunk, &array, properties, {});
    consume(schema, array);
  }

  // Rows without any column.
  void pass_on_rows(const Consume& consume) {
    ReleasedSchema schema;
    schema.format = "+s";
    ReleasedArray array;
    const void* no_validity = nullptr;
    array.length = static_cast<std::int64_t>(reader_.NumRows());
    array.n_buffers = 1;
    array.buffers = &no_validity;
    if (array.length > 0) consume(schema, array);
  }

  duckdb::ClientContext& context_;
  duckdb::ParquetReader reader_;
  duckdb::vector<std::string> names_;
  duckdb::vector<duckdb::LogicalType> types_;
};

class DuckDbParquetEngine final : public delta::ParquetEngine {
 public:
  explicit DuckDbParquetEngine(duckdb::weak_ptr<duckdb::DatabaseInstance> database)
      : database_(std::move(database)) {}

  void read_parquet(const std::string& path, std::span<const std::string> columns,
                    const Consume& consume) override {
    const auto database = open_database(path);
    naming(path, [&] {
      outside_duckdb(Phase::kRun, [&] {
        duckdb::Connection connection(*database);
        connection.context->RunFunctionInTransaction([&] {
          try {
            FileRead(*connection.context, path, columns).run(consume);
          } catch (const duckdb::InternalException& damage) {
            // DuckDB would take it for a fault of its own and close the whole database.
            throw duckdb::IOException(damage.what());
          }
        });
      });
    });
  }

  std::unique_ptr<delta::ParquetFile> create_parquet(const std::string& path,
                                                     const delta::Schema& columns) override {
    const auto database = open_database(path);
    std::unique_ptr<delta::ParquetFile> file;
    naming(path, [&] {
      outside_duckdb(Phase::kRun, [&] { file = begin_parquet_file(*database, path, columns); });
    });
    return file;
  }

 private:
  duckdb::shared_ptr<duckdb::DatabaseInstance> open_database(const std::string& path) const {
    auto database = database_.lock();
    if (database) return database;
    throw base::Error(base::Stage::kRuntime, "DATABASE_CLOSED",
                      "no access to " + path + ": its database is closed", {{"path", path}});
  }

  // Calls `body`; its errors name the file.
  template <typename Body>
  static void naming(const std::string& path, const Body& body) {
    try {
      body();
    } catch (const base::Error& error) {
      base::Error::Details details = error.details();
      details.emplace("path", path);
      throw base::Error(error.stage(), error.code(), error.message(), std::move(details));
    }
  }

  const duckdb::weak_ptr<duckdb::DatabaseInstance> database_;
};

}  // namespace

std::shared_ptr<delta::ParquetEngine> make_parquet_engine(
    const duckdb::shared_ptr<duckdb::DatabaseInstance>& database) {
  return std::make_shared<DuckDbParquetEngine>(database);
}

}  // namespace duck
