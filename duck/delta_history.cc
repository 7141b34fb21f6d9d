#include "duck/delta_history.h"

#include <duckdb.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <string>
#include <utility>
#include <vector>

#include "delta/history.h"
#include "duck/errors_internal.h"

namespace duck {
namespace {

using duckdb::LogicalType;
using duckdb::Value;
using Json = nlohmann::json;

struct HistoryInfo final : public duckdb::TableFunctionInfo {
  explicit HistoryInfo(std::shared_ptr<SnapshotCache> cache) : tables(std::move(cache)) {}
  const std::shared_ptr<SnapshotCache> tables;
};

struct HistoryBinding final : public duckdb::TableFunctionData {
  std::shared_ptr<const DeltaTable> table;
};

struct HistoryRows final : public duckdb::GlobalTableFunctionState {
  std::vector<delta::HistoryEntry> entries;
  std::size_t next = 0;
};

// Text as it is, anything else as JSON text.
Value to_text(const Json& field) {
  return Value(field.is_string() ? field.get<std::string>() : field.dump());
}
Value to_json(const Json& field) { return Value(field.dump()); }
Value to_number(const Json& field) {
  return field.is_number_integer() ? Value::BIGINT(field.get<std::int64_t>()) : Value();
}
Value to_boolean(const Json& field) {
  return field.is_boolean() ? Value::BOOLEAN(field.get<bool>()) : Value();
}

// A column that shows a field of commitInfo under the field's name.
struct FieldColumn {
  const char* name;
  LogicalType type;
  Value (*value)(const Json& field);
};

const std::vector<FieldColumn>& field_columns() {
  static const std::vector<FieldColumn> columns = {
      {"operation", LogicalType::VARCHAR, to_text},
      {"operationParameters", LogicalType::JSON(), to_json},
      {"operationMetrics", LogicalType::JSON(), to_json},
      {"readVersion", LogicalType::BIGINT, to_number},
      {"isolationLevel", LogicalType::VARCHAR, to_text},
      {"isBlindAppend", LogicalType::BOOLEAN, to_boolean},
      {"userId", LogicalType::VARCHAR, to_text},
      {"userName", LogicalType::VARCHAR, to_text},
      {"userMetadata", LogicalType::VARCHAR, to_text},
      {"engineInfo", LogicalType::VARCHAR, to_text},
      {"txnId", LogicalType::VARCHAR, to_text},
  };
  return columns;
}

duckdb::unique_ptr<duckdb::FunctionData> bind_history(duckdb::ClientContext&,
                                                      duckdb::TableFunctionBindInput& input,
                                                      duckdb::vector<LogicalType>& types,
                                                      duckdb::vector<std::string>& names) {
  const Value& path = input.inputs.front();
  if (path.IsNull()) throw duckdb::BinderException("delta_history: the path is NULL");
  auto binding = duckdb::make_uniq<HistoryBinding>();
  binding->table = inside_duckdb([&] {
    return input.info->Cast<HistoryInfo>().tables->get(path.GetValue<std::string>(), std::nullopt);
  });
  const auto add = [&](const char* name, const LogicalType& type) {
    names.emplace_back(name);
    types.push_back(type);
  };
  add("version", LogicalType::BIGINT);
  add("timestamp", LogicalType::TIMESTAMP_TZ);
  for (const FieldColumn& column : field_columns()) add(column.name, column.type);
  add("commitInfo", LogicalType::JSON());
  return binding;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> start(duckdb::ClientContext&,
                                                           duckdb::TableFunctionInitInput& input) {
  auto rows = duckdb::make_uniq<HistoryRows>();
  const auto& binding = input.bind_data->Cast<HistoryBinding>();
  rows->entries = inside_duckdb([&] { return delta::history(binding.table->snapshot()); });
  return rows;
}

void write_row(const delta::HistoryEntry& entry, duckdb::DataChunk& chunk, duckdb::idx_t row) {
  duckdb::idx_t column = 0;
  const auto add = [&](const Value& value) { chunk.SetValue(column++, row, value); };
  add(Value::BIGINT(entry.version));
  add(Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(entry.timestamp * 1000)));
  const Json& fields = entry.info.fields;
  for (const FieldColumn& shown : field_columns()) {
    const auto field = fields.find(shown.name);
    const bool is_there = field != fields.end() && !field->is_null();
    add(is_there ? shown.value(*field) : Value());
  }
  add(to_json(fields));
}

void produce(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& chunk) {
  auto& rows = input.global_state->Cast<HistoryRows>();
  duckdb::idx_t count = 0;
  while (count < STANDARD_VECTOR_SIZE && rows.next < rows.entries.size()) {
    write_row(rows.entries[rows.next++], chunk, count++);
  }
  chunk.SetCardinality(count);
}

}  // namespace

void add_delta_history(duckdb::ExtensionLoader& loader, std::shared_ptr<SnapshotCache> tables) {
  duckdb::TableFunction function("delta_history", {LogicalType::VARCHAR}, produce, bind_history,
                                 start);
  function.function_info = duckdb::make_shared_ptr<HistoryInfo>(std::move(tables));
  loader.RegisterFunction(std::move(function));
}

}  // namespace duck
