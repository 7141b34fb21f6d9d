#include "delta/src/bitmap_check.h"

#include <roaring/containers/array.h>
#include <roaring/containers/bitset.h>
#include <roaring/containers/containers.h>
#include <roaring/containers/run.h>

#include <cstdint>

namespace delta {
namespace {

constexpr std::int32_t kContainerValues = 1 << 16;

const char* array_fault(const array_container_t& array) {
  if (array.cardinality < 1) return "a container is empty";
  for (std::int32_t i = 1; i < array.cardinality; ++i) {
    if (array.array[i - 1] >= array.array[i]) return "its values are out of order";
  }
  return nullptr;
}

const char* bitset_fault(const bitset_container_t& bitset) {
  if (bitset_container_compute_cardinality(&bitset) == bitset.cardinality) return nullptr;
  return "a container has another number of values than it says";
}

const char* run_fault(const run_container_t& runs) {
  if (runs.n_runs < 1) return "a container is empty";
  std::int32_t next = 0;
  for (std::int32_t i = 0; i < runs.n_runs; ++i) {
    const std::int32_t end = runs.runs[i].value + runs.runs[i].length + 1;
    if (runs.runs[i].value < next || end > kContainerValues) return "its runs are out of order";
    next = end;
  }
  return nullptr;
}

const char* container_fault(const void* container, std::uint8_t type) {
  switch (type) {
    case ARRAY_CONTAINER_TYPE_CODE:
      return array_fault(*static_cast<const array_container_t*>(container));
    case BITSET_CONTAINER_TYPE_CODE:
      return bitset_fault(*static_cast<const bitset_container_t*>(container));
    case RUN_CONTAINER_TYPE_CODE:
      return run_fault(*static_cast<const run_container_t*>(container));
    default:
      return "a container is of an unknown kind";
  }
}

}  // namespace

const char* bitmap_fault(const roaring_bitmap_t& bitmap) {
  const roaring_array_t& containers = bitmap.high_low_container;
  for (std::int32_t i = 0; i < containers.size; ++i) {
    if (i > 0 && containers.keys[i - 1] >= containers.keys[i]) {
      return "its containers are out of order";
    }
    const char* const fault = container_fault(containers.containers[i], containers.typecodes[i]);
    if (fault) return fault;
  }
  return nullptr;
}

}  // namespace delta
