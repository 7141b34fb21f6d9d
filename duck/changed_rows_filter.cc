#include "duck/changed_rows_filter_internal.h"

#include <span>

namespace duck {

duckdb::idx_t ChangedRowsFilter::Filter(duckdb::row_t start, duckdb::idx_t count,
                                        duckdb::SelectionVector& selected) {
  // DuckDB passes a selection without memory.
  selected.Initialize(STANDARD_VECTOR_SIZE);
  duckdb::idx_t kept = 0;
  const auto first = static_cast<std::uint64_t>(start);
  only_.for_each_between(first, first + count, [&](std::span<const std::uint64_t> rows) {
    for (const std::uint64_t row : rows) {
      if (!without_.contains(row)) selected.set_index(kept++, row - first);
    }
  });
  return kept;
}

}  // namespace duck
