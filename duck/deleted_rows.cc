#include "duck/deleted_rows_internal.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <span>
#include <vector>

namespace duck {
namespace {

using Positions = std::array<duckdb::sel_t, STANDARD_VECTOR_SIZE>;

// 0, 1, 2, …: runs of rows that stay are copied from here, faster than they could be counted.
constexpr Positions kPositions = [] {
  Positions positions{};
  std::iota(positions.begin(), positions.end(), 0);
  return positions;
}();

// Moving values together pays while there are long runs of them.
constexpr std::size_t kRowsPerDeletedRow = 16;

// The positions of a chunk's rows without some of them.
class Remaining {
 public:
  // `left_out` are positions of the `count` rows, ascending.
  Remaining(std::size_t count, std::span<const duckdb::sel_t> left_out)
      : count_(count), left_out_(left_out) {}

  std::size_t size() const { return count_ - left_out_.size(); }

  // Calls visit(begin, end) for each run of rows that stay.
  template <typename Visit>
  void for_each_run(const Visit& visit) const {
    std::size_t begin = 0;
    for (const duckdb::sel_t position : left_out_) {
      if (position > begin) visit(begin, position);
      begin = position + 1;
    }
    if (begin < count_) visit(begin, count_);
  }

  bool has_long_runs() const { return left_out_.size() * kRowsPerDeletedRow <= count_; }

  duckdb::SelectionVector selection() const {
    duckdb::SelectionVector selected(size());
    duckdb::sel_t* next = selected.data();
    for_each_run([&](std::size_t begin, std::size_t end) {
      next = std::copy(kPositions.begin() + begin, kPositions.begin() + end, next);
    });
    return selected;
  }

 private:
  const std::size_t count_;
  const std::span<const duckdb::sel_t> left_out_;
};

// Whether the values lie side by side in memory of the vector's own, all of them there.
bool is_plain(duckdb::Vector& vector) {
  return vector.GetVectorType() == duckdb::VectorType::FLAT_VECTOR &&
         !vector.GetType().IsNested() && duckdb::FlatVector::Validity(vector).AllValid();
}

// Where a vector of a file's dictionary has the indices of its values; else null.
duckdb::sel_t* dictionary_indices(duckdb::Vector& vector) {
  const bool is_dictionary = vector.GetVectorType() == duckdb::VectorType::DICTIONARY_VECTOR &&
                             !vector.GetType().IsNested() &&
                             duckdb::DictionaryVector::DictionarySize(vector).IsValid();
  return is_dictionary ? duckdb::DictionaryVector::SelVector(vector).data() : nullptr;
}

// Of values that are so many bytes wide.
void move_together(duckdb::data_ptr_t values, std::size_t width, const Remaining& remaining) {
  std::size_t next = 0;
  remaining.for_each_run([&](std::size_t begin, std::size_t end) {
    if (next != begin) {
      std::memmove(values + next * width, values + begin * width, (end - begin) * width);
    }
    next += end - begin;
  });
}

// Whether that could be done, for a vector that no filter has sliced.
bool move_values(duckdb::Vector& vector, const Remaining& remaining) {
  if (is_plain(vector)) {
    move_together(duckdb::FlatVector::GetData(vector),
                  duckdb::GetTypeIdSize(vector.GetType().InternalType()), remaining);
    return true;
  }
  duckdb::sel_t* const indices = dictionary_indices(vector);
  if (indices == nullptr) return false;
  move_together(reinterpret_cast<duckdb::data_ptr_t>(indices), sizeof(*indices), remaining);
  return true;
}

// Moves the indices together by which the vectors of a filtered chunk choose their values. Whether
// that could be done: a nested vector's fields may share them with other columns.
bool move_choices(duckdb::DataChunk& rows, const Remaining& remaining) {
  std::vector<duckdb::sel_t*> choices;  // columns share them
  for (duckdb::Vector& vector : rows.data) {
    if (vector.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR) continue;
    if (vector.GetVectorType() != duckdb::VectorType::DICTIONARY_VECTOR) return false;
    if (vector.GetType().IsNested()) return false;
    duckdb::sel_t* const indices = duckdb::DictionaryVector::SelVector(vector).data();
    if (std::ranges::find(choices, indices) == choices.end()) choices.push_back(indices);
  }
  for (duckdb::sel_t* const indices : choices) {
    move_together(reinterpret_cast<duckdb::data_ptr_t>(indices), sizeof(*indices), remaining);
  }
  return true;
}

// `as_read`: no filter has left rows out before.
void keep(duckdb::DataChunk& rows, bool as_read, const Remaining& remaining) {
  if (as_read || !move_choices(rows, remaining)) {
    const bool moves_values = as_read && remaining.has_long_runs();
    std::optional<duckdb::SelectionVector> selection;
    for (duckdb::Vector& vector : rows.data) {
      if (moves_values && move_values(vector, remaining)) continue;
      if (!selection) selection = remaining.selection();
      vector.Slice(*selection, remaining.size());
    }
  }
  rows.SetCardinality(remaining.size());
}

// Finds which of a chunk's rows are deleted.
class Search {
 public:
  // `chosen`: as of leave_out_of, when there are fewer `rows` than were read.
  Search(std::uint64_t first, std::size_t rows, const duckdb::SelectionVector* chosen)
      : first_(first), rows_(rows), chosen_(chosen) {}

  // Deleted rows of the file, ascending, and after those of earlier calls.
  void add(std::span<const std::uint64_t> deleted) {
    for (const std::uint64_t row : deleted) {
      const auto in_file = static_cast<duckdb::sel_t>(row - first_);
      if (chosen_ == nullptr) {
        left_out_[found_++] = in_file;
        continue;
      }
      while (position_ < rows_ && chosen_->get_index(position_) < in_file) ++position_;
      if (position_ < rows_ && chosen_->get_index(position_) == in_file) {
        left_out_[found_++] = static_cast<duckdb::sel_t>(position_);
      }
    }
  }

  // Their positions in the chunk, ascending.
  std::span<const duckdb::sel_t> found() const { return {left_out_.data(), found_}; }

 private:
  const std::uint64_t first_;
  const std::size_t rows_;
  const duckdb::SelectionVector* const chosen_;
  Positions left_out_;
  std::size_t found_ = 0;
  std::size_t position_ = 0;
};

// Used by several threads at once, each on rows of its own.
class RemainingRowsFilter final : public duckdb::DeleteFilter {
 public:
  explicit RemainingRowsFilter(delta::DeletionVector deleted) : deleted_(std::move(deleted)) {}

  duckdb::idx_t Filter(duckdb::row_t start, duckdb::idx_t count,
                       duckdb::SelectionVector& selected) override {
    // DuckDB passes a selection without memory.
    selected.Initialize(STANDARD_VECTOR_SIZE);
    const auto first = static_cast<std::uint64_t>(start);
    duckdb::idx_t kept = 0;
    std::uint64_t next = first;
    const auto keep_up_to = [&](std::uint64_t end) {
      for (; next < end; ++next) selected.set_index(kept++, next - first);
    };
    deleted_.for_each_between(first, first + count, [&](std::span<const std::uint64_t> rows) {
      for (const std::uint64_t row : rows) {
        keep_up_to(row);
        next = row + 1;
      }
    });
    keep_up_to(first + count);
    return kept;
  }

 private:
  const delta::DeletionVector deleted_;
};

}  // namespace

duckdb::unique_ptr<duckdb::DeleteFilter> DeletedRows::as_filter() && {
  return duckdb::make_uniq<RemainingRowsFilter>(std::move(deleted_));
}

void DeletedRows::leave_out_of(duckdb::DataChunk& rows, std::uint64_t first, std::size_t count,
                               const duckdb::SelectionVector& chosen) const {
  const bool as_read = rows.size() == count;
  Search search(first, rows.size(), as_read ? nullptr : &chosen);
  deleted_.for_each_between(first, first + count,
                            [&search](std::span<const std::uint64_t> found) { search.add(found); });
  if (!search.found().empty()) keep(rows, as_read, Remaining(rows.size(), search.found()));
}

}  // namespace duck
