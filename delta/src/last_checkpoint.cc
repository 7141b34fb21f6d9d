#include "delta/src/last_checkpoint.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "delta/src/log_path.h"
#include "delta/src/log_segment.h"
#include "delta/src/md5.h"

namespace delta {
namespace {

// All members are whole numbers, so the canonical form needs no escapes; nlohmann's objects are in
// the order of their keys already.
std::string canonical_form(const nlohmann::json& object) {
  std::string text;
  for (const auto& [key, value] : object.items()) {
    if (!text.empty()) text += ',';
    text += '"' + key + "\"=" + value.dump();
  }
  return text;
}

}  // namespace

LastCheckpoint hint_at(const LogCheckpoint& checkpoint) {
  LastCheckpoint hint{.version = checkpoint.version,
                      .size = -1,
                      .parts = std::nullopt,
                      .size_in_bytes = std::nullopt,
                      .live_files = std::nullopt};
  if (checkpoint.paths.size() > 1) hint.parts = static_cast<std::int64_t>(checkpoint.paths.size());
  return hint;
}

std::string to_json(const LastCheckpoint& hint) {
  nlohmann::json object = {{"version", hint.version}, {"size", hint.size}};
  if (hint.parts) object["parts"] = *hint.parts;
  if (hint.size_in_bytes) object["sizeInBytes"] = *hint.size_in_bytes;
  if (hint.live_files) object["numOfAddFiles"] = *hint.live_files;
  object["checksum"] = md5_hex(canonical_form(object));
  return object.dump();
}

std::optional<std::int64_t> hinted_checkpoint_version(const Store& store,
                                                      const std::string& location) {
  std::string text;
  try {
    text = store.read(last_checkpoint_path(location));
  } catch (const base::Error&) {
    return std::nullopt;  // only a hint
  }
  const nlohmann::json object = nlohmann::json::parse(text, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  const auto version = object.find("version");
  if (version == object.end() || !version->is_number_integer()) return std::nullopt;
  return version->get<std::int64_t>();
}

void put_last_checkpoint(Store& store, const std::string& location, const LastCheckpoint& hint) {
  const auto there = hinted_checkpoint_version(store, location);
  if (there && *there >= hint.version) return;
  LastCheckpoint next = hint;
  while (true) {
    store.put(last_checkpoint_path(location), to_json(next));
    // The checkpoint of whoever put a newer hint before ours is in the log by now: whoever puts
    // last sees the newest one.
    const auto newest = newest_checkpoint(store, location, next.version);
    if (!newest || newest->version <= next.version) return;
    next = hint_at(*newest);
  }
}

}  // namespace delta
