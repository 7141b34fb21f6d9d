#include "delta/src/s3_xml.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "delta/src/calendar.h"
#include "delta/src/path_encoding.h"

namespace delta {
namespace {

// What stands between <name> and </name>, as it is; `from` is moved behind it. S3's elements have
// no attributes but the namespace of the root, and none contains one of its own name.
std::optional<std::string_view> next_element(std::string_view xml, std::string_view name,
                                             std::size_t& from) {
  const std::string open = "<" + std::string(name) + ">";
  const std::string close = "</" + std::string(name) + ">";
  const std::size_t start = xml.find(open, from);
  if (start == std::string_view::npos) return std::nullopt;
  const std::size_t content = start + open.size();
  const std::size_t end = xml.find(close, content);
  if (end == std::string_view::npos) return std::nullopt;
  from = end + close.size();
  return xml.substr(content, end - content);
}

std::optional<std::string_view> element(std::string_view xml, std::string_view name) {
  std::size_t from = 0;
  return next_element(xml, name, from);
}

// The character that "&<entity>;" stands for; only those below 128 occur in URL-encoded text.
std::optional<char> character_of(std::string_view entity) {
  constexpr std::pair<std::string_view, char> kNamed[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [name, character] : kNamed) {
    if (entity == name) return character;
  }
  if (!entity.starts_with('#')) return std::nullopt;
  entity.remove_prefix(1);
  const bool is_hex = entity.starts_with('x');
  if (is_hex) entity.remove_prefix(1);
  int number = 0;
  const char* const end = entity.data() + entity.size();
  const auto [stop, error] = std::from_chars(entity.data(), end, number, is_hex ? 16 : 10);
  if (error != std::errc() || stop != end || number < 1 || number > 127) return std::nullopt;
  return static_cast<char>(number);
}

std::string unescape(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t semicolon = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    if (semicolon != std::string_view::npos) {
      if (const auto character = character_of(text.substr(i + 1, semicolon - i - 1))) {
        result += *character;
        i = semicolon;
        continue;
      }
    }
    result += text[i];
  }
  return result;
}

std::string decode_key(std::string_view text) {
  std::string encoded = unescape(text);
  std::replace(encoded.begin(), encoded.end(), '+', ' ');
  return percent_decode(encoded);
}

std::optional<FileStatus> parse_object(std::string_view xml) {
  const auto key = element(xml, "Key");
  const auto size = element(xml, "Size");
  const auto modified = element(xml, "LastModified");
  if (!key || !size || !modified) return std::nullopt;
  FileStatus object{decode_key(*key), 0, 0};
  const char* const end = size->data() + size->size();
  if (std::from_chars(size->data(), end, object.size).ptr != end) return std::nullopt;
  const auto micros = parse_timestamp(*modified);
  if (!micros) return std::nullopt;
  object.modification_time = *micros / kMicrosPerMilli;
  return object;
}

}  // namespace

std::optional<S3Listing> parse_s3_listing(std::string_view xml) {
  const auto is_truncated = element(xml, "IsTruncated");
  if (!is_truncated) return std::nullopt;
  S3Listing listing;
  std::size_t from = 0;
  while (const auto contents = next_element(xml, "Contents", from)) {
    auto object = parse_object(*contents);
    if (!object) return std::nullopt;
    listing.objects.push_back(*std::move(object));
  }
  if (*is_truncated != "true") return listing;
  const auto token = element(xml, "NextContinuationToken");
  if (!token) return std::nullopt;
  listing.continuation_token = unescape(*token);
  return listing;
}

S3Error parse_s3_error(std::string_view xml) {
  S3Error error;
  if (const auto code = element(xml, "Code")) error.code = unescape(*code);
  if (const auto message = element(xml, "Message")) error.message = unescape(*message);
  return error;
}

}  // namespace delta
