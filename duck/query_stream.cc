#include "duck/query_stream.h"

#include <duckdb.hpp>
#include <duckdb/common/arrow/result_arrow_wrapper.hpp>
#include <utility>

#include "duck/connection_internal.h"
#include "duck/errors_internal.h"
#include "duck/values_internal.h"

namespace duck {
namespace {

// The rows of an Arrow batch: many vectors, so that consumers need not care for each.
constexpr duckdb::idx_t kBatchRows = 61440;

// The next rows, or null after the last ones. A query may fail while rows from before are taken; it
// is closed then, and a further fetch would only say that.
duckdb::unique_ptr<duckdb::DataChunk> next_chunk(duckdb::QueryResult& result) {
  duckdb::unique_ptr<duckdb::DataChunk> chunk;
  if (!result.HasError()) chunk = outside_duckdb(Phase::kRun, [&] { return result.Fetch(); });
  if (!chunk && result.HasError()) throw from_duckdb(result.GetErrorObject(), Phase::kRun);
  return chunk;
}

}  // namespace

void for_each_row(Connection& connection, const std::string& sql,
                  const std::vector<delta::Value>& parameters,
                  const std::function<void(const std::vector<delta::Value>& row)>& visit) {
  const auto result = connection.internal().stream(sql, parameters);
  std::vector<delta::Value> row(result->ColumnCount());
  while (const auto chunk = next_chunk(*result)) {
    for (duckdb::idx_t i = 0; i < chunk->size(); ++i) {
      for (duckdb::idx_t column = 0; column < row.size(); ++column) {
        row[column] = to_delta(chunk->GetValue(column, i));
      }
      visit(row);
    }
  }
}

void open_arrow_stream(Connection& connection, const std::string& sql,
                       const std::vector<delta::Value>& parameters, ArrowArrayStream& stream) {
  auto result = connection.internal().stream(sql, parameters);
  // It belongs to the stream, whose release deletes it.
  auto* const wrapper =
      std::make_unique<duckdb::ResultArrowArrayStreamWrapper>(std::move(result), kBatchRows)
          .release();
  stream = wrapper->stream;
}

}  // namespace duck
