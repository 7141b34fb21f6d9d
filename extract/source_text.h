// One source file in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

namespace extract {

// What was read from a file.
struct SourceContent {
  std::vector<char> bytes;  // empty when the file is longer than was asked for
  bool too_large = false;
  std::int64_t size_bytes = 0;
  std::int64_t line_count = 0;  // line feeds, and one more when the last line lacks its own
  std::string sha256;           // lower-case hex
};

// Reads a regular file; what it is longer than `max_bytes` is hashed and counted, but not kept.
// Throws std::system_error when it cannot be read or is something else.
SourceContent read_source(const std::filesystem::path& location, std::int64_t max_bytes);

enum class Encoding {
  kUtf8,
  kLatin1,   // not UTF-8, and one of the first two lines declares ISO 8859-1 (PEP 263)
  kUnknown,  // neither: its text cannot be read
};

Encoding detect_encoding(std::string_view bytes);

// A file's content and the texts made from it. The views that it gives live as long as it does.
// Not thread-safe.
class SourceText {
 public:
  SourceText(std::string path, SourceContent content);

  const std::string& path() const { return path_; }
  const SourceContent& content() const { return content_; }
  std::string_view bytes() const { return {content_.bytes.data(), content_.bytes.size()}; }
  Encoding encoding() const { return encoding_; }

  // The bytes [start, end) as UTF-8.
  std::string_view text(std::size_t start, std::size_t end);

  // A copy of `text` that lives as long as this object.
  std::string_view keep(std::string_view text);

 private:
  std::string path_;
  SourceContent content_;
  Encoding encoding_;
  std::pmr::monotonic_buffer_resource kept_;
};

}  // namespace extract
