#include "delta/src/commit_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "delta/src/action_parser.h"
#include "delta/src/log_error.h"
#include "delta/src/unknown_name.h"

namespace delta {
namespace {

namespace ondemand = simdjson::ondemand;

bool is_object(ondemand::value& value) {
  auto type = ondemand::json_type::null;
  return !value.type().get(type) && type == ondemand::json_type::object;
}

// Whether the action's name, read without parsing, says that the line is not wanted. Lines in
// another spelling than the writers' usual one are wanted.
bool is_unwanted(std::string_view line, ActionSelection selection) {
  if (!line.starts_with("{\"") || !line.ends_with('}')) return false;
  line.remove_prefix(2);
  if (line.starts_with("add\":{") || line.starts_with("remove\":{")) return !selection.files;
  if (line.starts_with("commitInfo\":{")) return !selection.commit_info;
  if (line.starts_with("cdc\":{")) return !selection.changes;
  const bool is_table_action = line.starts_with("protocol\":{") ||
                               line.starts_with("metaData\":{") || line.starts_with("txn\":{");
  return is_table_action && !selection.table;
}

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t first = line.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kSpace) - first + 1);
}

std::int64_t line_number(std::string_view text, std::string_view line) {
  const char* const begin = text.data();
  return 1 + std::count(begin, line.data(), '\n');
}

// Null when there is none. Piece by piece: ThreadSanitizer takes all that memrchr is given for
// read.
const char* last_line_feed(const char* begin, const char* end) {
  constexpr std::ptrdiff_t kPiece = 4096;
  while (end != begin) {
    const std::ptrdiff_t piece = std::min(end - begin, kPiece);
    end -= piece;
    const void* const feed = ::memrchr(end, '\n', static_cast<std::size_t>(piece));
    if (feed != nullptr) return static_cast<const char*>(feed);
  }
  return nullptr;
}

}  // namespace

struct CommitReader::Parser {
  void read_line(std::string_view line, std::size_t capacity, ActionSelection selection,
                 ActionSink& sink) {
    ondemand::document document =
        parser.iterate(simdjson::padded_string_view(line.data(), line.size(), capacity));
    bool has_action = false;
    std::string no_action;  // nor one of a later version of the protocol: those are objects
    for (auto member : document.get_object()) {
      const std::string_view name = member.unescaped_key();
      ondemand::value value = member.value();
      if (value.is_null()) continue;
      if (parse_action(name, value, selection, sink)) {
        has_action = true;
        continue;
      }
      check_unknown_action(name);
      if (!is_object(value)) no_action = name;
    }
    // Beside an action there may be anything.
    if (!has_action && !no_action.empty()) {
      throw std::invalid_argument("'" + no_action + "' is not an action");
    }
    const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    if (!at_end) throw std::invalid_argument("there is more than one JSON value");
  }

  ondemand::parser parser;
};

CommitReader::CommitReader() : parser_(std::make_unique<Parser>()) {}
CommitReader::~CommitReader() = default;

void CommitReader::make_room(std::string& text) {
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
}

void CommitReader::read(std::string text, const std::string& path, ActionSelection selection,
                        ActionSink& sink) {
  make_room(text);
  read_part(text, 0, text.size(), path, selection, sink);
}

void CommitReader::read_part(const std::string& text, std::size_t begin_of_part,
                             std::size_t end_of_part, const std::string& path,
                             ActionSelection selection, ActionSink& sink) {
  const char* const begin = text.data() + begin_of_part;
  const char* const limit = text.data() + text.capacity();
  const char* end = text.data() + end_of_part;
  while (end != begin) {
    const char* const feed = last_line_feed(begin, end);
    const char* const start = feed != nullptr ? feed + 1 : begin;
    const std::string_view line = trimmed({start, static_cast<std::size_t>(end - start)});
    // A line without its end may have been cut off where an object of it ended.
    const bool is_ended = end != text.data() + text.size();
    if (!line.empty() && !(is_ended && is_unwanted(line, selection))) {
      try {
        parser_->read_line(line, static_cast<std::size_t>(limit - line.data()), selection, sink);
      } catch (const simdjson::simdjson_error& error) {
        throw_log_corrupt(path, line_number(text, line), error.what());
      } catch (const nlohmann::json::exception& error) {
        throw_log_corrupt(path, line_number(text, line), error.what());
      } catch (const std::invalid_argument& error) {
        throw_log_corrupt(path, line_number(text, line), error.what());
      }
    }
    end = feed ? start - 1 : begin;
  }
}

}  // namespace delta
