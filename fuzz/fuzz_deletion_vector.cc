// A serialized deletion vector of arbitrary bytes: what is read has as many rows as it says, and is
// the same after it is written and read again.
#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/error.h"
#include "delta/deletion_vector.h"

namespace {

// A few bytes can stand for billions of rows.
constexpr std::uint64_t kRowsCounted = 1 << 16;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  delta::DeletionVector vector;
  try {
    vector = delta::DeletionVector::parse({reinterpret_cast<const char*>(data), size});
  } catch (const base::Error&) {
    return 0;
  }
  if (vector.cardinality() > kRowsCounted) return 0;
  std::uint64_t rows = 0;
  vector.for_each_between(0, std::numeric_limits<std::int64_t>::max(), [&](const auto found) {
    for (const std::uint64_t row : found) {
      if (!vector.contains(row)) __builtin_trap();
    }
    rows += found.size();
  });
  if (rows != vector.cardinality()) __builtin_trap();
  const delta::DeletionVector again = delta::DeletionVector::parse(vector.serialize());
  if (again.cardinality() != rows) __builtin_trap();
  return 0;
}
