#include "duck/parquet_appender.h"

#include <algorithm>
#include <duckdb/execution/execution_context.hpp>
#include <duckdb/parallel/thread_context.hpp>
#include <optional>

#include "base/error.h"
#include "duck/data_files_internal.h"
#include "duck/database_internal.h"
#include "duck/errors_internal.h"
#include "duck/types_internal.h"

namespace duck {
namespace {

using delta::TypeKind;
using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::string_t;
using duckdb::Vector;

// The alternative of ColumnView::values that holds a column's values.
std::optional<std::size_t> view_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::kLong:
      return 0;
    case TypeKind::kInteger:
      return 1;
    case TypeKind::kBoolean:
      return 2;
    case TypeKind::kDouble:
      return 3;
    case TypeKind::kString:
    case TypeKind::kBinary:
      return 4;
    default:
      return std::nullopt;
  }
}

base::Error misuse(const std::string& what) {
  return {base::Stage::kRuntime, "APPENDER_MISUSED", what};
}

void check_schema(const delta::Schema& schema, const CopyOptions& options) {
  if (!options.partition_by.empty()) throw misuse("an appender writes no partitioned tables");
  for (const delta::StructField& field : schema.fields) {
    if (view_of(field.type.kind())) continue;
    throw misuse("an appender has no values of type " + field.type.to_string() + " (column " +
                 field.name + ")");
  }
}

// Fills one vector from rows [begin, begin + count) of a view.
class VectorFiller {
 public:
  VectorFiller(Vector& target, const ColumnView& view, std::size_t begin, idx_t count)
      : target_(target), view_(view), begin_(begin), count_(count) {}

  // True when there is a null.
  bool fill() {
    FlatVector::Validity(target_).Reset();
    std::visit([&](const auto& values) { take(values.data() + begin_); }, view_.values);
    if (!view_.valid.empty()) {
      for (idx_t i = 0; i < count_; ++i) {
        if (view_.valid[begin_ + i] == 0) set_null(i);
      }
    }
    return has_null_;
  }

 private:
  void set_null(idx_t row) {
    FlatVector::SetNull(target_, row, true);
    has_null_ = true;
  }

  // Numbers stay where they are: the rows are copied before append() returns.
  template <typename Number>
  void take(const Number* numbers) {
    auto* bytes = reinterpret_cast<duckdb::data_ptr_t>(const_cast<Number*>(numbers));
    FlatVector::SetData(target_, bytes);
  }

  void take(const std::uint8_t* flags) {
    auto* out = FlatVector::GetData<bool>(target_);
    for (idx_t i = 0; i < count_; ++i) out[i] = flags[i] != 0;
  }

  void take(const std::string_view* texts) {
    auto* out = FlatVector::GetData<string_t>(target_);
    for (idx_t i = 0; i < count_; ++i) {
      if (texts[i].data() == nullptr) {
        out[i] = string_t();
        set_null(i);
      } else {
        out[i] = string_t(texts[i].data(), static_cast<std::uint32_t>(texts[i].size()));
      }
    }
  }

  Vector& target_;
  const ColumnView& view_;
  const std::size_t begin_;
  const idx_t count_;
  bool has_null_ = false;
};

duckdb::vector<duckdb::LogicalType> types_of(const delta::Schema& schema) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const delta::StructField& field : schema.fields) types.push_back(to_duckdb(field.type));
  return types;
}

}  // namespace

struct ParquetAppender::State {
  State(Database& database, delta::Schema table_schema, const CopyOptions& copy_options)
      : schema(std::move(table_schema)),
        options(copy_options),
        connection(*database.internal().duckdb),
        files(options.directory),
        thread(*connection.context),
        execution(*connection.context, thread, nullptr) {
    connection.BeginTransaction();
    format.emplace(*connection.context, schema, options, kSmallDictionary);
    file.emplace(files, *format, Partition{});
    buffer = format->function().copy_to_initialize_local(execution, *format->bind_data());
    chunk.Initialize(*connection.context, types_of(schema));
  }

  void check(std::span<const ColumnView> columns, std::size_t rows) const {
    const auto& fields = schema.fields;
    if (columns.size() != fields.size()) throw misuse("an appender needs one view a column");
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::size_t given =
          std::visit([](const auto& values) { return values.size(); }, columns[i].values);
      if (columns[i].values.index() != view_of(fields[i].type.kind()) || given < rows ||
          (!columns[i].valid.empty() && columns[i].valid.size() < rows)) {
        throw misuse("the values given for the column " + fields[i].name + " do not fit it");
      }
    }
  }

  void fill_chunk(std::span<const ColumnView> columns, std::size_t begin, idx_t count) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const delta::StructField& field = schema.fields[i];
      const bool has_null = VectorFiller(chunk.data[i], columns[i], begin, count).fill();
      if (!has_null || field.nullable) continue;
      throw base::Error(base::Stage::kMaterialization, "DELTA_NOT_NULL_VIOLATED",
                        "a NULL for the column " + field.name + " of " + options.directory +
                            ", which is not nullable",
                        {{"path", options.directory}, {"column", field.name}});
    }
    chunk.SetCardinality(count);
  }

  const delta::Schema schema;
  const CopyOptions options;
  duckdb::Connection connection;
  DataFiles files;
  duckdb::ThreadContext thread;
  duckdb::ExecutionContext execution;
  std::optional<ParquetFormat> format;
  std::optional<RollingFile> file;
  duckdb::unique_ptr<duckdb::LocalFunctionData> buffer;
  duckdb::DataChunk chunk;
};

ParquetAppender::ParquetAppender(Database& database, delta::Schema schema, CopyOptions options) {
  check_schema(schema, options);
  outside_duckdb(Phase::kRun, [&] { state_ = std::make_unique<State>(database, schema, options); });
}

ParquetAppender::ParquetAppender(ParquetAppender&&) noexcept = default;
ParquetAppender::~ParquetAppender() = default;

void ParquetAppender::append(std::span<const ColumnView> columns, std::size_t rows) {
  state_->check(columns, rows);
  outside_duckdb(Phase::kRun, [&] {
    for (std::size_t begin = 0; begin < rows; begin += STANDARD_VECTOR_SIZE) {
      state_->fill_chunk(columns, begin, std::min<idx_t>(rows - begin, STANDARD_VECTOR_SIZE));
      state_->file->sink(state_->execution, *state_->buffer, state_->chunk);
    }
  });
}

std::vector<delta::AddFile> ParquetAppender::finish() {
  return outside_duckdb(Phase::kRun, [&] {
    duckdb::ClientContext& context = *state_->connection.context;
    state_->file->combine(state_->execution, *state_->buffer);
    state_->file->close(context);
    return state_->files.keep();
  });
}

}  // namespace duck
