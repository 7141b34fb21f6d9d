#include "extract/source_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/hash.h"
#include "extract/utf8.h"

namespace extract {
namespace {

constexpr std::size_t kReadBytes = 1 << 20;

class FileDescriptor {
 public:
  explicit FileDescriptor(const std::filesystem::path& location)
      // Not blocking: a pipe in the place of a file must not stop the walk.
      : fd_(::open(location.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category());
  }
  ~FileDescriptor() { ::close(fd_); }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  std::size_t regular_file_size() const {
    struct stat status;
    if (::fstat(fd_, &status) != 0) throw std::system_error(errno, std::generic_category());
    if (!S_ISREG(status.st_mode)) {
      throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                              "not a regular file");
    }
    return static_cast<std::size_t>(status.st_size);
  }

  // 0 at the end of the file.
  std::size_t read(char* to, std::size_t size) const {
    for (;;) {
      const ssize_t count = ::read(fd_, to, size);
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) throw std::system_error(errno, std::generic_category());
    }
  }

 private:
  int fd_;
};

// The encoding that a PEP 263 comment in this line names, in lower case with '-' for '_'.
std::string declared_encoding(std::string_view line) {
  const std::size_t comment = line.find_first_not_of(" \t\f");
  if (comment == std::string_view::npos || line[comment] != '#') return {};
  constexpr std::string_view kWord = "coding";
  for (std::size_t word = line.find(kWord, comment); word != std::string_view::npos;
       word = line.find(kWord, word + 1)) {
    std::size_t at = word + kWord.size();
    if (at == line.size() || (line[at] != ':' && line[at] != '=')) continue;
    at = line.find_first_not_of(" \t", at + 1);
    std::string name;
    for (; at < line.size(); ++at) {
      const unsigned char c = static_cast<unsigned char>(line[at]);
      if (!std::isalnum(c) && c != '-' && c != '_' && c != '.') break;
      name += c == '_' ? '-' : static_cast<char>(std::tolower(c));
    }
    if (!name.empty()) return name;
  }
  return {};
}

bool is_latin1(std::string_view name) {
  constexpr std::array<std::string_view, 11> kNames = {
      "latin-1", "latin1",      "latin", "iso-8859-1", "iso8859-1", "iso8859",
      "l1",      "iso-latin-1", "8859",  "cp819",      "ibm819"};
  // With an ending, such as Emacs' "-unix", as Python takes it.
  constexpr std::array<std::string_view, 3> kBeginnings = {"latin-1-", "iso-8859-1-",
                                                           "iso-latin-1-"};
  return std::ranges::find(kNames, name) != kNames.end() ||
         std::ranges::any_of(kBeginnings, [&](auto begin) { return name.starts_with(begin); });
}

// The second line counts when the first has no more than a comment.
bool declares_latin1(std::string_view bytes) {
  for (int line = 0; line < 2; ++line) {
    const std::size_t end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    const std::string_view text = bytes.substr(0, end);
    const std::string name = declared_encoding(text);
    if (!name.empty()) return is_latin1(name);
    const std::size_t begin = text.find_first_not_of(" \t\f");
    if (begin != std::string_view::npos && text[begin] != '#') return false;
    bytes.remove_prefix(end);
    bytes.remove_prefix(bytes.starts_with("\r\n") ? 2 : std::min<std::size_t>(1, bytes.size()));
  }
  return false;
}

}  // namespace

SourceContent read_source(const std::filesystem::path& location, std::int64_t max_bytes) {
  const FileDescriptor file(location);
  const std::size_t limit = static_cast<std::size_t>(max_bytes);
  SourceContent content;
  std::vector<char>& bytes = content.bytes;
  base::Sha256 hash;
  std::size_t kept = 0;
  char last = '\n';
  // One byte more than the file has, so that its end is seen without growing.
  bytes.resize(std::min(file.regular_file_size(), limit) + 1);
  for (;;) {
    if (kept == bytes.size()) bytes.resize(kept + kReadBytes);
    const std::size_t count = file.read(bytes.data() + kept, bytes.size() - kept);
    if (count == 0) break;
    const std::string_view part(bytes.data() + kept, count);
    hash.add(part);
    content.line_count += std::ranges::count(part, '\n');
    content.size_bytes += static_cast<std::int64_t>(count);
    last = part.back();
    kept += count;
    if (content.size_bytes > max_bytes) {
      content.too_large = true;
      kept = 0;
    }
  }
  bytes.resize(content.too_large ? 0 : kept);
  if (content.too_large) bytes.shrink_to_fit();
  if (last != '\n') ++content.line_count;
  content.sha256 = base::to_hex(hash.finish());
  return content;
}

Encoding detect_encoding(std::string_view bytes) {
  if (is_utf8(bytes)) return Encoding::kUtf8;
  return declares_latin1(bytes) ? Encoding::kLatin1 : Encoding::kUnknown;
}

SourceText::SourceText(std::string path, SourceContent content)
    : path_(std::move(path)), content_(std::move(content)), encoding_(detect_encoding(bytes())) {}

std::string_view SourceText::text(std::size_t start, std::size_t end) {
  const std::string_view slice = bytes().substr(start, end - start);
  if (encoding_ == Encoding::kUtf8) return slice;
  std::string utf8;
  for (const char c : slice) {
    const unsigned char code = static_cast<unsigned char>(c);
    if (code < 0x80) {
      utf8 += c;
    } else {
      utf8 += static_cast<char>(0xC0 | (code >> 6));
      utf8 += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return keep(utf8);
}

std::string_view SourceText::keep(std::string_view text) {
  char* copy = static_cast<char*>(kept_.allocate(text.size() + 1, 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

}  // namespace extract
