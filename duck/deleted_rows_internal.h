// Leaving out the rows that a deletion vector names.
#pragma once

#include <cstdint>
#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_data.hpp>
#include <utility>

#include "delta/deletion_vector.h"

namespace duck {

// Takes them out of what was read, after the filters of a scan: these are fastest on whole pages,
// and what they reject need not be looked up. May be used by several threads at once.
class DeletedRows {
 public:
  explicit DeletedRows(delta::DeletionVector deleted) : deleted_(std::move(deleted)) {}

  // `rows` is what is left of the `count` rows of the file from `first` on. When that is fewer,
  // `chosen` has the positions of those left, counted from `first`, ascending.
  void leave_out_of(duckdb::DataChunk& rows, std::uint64_t first, std::size_t count,
                    const duckdb::SelectionVector& chosen) const;

  // As a filter that comes before those of a scan.
  duckdb::unique_ptr<duckdb::DeleteFilter> as_filter() &&;

 private:
  delta::DeletionVector deleted_;
};

}  // namespace duck
