#include "extract/fact_writer.h"

#include <span>
#include <string_view>

#include "extract/fact_tables.h"

namespace extract {
namespace {

duck::ColumnView view(const LongColumn& column) { return {std::span<const std::int64_t>(column)}; }

duck::ColumnView view(const TextColumn& column) {
  return {std::span<const std::string_view>(column)};
}

duck::ColumnView view(const CodedColumn& column) {
  return {duck::CodedTexts{column.codes, column.texts}};
}

duck::ColumnView view(const NullableLongColumn& column) {
  return {std::span<const std::int64_t>(column.values), column.valid};
}

// The rows appended.
template <class Rows>
std::size_t append(Rows& rows, duck::ParquetAppender& appender) {
  const std::size_t count = rows.path.size();
  if (count == 0) return 0;
  std::apply(
      [&](const auto&... columns) {
        const std::array<duck::ColumnView, sizeof...(columns)> views = {view(columns)...};
        appender.append(views, count);
      },
      rows.columns());
  return count;
}

}  // namespace

FactWriter::FactWriter(duck::Database& database, const OutputTables& tables) {
  appenders_.reserve(kFactTableCount);
  for (std::size_t i = 0; i < kFactTableCount; ++i) {
    duck::CopyOptions options;
    options.directory = tables.location(i);
    // Zstandard would take a tenth of the extraction's time.
    options.compression = "snappy";
    appenders_.emplace_back(database, fact_tables()[i].schema, options);
  }
}

void FactWriter::write(FactBatch& batch) {
  std::apply(
      [&](auto&... rows) {
        std::size_t table = 0;
        ((rows_[table] += static_cast<std::int64_t>(append(rows, appenders_[table])), ++table),
         ...);
      },
      batch.tables());
  batch.clear_rows();
}

void FactWriter::finish(
    const std::function<void(std::size_t table, std::vector<delta::AddFile>)>& keep) {
  for (std::size_t i = 0; i < kFactTableCount; ++i) keep(i, appenders_[i].finish());
}

}  // namespace extract
