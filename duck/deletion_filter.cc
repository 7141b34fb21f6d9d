#include "duck/deletion_filter_internal.h"

namespace duck {

duckdb::idx_t DeletionFilter::Filter(duckdb::row_t start, duckdb::idx_t count,
                                     duckdb::SelectionVector& selected) {
  // DuckDB passes a selection without memory.
  selected.Initialize(STANDARD_VECTOR_SIZE);
  duckdb::idx_t kept = 0;
  duckdb::idx_t next = 0;
  const auto keep_until = [&](duckdb::idx_t end) {
    while (next < end) selected.set_index(kept++, next++);
  };
  const auto first = static_cast<std::uint64_t>(start);
  deleted_.for_each_between(first, first + count, [&](std::uint64_t row) {
    keep_until(row - first);
    ++next;
  });
  keep_until(count);
  return kept;
}

}  // namespace duck
