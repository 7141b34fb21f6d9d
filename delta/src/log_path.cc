#include "delta/src/log_path.h"

#include <charconv>

namespace delta {
namespace {

constexpr std::size_t kVersionDigits = 20;

// Takes `digits` decimal digits from the front; nothing when they are not there.
std::optional<std::int64_t> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = text.data() + digits;
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < 0) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<LogFileName> parse_checkpoint(std::string_view rest, std::int64_t version) {
  constexpr std::size_t kPartDigits = 10;
  constexpr std::size_t kUuidLength = 36;
  LogFileName name{.version = version};
  if (rest == "parquet") {
    name.kind = LogFileKind::kClassicCheckpoint;
    return name;
  }
  if (rest.size() == 2 * kPartDigits + std::string_view("..parquet").size()) {
    const auto part = take_number(rest, kPartDigits);
    if (!part || !take(rest, ".")) return std::nullopt;
    const auto parts = take_number(rest, kPartDigits);
    if (!parts || rest != ".parquet" || *part < 1 || *part > *parts) return std::nullopt;
    name.kind = LogFileKind::kMultiPartCheckpoint;
    name.part = *part;
    name.parts = *parts;
    return name;
  }
  if (rest.size() > kUuidLength) {
    const std::string_view suffix = rest.substr(kUuidLength);
    if (suffix == ".json" || suffix == ".parquet") {
      name.kind = LogFileKind::kUuidCheckpoint;
      return name;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<LogFileName> parse_log_file_name(std::string_view name) {
  const auto version = take_number(name, kVersionDigits);
  if (!version || !take(name, ".")) return std::nullopt;
  if (name == "json") return LogFileName{.version = *version};
  if (take(name, "checkpoint.")) return parse_checkpoint(name, *version);
  const auto end_version = take_number(name, kVersionDigits);
  if (!end_version || name != ".compacted.json" || *end_version <= *version) return std::nullopt;
  return LogFileName{
      .kind = LogFileKind::kCompaction, .version = *version, .end_version = *end_version};
}

std::string version_digits(std::int64_t version) {
  std::string digits = std::to_string(version);
  if (digits.size() < kVersionDigits) digits.insert(0, kVersionDigits - digits.size(), '0');
  return digits;
}

std::string log_folder(const std::string& location) { return location + "/_delta_log"; }

std::string commit_path(const std::string& location, std::int64_t version) {
  return log_folder(location) + "/" + version_digits(version) + ".json";
}

std::optional<std::int64_t> checksum_version(std::string_view name) {
  const auto version = take_number(name, kVersionDigits);
  if (!version || name != ".crc") return std::nullopt;
  return version;
}

std::string checksum_path(const std::string& location, std::int64_t version) {
  return log_folder(location) + "/" + version_digits(version) + ".crc";
}

std::string sidecar_folder(const std::string& location) {
  return log_folder(location) + "/_sidecars";
}

std::string last_checkpoint_path(const std::string& location) {
  return log_folder(location) + "/_last_checkpoint";
}

}  // namespace delta
