#include "duck/parquet_appender.h"

#include <algorithm>
#include <duckdb/common/vector_operations/vector_operations.hpp>
#include <optional>

#include "base/error.h"
#include "duck/data_files_internal.h"
#include "duck/database_internal.h"
#include "duck/errors_internal.h"
#include "duck/gathered_rows_internal.h"
#include "duck/rolling_file_internal.h"
#include "duck/types_internal.h"

namespace duck {
namespace {

using delta::TypeKind;
using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::string_t;
using duckdb::Vector;

bool is_text(TypeKind kind) { return kind == TypeKind::kString || kind == TypeKind::kBinary; }

bool has_values(TypeKind kind) {
  return is_text(kind) || kind == TypeKind::kLong || kind == TypeKind::kInteger ||
         kind == TypeKind::kBoolean || kind == TypeKind::kDouble;
}

// Whether a column of type `kind` can be given as such values, and `rows` of them are there.
struct Fits {
  TypeKind kind;
  std::size_t rows;

  bool operator()(std::span<const std::int64_t> values) const {
    return kind == TypeKind::kLong && values.size() >= rows;
  }
  bool operator()(std::span<const std::int32_t> values) const {
    return kind == TypeKind::kInteger && values.size() >= rows;
  }
  bool operator()(std::span<const std::uint8_t> values) const {
    return kind == TypeKind::kBoolean && values.size() >= rows;
  }
  bool operator()(std::span<const double> values) const {
    return kind == TypeKind::kDouble && values.size() >= rows;
  }
  bool operator()(std::span<const std::string_view> values) const {
    return is_text(kind) && values.size() >= rows;
  }
  bool operator()(const CodedTexts& values) const {
    const auto in_range = [&](std::uint32_t code) { return code < values.texts.size(); };
    return is_text(kind) && values.codes.size() >= rows &&
           std::ranges::all_of(values.codes.first(rows), in_range);
  }
};

base::Error misuse(const std::string& what) {
  return {base::Stage::kRuntime, "APPENDER_MISUSED", what};
}

void check_schema(const delta::Schema& schema, const CopyOptions& options) {
  if (!options.partition_by.empty()) throw misuse("an appender writes no partitioned tables");
  for (const delta::StructField& field : schema.fields) {
    if (has_values(field.type.kind())) continue;
    throw misuse("an appender has no values of type " + field.type.to_string() + " (column " +
                 field.name + ")");
  }
}

// Texts as a flat vector; those with a null data() are NULL.
void take_texts(Vector& target, std::span<const std::string_view> texts) {
  auto* out = FlatVector::GetData<string_t>(target);
  for (idx_t i = 0; i < texts.size(); ++i) {
    if (texts[i].data() == nullptr) {
      out[i] = string_t();
      FlatVector::SetNull(target, i, true);
    } else {
      out[i] = string_t(texts[i].data(), static_cast<std::uint32_t>(texts[i].size()));
    }
  }
}

// A column during one append().
class Column {
 public:
  Column(const ColumnView& view, const duckdb::LogicalType& type) : view_(view) {
    const auto* coded = std::get_if<CodedTexts>(&view.values);
    if (coded == nullptr) return;
    dictionary_.emplace(type, coded->texts.size());
    take_texts(*dictionary_, coded->texts);
  }

  // Puts rows [begin, begin + count) into `target`, which is empty.
  void fill(Vector& target, std::size_t begin, idx_t count) {
    std::visit([&](const auto& values) { take(target, values, begin, count); }, view_.values);
    if (view_.valid.empty()) return;
    for (idx_t i = 0; i < count; ++i) {
      if (view_.valid[begin + i] == 0) FlatVector::SetNull(target, i, true);
    }
  }

 private:
  // Numbers stay where they are: the rows are copied before append() returns.
  template <typename Number>
  static void take(Vector& target, std::span<const Number> numbers, std::size_t begin, idx_t) {
    auto* bytes = reinterpret_cast<duckdb::data_ptr_t>(const_cast<Number*>(&numbers[begin]));
    FlatVector::SetData(target, bytes);
  }

  static void take(Vector& target, std::span<const std::uint8_t> flags, std::size_t begin,
                   idx_t count) {
    auto* out = FlatVector::GetData<bool>(target);
    for (idx_t i = 0; i < count; ++i) out[i] = flags[begin + i] != 0;
  }

  static void take(Vector& target, std::span<const std::string_view> texts, std::size_t begin,
                   idx_t count) {
    take_texts(target, texts.subspan(begin, count));
  }

  // As a dictionary: its texts are copied once a chunk and not once a row.
  void take(Vector& target, const CodedTexts& coded, std::size_t begin, idx_t count) {
    const duckdb::SelectionVector codes(const_cast<duckdb::sel_t*>(&coded.codes[begin]));
    target.Dictionary(*dictionary_, coded.texts.size(), codes, count);
  }

  const ColumnView& view_;
  std::optional<Vector> dictionary_;  // for coded texts
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
        files(options.directory) {
    connection.BeginTransaction();
    format.emplace(*connection.context, schema, options, kSmallDictionary);
    file.emplace(files, *format, whole, nullptr);
    chunk.Initialize(*connection.context, types_of(schema));
  }

  void check(std::span<const ColumnView> columns, std::size_t rows) const {
    const auto& fields = schema.fields;
    if (columns.size() != fields.size()) throw misuse("an appender needs one view a column");
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const bool fits = std::visit(Fits{fields[i].type.kind(), rows}, columns[i].values);
      const bool coded = std::holds_alternative<CodedTexts>(columns[i].values);
      const std::size_t valid = columns[i].valid.size();
      if (!fits || (valid != 0 && (coded || valid < rows))) {
        throw misuse("the values given for the column " + fields[i].name + " do not fit it");
      }
    }
  }

  void append(std::span<const ColumnView> views, std::size_t rows) {
    std::vector<Column> columns;
    columns.reserve(views.size());
    for (std::size_t i = 0; i < views.size(); ++i) {
      columns.emplace_back(views[i], chunk.data[i].GetType());
    }
    for (std::size_t begin = 0; begin < rows; begin += STANDARD_VECTOR_SIZE) {
      const auto count = std::min<idx_t>(rows - begin, STANDARD_VECTOR_SIZE);
      chunk.Reset();
      for (std::size_t i = 0; i < columns.size(); ++i) {
        columns[i].fill(chunk.data[i], begin, count);
        if (!schema.fields[i].nullable) refuse_nulls(i, count);
      }
      chunk.SetCardinality(count);
      gathered.append(*connection.context, *format, chunk);
      if (format->row_groups(*gathered.rows) >= 1) write_gathered(true);
    }
  }

  void write_gathered(bool is_whole) {
    file->write_row_group(*connection.context, std::exchange(gathered, {}), is_whole);
  }

  void refuse_nulls(std::size_t column, idx_t count) {
    if (!duckdb::VectorOperations::HasNull(chunk.data[column], count)) return;
    const std::string& name = schema.fields[column].name;
    throw base::Error(
        base::Stage::kMaterialization, "DELTA_NOT_NULL_VIOLATED",
        "a NULL for the column " + name + " of " + options.directory + ", which is not nullable",
        {{"path", options.directory}, {"column", name}});
  }

  const delta::Schema schema;
  const CopyOptions options;
  duckdb::Connection connection;
  DataFiles files;
  std::optional<ParquetFormat> format;
  const Partition whole = {};
  std::optional<RollingFile> file;
  GatheredRows gathered;
  duckdb::DataChunk chunk;
  bool has_failed = false;
};

ParquetAppender::ParquetAppender(Database& database, delta::Schema schema, CopyOptions options) {
  check_schema(schema, options);
  outside_duckdb(Phase::kRun, [&] { state_ = std::make_unique<State>(database, schema, options); });
}

ParquetAppender::ParquetAppender(ParquetAppender&&) noexcept = default;
ParquetAppender::~ParquetAppender() = default;

void ParquetAppender::append(std::span<const ColumnView> columns, std::size_t rows) {
  state_->check(columns, rows);
  state_->has_failed = true;  // unless it succeeds
  outside_duckdb(Phase::kRun, [&] { state_->append(columns, rows); });
  state_->has_failed = false;
}

std::vector<delta::AddFile> ParquetAppender::finish() {
  if (state_->has_failed) throw misuse("an append to it has failed");
  return outside_duckdb(Phase::kRun, [&] {
    if (state_->gathered.rows) state_->write_gathered(false);
    state_->file->close(*state_->connection.context);
    return state_->files.keep();
  });
}

}  // namespace duck
