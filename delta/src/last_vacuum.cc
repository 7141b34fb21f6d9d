#include "delta/src/last_vacuum.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "delta/src/log_error.h"
#include "delta/src/log_path.h"

namespace delta {
namespace {

constexpr const char* kVersionKey = "latestCommitVersionOutsideOfRetentionWindow";

std::string info_path(const std::string& location) {
  return log_folder(location) + "/_last_vacuum_info";
}

}  // namespace

std::optional<std::int64_t> last_vacuumed_version(const Store& store, const std::string& location) {
  std::string text;
  try {
    text = store.read(info_path(location));
  } catch (const base::Error& error) {
    if (is_broken_file(error) || error.code() == "DELTA_STORE_NOT_FOUND") return std::nullopt;
    throw;
  }
  const nlohmann::json info = nlohmann::json::parse(text, nullptr, false);
  if (!info.is_object() || !info.contains(kVersionKey)) return std::nullopt;
  const nlohmann::json& version = info.at(kVersionKey);
  if (!version.is_number_integer()) return std::nullopt;
  return version.get<std::int64_t>();
}

void put_last_vacuumed_version(Store& store, const std::string& location, std::int64_t version) {
  store.put(info_path(location), nlohmann::json({{kVersionKey, version}}).dump());
}

}  // namespace delta
