#include <algorithm>
#include <functional>

#include "duck/null_counts_internal.h"

namespace duck {
namespace {

using delta::StructField;
using delta::TypeKind;
using duckdb::idx_t;
using duckdb::UnifiedVectorFormat;
using duckdb::Vector;

void append_uncounted(const std::vector<StructField>& fields,
                      const std::vector<StructField>& in_file, UncountedColumn& at,
                      std::vector<UncountedColumn>& found) {
  for (const StructField& field : fields) {
    const auto place = std::ranges::find(in_file, field.name, &StructField::name);
    if (place == in_file.end()) continue;
    at.path.push_back(field.name);
    at.positions.push_back(static_cast<idx_t>(place - in_file.begin()));
    if (field.type.kind() == TypeKind::kStruct) {
      append_uncounted(field.type.fields(), place->type.fields(), at, found);
    } else if (field.type.is_nested()) {
      found.push_back(at);
    }
    at.path.pop_back();
    at.positions.pop_back();
  }
}

// Of the column and the structs around it, those that have nulls.
std::vector<UnifiedVectorFormat> levels_with_nulls(duckdb::DataChunk& rows,
                                                   const UncountedColumn& column) {
  std::vector<UnifiedVectorFormat> levels;
  Vector* vector = nullptr;
  for (const idx_t position : column.positions) {
    // The fields of a struct have a value for each row, whatever form the struct itself has.
    vector = vector == nullptr ? &rows.data[position]
                               : duckdb::StructVector::GetEntries(*vector)[position].get();
    UnifiedVectorFormat level;
    vector->ToUnifiedFormat(rows.size(), level);
    if (!level.validity.AllValid()) levels.push_back(std::move(level));
  }
  return levels;
}

}  // namespace

std::vector<UncountedColumn> uncounted_columns(const delta::Schema& columns,
                                               const delta::Schema& in_file) {
  std::vector<UncountedColumn> found;
  UncountedColumn at;
  append_uncounted(columns.fields, in_file.fields, at, found);
  return found;
}

void count_nulls(duckdb::DataChunk& rows, const std::vector<UncountedColumn>& columns,
                 NullCounts& counts) {
  counts.resize(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto levels = levels_with_nulls(rows, columns[i]);
    if (levels.empty()) continue;
    for (idx_t row = 0; row < rows.size(); ++row) {
      counts[i] += std::ranges::any_of(levels, [row](const UnifiedVectorFormat& level) {
        return !level.validity.RowIsValid(level.sel->get_index(row));
      });
    }
  }
}

void add_counts(NullCounts& counts, const NullCounts& more) {
  counts.resize(std::max(counts.size(), more.size()));
  std::ranges::transform(more, counts, counts.begin(), std::plus());
}

}  // namespace duck
