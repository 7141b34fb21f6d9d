#include "delta/src/log_error.h"

#include <utility>

namespace delta {

void throw_log_corrupt(const std::string& path, std::optional<std::int64_t> line,
                       const std::string& what) {
  base::Error::Details details{{"path", path}};
  std::string place = "log '" + path + "'";
  if (line) {
    details["line"] = std::to_string(*line);
    place += ", line " + std::to_string(*line);
  }
  throw base::Error(base::Stage::kRuntime, "DELTA_LOG_CORRUPT", place + ": " + what,
                    std::move(details));
}

bool is_broken_file(const base::Error& error) {
  return error.code() == "DELTA_LOG_CORRUPT" || error.code() == "DELTA_STORE_CHECKSUM_MISMATCH";
}

void throw_table_replaced(const std::string& path, const std::string& what) {
  throw base::Error(base::Stage::kRuntime, "DELTA_TABLE_REPLACED", what, {{"path", path}});
}

}  // namespace delta
