// File statistics of arbitrary bytes, for columns of every type: read by the parser and used to
// leave out files, which must not throw; what is read is written and read again.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "delta/data_skipping.h"
#include "delta/snapshot.h"
#include "delta/statistics.h"
#include "delta/store.h"

namespace {

delta::Schema every_type() {
  using delta::DataType;
  using delta::TypeKind;
  delta::Schema schema;
  for (const TypeKind kind :
       {TypeKind::kString, TypeKind::kLong, TypeKind::kInteger, TypeKind::kShort, TypeKind::kByte,
        TypeKind::kFloat, TypeKind::kDouble, TypeKind::kBoolean, TypeKind::kBinary, TypeKind::kDate,
        TypeKind::kTimestamp, TypeKind::kTimestampNtz}) {
    const DataType type = DataType::primitive(kind);
    schema.fields.push_back({type.to_string(), type});
  }
  schema.fields.push_back({"decimal", DataType::decimal(38, 10)});
  schema.fields.push_back({"struct", DataType::struct_of({{"a", schema.fields[1].type}})});
  schema.fields.push_back({"array", DataType::array_of(schema.fields[0].type, true)});
  return schema;
}

// One file with these statistics.
std::shared_ptr<const delta::Snapshot> table_with(std::string statistics) {
  const auto store = delta::memory_store();
  delta::Metadata metadata;
  metadata.id = "t";
  metadata.schema_string = delta::to_json(every_type());
  delta::AddFile file;
  file.path = "f";
  file.stats = std::move(statistics);
  const delta::Protocol protocol{3, 7, std::vector<std::string>{"timestampNtz"},
                                 std::vector<std::string>{"timestampNtz"}};
  store->put("/t/_delta_log/00000000000000000000.json", delta::to_json_line(protocol) + "\n" +
                                                            delta::to_json_line(metadata) + "\n" +
                                                            delta::to_json_line(file) + "\n");
  return delta::Snapshot::load(store, nullptr, "/t");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const delta::Schema schema = every_type();
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const delta::FileStatistics read = delta::parse_statistics(text, schema);
    delta::parse_statistics(delta::to_json(read), schema);
  } catch (const base::Error&) {
  }
  std::shared_ptr<const delta::Snapshot> table;
  try {
    table = table_with(text);
    table->files();
  } catch (const base::Error&) {
    return 0;  // no text that JSON can hold
  }
  const delta::Predicate predicate{
      .op = delta::Predicate::Op::kLess, .column = {"long"}, .values = {std::int64_t{5}}};
  delta::prune_files(*table, predicate);
  return 0;
}
