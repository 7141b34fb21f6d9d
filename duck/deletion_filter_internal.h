// Leaving out the rows that a deletion vector names.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_data.hpp>
#include <utility>

#include "delta/deletion_vector.h"

namespace duck {

// Used by several threads at once, each on rows of its own.
class DeletionFilter final : public duckdb::DeleteFilter {
 public:
  explicit DeletionFilter(delta::DeletionVector deleted) : deleted_(std::move(deleted)) {}

  // Selects, of the `count` rows of the file from `start` on, those that are not deleted.
  duckdb::idx_t Filter(duckdb::row_t start, duckdb::idx_t count,
                       duckdb::SelectionVector& selected) override;

 private:
  const delta::DeletionVector deleted_;
};

}  // namespace duck
