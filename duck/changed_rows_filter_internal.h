// The rows of a file that a change of its deletion vector concerns.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_data.hpp>
#include <utility>

#include "delta/deletion_vector.h"

namespace duck {

// Used by several threads at once, each on rows of its own.
class ChangedRowsFilter final : public duckdb::DeleteFilter {
 public:
  ChangedRowsFilter(delta::DeletionVector only, delta::DeletionVector without)
      : only_(std::move(only)), without_(std::move(without)) {}

  // Selects, of the `count` rows of the file from `start` on, those that are in `only` and not in
  // `without`.
  duckdb::idx_t Filter(duckdb::row_t start, duckdb::idx_t count,
                       duckdb::SelectionVector& selected) override;

 private:
  const delta::DeletionVector only_;
  const delta::DeletionVector without_;
};

}  // namespace duck
