#include <algorithm>
#include <duckdb/parallel/task_scheduler.hpp>
#include <duckdb/storage/buffer_manager.hpp>
#include <limits>

#include "duck/memory_reservation_internal.h"

namespace duck {

std::int64_t memory_limit(duckdb::ClientContext& context) {
  // Without a limit DuckDB tells the largest number of its own type.
  constexpr duckdb::idx_t kMost = std::numeric_limits<std::int64_t>::max();
  const auto& buffers = duckdb::BufferManager::GetBufferManager(context);
  return static_cast<std::int64_t>(std::min(kMost, buffers.GetQueryMaxMemory()));
}

std::int64_t thread_count(duckdb::ClientContext& context) {
  return std::max(1, duckdb::TaskScheduler::GetScheduler(context).NumberOfThreads());
}

MemoryReservation::MemoryReservation(duckdb::ClientContext& context, std::int64_t bytes)
    : state_(duckdb::TemporaryMemoryManager::Get(context).Register(context)) {
  // DuckDB shares out nine tenths of the limit.
  const std::int64_t most = memory_limit(context) / 4 * 3;
  const auto reserved = static_cast<duckdb::idx_t>(std::clamp<std::int64_t>(bytes, 0, most));
  if (reserved == 0) {
    state_->SetZero();
    return;
  }
  state_->SetMinimumReservation(reserved);
  state_->SetRemainingSizeAndUpdateReservation(context, reserved);
}

}  // namespace duck
