#include "duck/dictionary_values_internal.h"

#include <algorithm>
#include <bitset>
#include <cmath>
#include <duckdb/common/types/column/column_data_collection.hpp>
#include <duckdb/common/vector_operations/vector_operations.hpp>
#include <memory>

namespace duck {
namespace {

using duckdb::idx_t;

// Counts distinct hashes by the bits that they set (linear counting): exact to a percent as long as
// there are no more of them than bits.
class DistinctHashes {
 public:
  void clear() { bits_->reset(); }
  void add(duckdb::hash_t hash) { bits_->set(hash % kBits); }

  idx_t count() const {
    const auto unset = static_cast<double>(std::max<std::size_t>(kBits - bits_->count(), 1));
    return static_cast<idx_t>(std::lround(-std::log(unset / kBits) * kBits));
  }

 private:
  static constexpr std::size_t kBits = std::size_t{1} << 18;
  std::unique_ptr<std::bitset<kBits>> bits_ = std::make_unique<std::bitset<kBits>>();
};

idx_t count_distinct(const duckdb::ColumnDataCollection& rows, idx_t column,
                     DistinctHashes& distinct) {
  distinct.clear();
  duckdb::ColumnDataScanState state;
  rows.InitializeScan(state, {column});
  duckdb::DataChunk chunk;
  rows.InitializeScanChunk(state, chunk);
  duckdb::Vector hashes(duckdb::LogicalType::HASH);
  while (rows.Scan(state, chunk)) {
    duckdb::VectorOperations::Hash(chunk.data[0], hashes, chunk.size());
    hashes.Flatten(chunk.size());
    const auto* values = duckdb::FlatVector::GetData<duckdb::hash_t>(hashes);
    for (idx_t i = 0; i < chunk.size(); ++i) distinct.add(values[i]);
  }
  return distinct.count();
}

}  // namespace

idx_t dictionary_values(const duckdb::ColumnDataCollection& rows, idx_t most) {
  const auto& types = rows.Types();
  if (std::ranges::any_of(types, [](const auto& type) { return type.IsNested(); })) return most;
  DistinctHashes distinct;
  idx_t largest = 0;
  for (idx_t column = 0; column < types.size(); ++column) {
    const idx_t count = count_distinct(rows, column, distinct);
    if (count <= 2 * most) largest = std::max(largest, std::min(count, most));
  }
  return largest;
}

}  // namespace duck
