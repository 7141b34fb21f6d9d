#include "duck/rewrite_memory.h"

#include <algorithm>
#include <duckdb.hpp>
#include <exception>
#include <parquet_reader.hpp>

#include "duck/connection_internal.h"

namespace duck {
namespace {

// Footers to read: the largest row groups are in the largest files.
constexpr std::size_t kFiles = 8;
// Of a row group that is read: its bytes compressed, and its pages in buffers of powers of two.
constexpr std::int64_t kCopiesToRead = 3;
// Of one that is written: encoded and compressed. Its rows can spill.
constexpr std::int64_t kCopiesToWrite = 1;
constexpr std::int64_t kMostBytesOfNewGroup = 128LL << 20;
constexpr std::int64_t kFewestBytesOfNewGroup = 1LL << 20;
// What a query takes besides.
constexpr std::int64_t kLittle = 16LL << 20;
// To merge what was sorted, some blocks of each piece.
constexpr std::int64_t kToMerge = 64LL << 20;

std::int64_t bytes_of_thread(std::int64_t row_group_bytes, bool sorts) {
  // Rows are written once all have been sorted.
  return row_group_bytes * (kCopiesToRead + (sorts ? 0 : kCopiesToWrite));
}

// 0 when the file cannot be read.
std::int64_t largest_row_group_of(duckdb::ClientContext& context, const std::string& path) {
  try {
    const duckdb::ParquetReader reader(context, duckdb::OpenFileInfo(path),
                                       duckdb::ParquetOptions(context));
    std::int64_t most = 0;
    for (const auto& group : reader.GetFileMetadata()->row_groups) {
      most = std::max(most, group.total_byte_size);
    }
    return most;
  } catch (const std::exception&) {
    return 0;
  }
}

}  // namespace

RewriteShares share_memory(const RewriteWork& work) {
  const std::int64_t limit = work.memory_limit_bytes;
  // Sorts get half of the limit where that is enough for the others.
  const std::int64_t free = work.sorts ? limit / 2 : limit / 4 * 3;
  const std::int64_t each =
      std::max<std::int64_t>(1, bytes_of_thread(work.row_group_bytes, work.sorts));
  RewriteShares shares;
  shares.bins = std::clamp<std::int64_t>(work.bins, 1, work.threads);
  std::int64_t readers = shares.bins * work.threads;
  if (readers > free / each) {
    readers = std::clamp<std::int64_t>(free / each, 1, work.threads);
    shares.bins = std::min(shares.bins, readers);
    shares.scan_threads = readers / shares.bins;
    readers = shares.scan_threads * shares.bins;
  }
  const std::int64_t writers = work.sorts ? shares.bins : std::min(readers, work.threads);
  shares.new_row_group_bytes =
      std::clamp(limit / 8 / writers, kFewestBytesOfNewGroup, kMostBytesOfNewGroup);
  shares.reserved_bytes = readers * each + kLittle;
  return shares;
}

std::int64_t enough_memory(std::int64_t row_group_bytes) {
  return 2 * bytes_of_thread(row_group_bytes, true) + kToMerge;
}

std::int64_t largest_row_group(Connection& connection, const delta::Snapshot& snapshot,
                               std::vector<std::size_t> files) {
  const delta::SnapshotFiles live = snapshot.files();
  const std::size_t most = std::min(kFiles, files.size());
  std::ranges::partial_sort(
      files, files.begin() + static_cast<std::ptrdiff_t>(most),
      [&](std::size_t a, std::size_t b) { return live[a].size > live[b].size; });
  std::int64_t bytes = 0;
  duckdb::ClientContext& context = *connection.internal().connection.context;
  context.RunFunctionInTransaction([&] {
    for (std::size_t i = 0; i < most; ++i) {
      bytes = std::max(bytes, largest_row_group_of(context, snapshot.data_path(live[files[i]])));
    }
  });
  return bytes;
}

}  // namespace duck
