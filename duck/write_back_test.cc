#include "duck/write_back.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <string>

#include "base/uuid.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMiB = 1 << 20;

// As linux/mman.h has them since 6.5.
constexpr long kCachestat = 451;
struct Range {
  std::uint64_t offset;
  std::uint64_t length;
};
struct CacheStatistics {
  std::uint64_t cached;
  std::uint64_t dirty;
  std::uint64_t under_writing;
  std::uint64_t evicted;
  std::uint64_t recently_evicted;
};

class WriteBackTest : public testing::Test {
 protected:
  WriteBackTest() : path_(fs::temp_directory_path() / ("write-back-test-" + base::random_uuid())) {}
  ~WriteBackTest() override { fs::remove(path_); }

  void write(std::uint64_t bytes) const {
    std::ofstream(path_, std::ios::binary) << std::string(bytes, 'x');
  }

  // Pages whose writing has not been started; nothing when the system does not tell.
  std::optional<std::uint64_t> dirty_pages(std::uint64_t begin, std::uint64_t end) const {
    constexpr long kTmpfs = 0x01021994;
    struct statfs file_system{};
    if (::statfs(path_.c_str(), &file_system) != 0 || file_system.f_type == kTmpfs) return {};
    const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    const Range range{begin, end - begin};
    CacheStatistics statistics{};
    const long failed = ::syscall(kCachestat, file, &range, &statistics, 0);
    ::close(file);
    if (failed != 0) return std::nullopt;
    return statistics.dirty;
  }

  const fs::path path_;
};

// A busy disk may leave some pages for later.
TEST_F(WriteBackTest, StartsWritingWhatHasGrown) {
  write(48 * kMiB);
  const auto before = dirty_pages(0, 16 * kMiB);
  if (!before || *before == 0) GTEST_SKIP() << "the system does not tell which pages are dirty";
  WriteBack write_back;
  write_back.add(path_, 0, 16 * kMiB);
  write_back.wait();
  EXPECT_LT(dirty_pages(0, 16 * kMiB), before);
}

TEST_F(WriteBackTest, GathersLittleBits) {
  write(16 * kMiB);
  const auto before = dirty_pages(0, 16 * kMiB);
  if (!before || *before == 0) GTEST_SKIP() << "the system does not tell which pages are dirty";
  WriteBack write_back;
  for (std::uint64_t begin = 0; begin < 16 * kMiB; begin += kMiB) {
    write_back.add(path_, begin, begin + kMiB);
  }
  write_back.wait();
  EXPECT_LT(dirty_pages(0, 16 * kMiB), before);
}

TEST_F(WriteBackTest, EndsWithFilesThatAreGoneAndBitsThatAreLeft) {
  WriteBack write_back;
  write_back.add(path_, 0, 16 * kMiB);
  write_back.wait();
  write_back.add(path_, 16 * kMiB, 17 * kMiB);
  write_back.wait();
  EXPECT_FALSE(fs::exists(path_));
}

}  // namespace
}  // namespace duck
