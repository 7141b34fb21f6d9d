// A checkpoint of an arbitrary schema and arbitrary rows: the first line of the input is a schema
// in Delta's JSON, the others are rows. Columns come with the wrong types, nested otherwise, null
// where they must not be: the snapshot opens, or base::Error says why not.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "delta/parquet_engine.h"
#include "delta/snapshot.h"
#include "delta/store.h"
#include "delta/testing/arrow_builder.h"

namespace {

constexpr std::size_t kMostRows = 64;

struct Batch {
  delta::Schema schema;
  std::vector<nlohmann::json> rows;
};

std::optional<Batch> parse(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line)) return std::nullopt;
  try {
    Batch batch{delta::parse_schema(line), {}};
    while (batch.rows.size() < kMostRows && std::getline(lines, line)) {
      batch.rows.push_back(nlohmann::json::parse(line));
    }
    return batch;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

class OneBatchEngine final : public delta::ParquetEngine {
 public:
  explicit OneBatchEngine(const delta::ArrowBuilder& batch) : batch_(batch) {}

  void read_parquet(
      const std::string&, std::span<const std::string>,
      const std::function<void(const ArrowSchema&, const ArrowArray&)>& consume) override {
    consume(batch_.schema(), batch_.array());
  }

  std::unique_ptr<delta::ParquetFile> create_parquet(const std::string& path,
                                                     const delta::Schema&) override {
    throw base::Error(base::Stage::kRuntime, "NOT_WRITABLE", "only a reader: " + path);
  }

 private:
  const delta::ArrowBuilder& batch_;
};

void open(const delta::ArrowBuilder& batch) {
  const auto store = delta::memory_store();
  store->put("/t/_delta_log/00000000000000000003.checkpoint.parquet", "x");
  try {
    const auto snapshot =
        delta::Snapshot::load(store, std::make_shared<OneBatchEngine>(batch), "/t");
    for (const delta::AddFile& file : snapshot->files()) delta::to_json_line(file);
  } catch (const base::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = parse(std::string(reinterpret_cast<const char*>(data), size));
  if (!input) return 0;
  std::optional<delta::ArrowBuilder> batch;
  try {
    batch.emplace(delta::DataType::struct_of(input->schema.fields), input->rows);
  } catch (const std::exception&) {
    return 0;  // rows that are not of the schema
  }
  open(*batch);
  return 0;
}
