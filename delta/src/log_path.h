// The names of the files in _delta_log: PROTOCOL.md, "Delta Log Entries" and "Checkpoints".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace delta {

enum class LogFileKind {
  kCommit,               // 00000000000000000010.json
  kCompaction,           // 00000000000000000004.00000000000000000006.compacted.json
  kClassicCheckpoint,    // 00000000000000000010.checkpoint.parquet
  kMultiPartCheckpoint,  // 00000000000000000010.checkpoint.0000000001.0000000003.parquet
  kUuidCheckpoint,       // 00000000000000000010.checkpoint.<uuid>.json or .parquet
};

struct LogFileName {
  LogFileKind kind = LogFileKind::kCommit;
  std::int64_t version = 0;
  std::int64_t end_version = 0;  // kCompaction only
  std::int64_t part = 0;         // kMultiPartCheckpoint only, from 1
  std::int64_t parts = 0;        // kMultiPartCheckpoint only
};

// Nothing for files that are no part of the log's state (_last_checkpoint, CRC files, what a
// crashed writer left, what a later protocol may add).
std::optional<LogFileName> parse_log_file_name(std::string_view name);

// The version of a CRC file, "00000000000000000010.crc"; nothing for other names.
std::optional<std::int64_t> checksum_version(std::string_view name);

// The version as the 20 digits that start a file's name.
std::string version_digits(std::int64_t version);

std::string log_folder(const std::string& location);
std::string commit_path(const std::string& location, std::int64_t version);
std::string checksum_path(const std::string& location, std::int64_t version);
std::string last_checkpoint_path(const std::string& location);
std::string sidecar_folder(const std::string& location);

}  // namespace delta
