#include "delta/testing/json_parquet_engine.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "base/error.h"
#include "delta/src/arrow_column.h"

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

nlohmann::json to_json(const ArrowColumn& column, const DataType& type, std::int64_t row);

nlohmann::json list_to_json(const ArrowColumn& column, const DataType& type, std::int64_t row) {
  nlohmann::json list = nlohmann::json::array();
  const ArrowColumn::Range range = column.elements(row);
  for (std::int64_t i = range.begin; i < range.end; ++i) {
    list.push_back(to_json(column.child(0), type.element(), i));
  }
  return list;
}

nlohmann::json map_to_json(const ArrowColumn& column, const DataType& type, std::int64_t row) {
  nlohmann::json map = nlohmann::json::object();
  const ArrowColumn::Range range = column.elements(row);
  for (std::int64_t i = range.begin; i < range.end; ++i) {
    map[std::string(column.child(0).child(0).text(i))] =
        to_json(column.child(0).child(1), type.element(), i);
  }
  return map;
}

// Without the fields that are null.
nlohmann::json struct_to_json(const ArrowColumn& column, const DataType& type, std::int64_t row) {
  nlohmann::json object = nlohmann::json::object();
  for (std::size_t i = 0; i < type.fields().size(); ++i) {
    nlohmann::json value =
        to_json(column.child(static_cast<std::int64_t>(i)), type.fields()[i].type, row);
    if (!value.is_null()) object[type.fields()[i].name] = std::move(value);
  }
  return object;
}

nlohmann::json to_json(const ArrowColumn& column, const DataType& type, std::int64_t row) {
  if (column.is_null(row)) return nullptr;
  switch (type.kind()) {
    case TypeKind::kString:
      return std::string(column.text(row));
    case TypeKind::kBoolean:
      return column.boolean(row);
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return column.number(row);
    case TypeKind::kDecimal:
      return static_cast<std::int64_t>(column.decimal(row));
    case TypeKind::kArray:
      return list_to_json(column, type, row);
    case TypeKind::kMap:
      return map_to_json(column, type, row);
    case TypeKind::kStruct:
      return struct_to_json(column, type, row);
    default:
      return column.integer(row);
  }
}

class JsonParquetFile final : public ParquetFile {
 public:
  JsonParquetFile(std::shared_ptr<Store> store, std::string path, Schema columns)
      : store_(std::move(store)), path_(std::move(path)), columns_(std::move(columns)) {}

  void append(const ArrowSchema& schema, const ArrowArray& batch) override {
    const ArrowColumn rows(schema, batch);
    const DataType type = DataType::struct_of(columns_.fields);
    for (std::int64_t row = 0; row < rows.length(); ++row) {
      text_ += to_json(rows, type, row).dump() + "\n";
    }
  }

  std::int64_t publish() override {
    store_->put(path_, text_);
    return static_cast<std::int64_t>(text_.size());
  }

 private:
  std::shared_ptr<Store> store_;
  std::string path_;
  Schema columns_;
  std::string text_;
};

}  // namespace

std::unique_ptr<ParquetFile> JsonParquetEngine::create_parquet(const std::string& path,
                                                               const Schema& columns) {
  return std::make_unique<JsonParquetFile>(store_, path, columns);
}

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
                                                       {"defaultRowCommitVersion", number},
                                                       {"clusteringProvider", text}})});
  schema.fields.push_back({"remove", DataType::struct_of({{"path", text},
                                                          {"deletionTimestamp", number},
                                                          {"dataChange", flag},
                                                          {"extendedFileMetadata", flag},
                                                          {"partitionValues", text_map()},
                                                          {"size", number},
                                                          {"deletionVector", vector}})});
  schema.fields.push_back({"metaData", DataType::struct_of({{"id", text},
                                                            {"name", text},
                                                            {"description", text},
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
