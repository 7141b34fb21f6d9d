// The hint where the newest checkpoint is: PROTOCOL.md, "Last Checkpoint File".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "delta/src/log_segment.h"
#include "delta/store.h"

namespace delta {

struct LastCheckpoint {
  std::int64_t version = 0;
  std::int64_t size = 0;  // actions; -1 when nobody knows
  std::optional<std::int64_t> parts;
  std::optional<std::int64_t> size_in_bytes;
  std::optional<std::int64_t> live_files;
};

// The hint at a checkpoint of which no more is known than where it is.
LastCheckpoint hint_at(const LogCheckpoint& checkpoint);

// The file's text, with its checksum ("JSON checksum").
std::string to_json(const LastCheckpoint& hint);

// The version that _last_checkpoint names; nothing when it is missing or makes no sense.
std::optional<std::int64_t> hinted_checkpoint_version(const Store& store,
                                                      const std::string& location);

// Puts the hint unless a newer one is there. When a newer checkpoint came to be in the meantime,
// whose hint this one may have replaced, the hint is set to that one.
void put_last_checkpoint(Store& store, const std::string& location, const LastCheckpoint& hint);

}  // namespace delta
