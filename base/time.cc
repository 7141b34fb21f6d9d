#include "base/time.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace base {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

}  // namespace

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::int64_t now_ms() { return now_us() / 1000; }

std::string to_rfc3339(std::int64_t micros) {
  using std::chrono::days;
  using std::chrono::microseconds;
  const std::chrono::sys_time<microseconds> time{microseconds{micros}};
  const auto midnight = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{midnight};
  const std::int64_t of_day = (time - midnight).count();
  const auto seconds = static_cast<int>(of_day / kMicrosPerSecond);
  const auto fraction = static_cast<int>(of_day % kMicrosPerSecond);

  std::array<char, 64> text;
  int length = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                             static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                             static_cast<unsigned>(date.day()), seconds / 3600, seconds / 60 % 60,
                             seconds % 60);
  std::string result(text.data(), static_cast<std::size_t>(length));
  if (fraction != 0) {
    length = fraction % 1000 == 0
                 ? std::snprintf(text.data(), text.size(), ".%03d", fraction / 1000)
                 : std::snprintf(text.data(), text.size(), ".%06d", fraction);
    result.append(text.data(), static_cast<std::size_t>(length));
  }
  return result + 'Z';
}

}  // namespace base
