#include "extract/worker.h"

#include <array>
#include <string>
#include <system_error>
#include <utility>

#include "base/hash.h"

namespace extract {
namespace {

// Rows wait until so many are there: an append has a price of its own.
constexpr std::size_t kFlushNodes = 16384;
// Sources wait with them, as long as they are small.
constexpr std::int64_t kFlushSourceBytes = 4 << 20;

// stable_id_parts('file', path, sha256) of contract/functions.md.
std::string file_id(const SourceText& source) {
  std::array<std::uint8_t, 16> digest;
  base::blake2b(source.path() + '\x1F' + source.content().sha256, digest);
  return "file:" + base::to_hex(digest);
}

}  // namespace

Worker::Worker(WorkQueue& queue, FactWriter& writer, std::int64_t max_file_bytes)
    : queue_(queue),
      writer_(writer),
      max_file_bytes_(max_file_bytes),
      parser_(&queue.stop_flag()),
      walk_(batch_, kFlushNodes, [this] { flush(); }) {}

void Worker::run() {
  while (const std::optional<SourceFile> file = queue_.next()) {
    add_file(*file);
    flush_when_full();
  }
  flush();
}

void Worker::add_file(const SourceFile& file) {
  SourceContent content;
  try {
    content = read_source(file.location, max_file_bytes_);
  } catch (const std::system_error& error) {
    queue_.warn(
        {"FILE_UNREADABLE", file.path, file.path + ": cannot be read: " + error.code().message()});
    return;
  }
  source_bytes_ += static_cast<std::int64_t>(content.bytes.size());
  SourceText& source = batch_.add_source(file.path, std::move(content));
  add_file_row(source);

  if (source.content().too_large) {
    give_up(source, "FILE_TOO_LARGE",
            "is longer than " + std::to_string(max_file_bytes_) + " bytes; its syntax is left out");
  } else if (source.encoding() == Encoding::kUnknown) {
    give_up(source, "FILE_NOT_UTF8", "is not UTF-8; its syntax is left out");
  } else if (const Tree tree = parser_.parse(source)) {
    walk_.add_facts(source, *tree);
  } else if (!queue_.stopped()) {
    give_up(source, "PARSE_TIME_LIMIT", "took too long to parse; its syntax is left out");
  }
  if (source.content().size_bytes == 0) {
    queue_.warn({"FILE_EMPTY", source.path(), source.path() + ": is empty"});
  }
  ++queue_.files;
  queue_.bytes += source.content().size_bytes;
}

void Worker::add_file_row(SourceText& source) {
  FileRows& rows = batch_.files;
  rows.path.push_back(batch_.path_code());
  rows.file_id.push_back(source.keep(file_id(source)));
  rows.sha256.push_back(source.content().sha256);
  rows.size_bytes.push_back(source.content().size_bytes);
  rows.line_count.push_back(source.content().line_count);
}

void Worker::give_up(const SourceText& source, std::string code, const std::string& reason) {
  ErrorRows& rows = batch_.errors;
  rows.path.push_back(batch_.path_code());
  rows.node_id.push_null();
  rows.bstart.push_back(0);
  rows.bend.push_back(source.content().size_bytes);
  queue_.warn({std::move(code), source.path(), source.path() + ": " + reason});
}

void Worker::flush() {
  queue_.nodes += static_cast<std::int64_t>(batch_.nodes.node_id.size());
  writer_.write(batch_);
}

void Worker::flush_when_full() {
  if (batch_.nodes.node_id.size() < kFlushNodes && source_bytes_ < kFlushSourceBytes) return;
  flush();
  batch_.clear_sources();
  source_bytes_ = 0;
}

}  // namespace extract
