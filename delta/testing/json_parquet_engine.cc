#include "delta/testing/json_parquet_engine.h"

#include <algorithm>
#include <sstream>

#include "base/error.h"

namespace delta {
namespace {

DataType of(TypeKind kind) { return DataType::primitive(kind); }

DataType text_map() { return DataType::map_of(of(TypeKind::kString), of(TypeKind::kString), true); }

DataType text_list() { return DataType::array_of(of(TypeKind::kString), true); }

std::vector<nlohmann::json> parse_rows(const std::string& text, const std::string& path) {
  std::vector<nlohmann::json> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    try {
      rows.push_back(nlohmann::json::parse(line));
    } catch (const nlohmann::json::exception&) {
      throw base::Error(base::Stage::kRuntime, "PARQUET_INVALID",
                        "'" + path + "' is not a Parquet file", {{"path", path}});
    }
  }
  return rows;
}

}  // namespace

Schema checkpoint_schema() {
  const DataType text = of(TypeKind::kString);
  const DataType number = of(TypeKind::kLong);
  const DataType small = of(TypeKind::kInteger);
  const DataType flag = of(TypeKind::kBoolean);
  const DataType vector = DataType::struct_of({{"storageType", text},
                                               {"pathOrInlineDv", text},
                                               {"offset", small},
                                               {"sizeInBytes", small},
                                               {"cardinality", number}});
  const DataType column = DataType::struct_of({{"a", number}});
  const DataType stats = DataType::struct_of({{"numRecords", number},
                                              {"minValues", column},
                                              {"maxValues", column},
                                              {"nullCount", column}});
  Schema schema;
  schema.fields.push_back(
      {"txn",
       DataType::struct_of({{"appId", text}, {"version", number}, {"lastUpdated", number}})});
  schema.fields.push_back({"add", DataType::struct_of({{"path", text},
                                                       {"partitionValues", text_map()},
                                                       {"size", number},
                                                       {"modificationTime", number},
                                                       {"dataChange", flag},
                                                       {"stats", text},
                                                       {"stats_parsed", stats},
                                                       {"tags", text_map()},
                                                       {"deletionVector", vector},
                                                       {"baseRowId", number},
                                                       {"defaultRowCommitVersion", number}})});
  schema.fields.push_back({"remove", DataType::struct_of({{"path", text}})});
  schema.fields.push_back({"metaData", DataType::struct_of({{"id", text},
                                                            {"name", text},
                                                            {"schemaString", text},
                                                            {"partitionColumns", text_list()},
                                                            {"configuration", text_map()},
                                                            {"createdTime", number}})});
  schema.fields.push_back({"protocol", DataType::struct_of({{"minReaderVersion", small},
                                                            {"minWriterVersion", small},
                                                            {"readerFeatures", text_list()},
                                                            {"writerFeatures", text_list()}})});
  schema.fields.push_back(
      {"domainMetadata",
       DataType::struct_of({{"domain", text}, {"configuration", text}, {"removed", flag}})});
  schema.fields.push_back(
      {"sidecar", DataType::struct_of({{"path", text}, {"sizeInBytes", number}})});
  return schema;
}

void JsonParquetEngine::read_parquet(
    const std::string& path, std::span<const std::string> columns,
    const std::function<void(const ArrowSchema& schema, const ArrowArray& batch)>& consume) {
  const std::vector<nlohmann::json> rows = parse_rows(store_->read(path), path);
  std::vector<StructField> fields;
  for (const StructField& field : checkpoint_schema().fields) {
    const bool wanted = std::find(columns.begin(), columns.end(), field.name) != columns.end();
    const bool there = std::any_of(rows.begin(), rows.end(), [&](const nlohmann::json& row) {
      return row.contains(field.name);
    });
    if (wanted && there) fields.push_back(field);
  }
  const DataType type = DataType::struct_of(fields);
  for (std::size_t i = 0; i < rows.size(); i += rows_per_batch_) {
    const std::size_t end = std::min(rows.size(), i + rows_per_batch_);
    const std::vector<nlohmann::json> batch(rows.begin() + static_cast<std::ptrdiff_t>(i),
                                            rows.begin() + static_cast<std::ptrdiff_t>(end));
    const ArrowBuilder builder(type, batch, strings_);
    consume(builder.schema(), builder.array());
  }
}

}  // namespace delta
