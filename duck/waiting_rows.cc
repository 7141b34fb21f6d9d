#include "duck/waiting_rows_internal.h"

#include <utility>

namespace duck {

GatheredRows WaitingRows::add(const ParquetFormat& format, GatheredRows more) {
  const std::lock_guard lock(mutex_);
  if (!waiting_.rows || format.row_groups(*waiting_.rows) + format.row_groups(*more.rows) > 1) {
    return std::exchange(waiting_, std::move(more));
  }
  waiting_.append(format, std::move(more));
  return {};
}

GatheredRows WaitingRows::add(duckdb::ClientContext& context, const ParquetFormat& format,
                              duckdb::DataChunk& more) {
  const std::lock_guard lock(mutex_);
  waiting_.append(context, format, more);
  return format.row_groups(*waiting_.rows) < 1 ? GatheredRows() : std::exchange(waiting_, {});
}

GatheredRows WaitingRows::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

}  // namespace duck
