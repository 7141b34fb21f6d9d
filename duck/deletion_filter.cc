#include <algorithm>
#include <array>
#include <numeric>

#include "duck/deletion_filter_internal.h"

namespace duck {
namespace {

using Positions = std::array<duckdb::sel_t, STANDARD_VECTOR_SIZE>;

// 0, 1, 2, …: runs of rows that stay are copied from here, faster than they could be counted.
constexpr Positions kPositions = [] {
  Positions positions{};
  std::iota(positions.begin(), positions.end(), 0);
  return positions;
}();

}  // namespace

duckdb::idx_t DeletionFilter::Filter(duckdb::row_t start, duckdb::idx_t count,
                                     duckdb::SelectionVector& selected) {
  // DuckDB passes a selection without memory.
  selected.Initialize(STANDARD_VECTOR_SIZE);
  duckdb::sel_t* kept = selected.data();
  std::size_t next = 0;
  const auto keep_until = [&](std::size_t end) {
    kept = std::copy(kPositions.begin() + next, kPositions.begin() + end, kept);
  };
  const auto first = static_cast<std::uint64_t>(start);
  deleted_.for_each_between(first, first + count, [&](std::uint64_t row) {
    keep_until(row - first);
    next = row - first + 1;
  });
  keep_until(count);
  return static_cast<duckdb::idx_t>(kept - selected.data());
}

}  // namespace duck
