#include "duck/errors_internal.h"

#include <cerrno>
#include <string>
#include <string_view>
#include <unordered_map>

namespace duck {
namespace {

// Keys of the extra info that a carried error travels in.
constexpr std::string_view kCodeKey = "codeanatomy_code";
constexpr std::string_view kStageKey = "codeanatomy_stage";
constexpr std::string_view kMessageKey = "codeanatomy_message";
constexpr std::string_view kDetailPrefix = "codeanatomy_detail_";

std::string first_line(const std::string& text) {
  const auto end = text.find_first_of("\r\n");
  return end == std::string::npos ? text : text.substr(0, end);
}

// The text from `begin` up to the end of its line.
std::string line_at(const std::string& text, std::size_t begin) {
  return first_line(text.substr(begin));
}

// Where a CSV file is at fault and why, of a text that has the whole line between the two.
std::string csv_fault(const std::string& text) {
  constexpr std::string_view kPlace = "CSV Error on Line: ";
  constexpr std::string_view kLine = "\nOriginal Line: ";
  constexpr std::string_view kFile = "\n  file = ";
  const auto line = text.find(kLine);
  const auto reason =
      line == std::string::npos ? std::string::npos : text.find('\n', line + kLine.size());
  if (reason == std::string::npos) return first_line(text);
  std::string fault;
  if (const auto file = text.find(kFile); file != std::string::npos) {
    fault = "file '" + line_at(text, file + kFile.size()) + "', ";
  }
  return fault + "line " + line_at(text, kPlace.size()) + ": " + line_at(text, reason + 1);
}

// DuckDB's messages go on with advice and a picture of the query.
std::string message_of(const std::string& text) {
  return text.starts_with("CSV Error on Line: ") ? csv_fault(text) : first_line(text);
}

base::Stage stage_named(std::string_view name) {
  for (const base::Stage stage : {base::Stage::kValidation, base::Stage::kCompilation,
                                  base::Stage::kCompliance, base::Stage::kMaterialization}) {
    if (base::to_string(stage) == name) return stage;
  }
  return base::Stage::kRuntime;
}

bool is_disk_full(const duckdb::ErrorData& error) {
  const auto& info = error.ExtraInfo();
  if (const auto number = info.find("errno"); number != info.end()) {
    return number->second == std::to_string(ENOSPC) || number->second == std::to_string(EDQUOT);
  }
  // The limit on the folder for spilled data is reported as a lack of memory.
  return error.RawMessage().find("'max_temp_directory_size'") != std::string::npos ||
         error.RawMessage().find("No space left on device") != std::string::npos;
}

std::string code_of(const duckdb::ErrorData& error, Phase phase) {
  if (error.Type() == duckdb::ExceptionType::INTERRUPT) return "INTERRUPTED";
  if (is_disk_full(error)) return "DISK_FULL";
  switch (error.Type()) {
    case duckdb::ExceptionType::OUT_OF_MEMORY:
      return "OUT_OF_MEMORY";
    case duckdb::ExceptionType::PARSER:
    case duckdb::ExceptionType::SYNTAX:
    case duckdb::ExceptionType::BINDER:
    case duckdb::ExceptionType::CATALOG:
    case duckdb::ExceptionType::PARAMETER_NOT_RESOLVED:
    case duckdb::ExceptionType::PARAMETER_NOT_ALLOWED:
      return "SQL_INVALID";
    case duckdb::ExceptionType::IO:
    case duckdb::ExceptionType::HTTP:
    case duckdb::ExceptionType::INTERNAL:
    case duckdb::ExceptionType::FATAL:
      return "QUERY_FAILED";
    default:
      return phase == Phase::kBind ? "SQL_INVALID" : "QUERY_FAILED";
  }
}

}  // namespace

base::Error from_duckdb(const duckdb::ErrorData& error, Phase phase) {
  const auto& info = error.ExtraInfo();
  base::Error::Details details;
  if (const auto code = info.find(std::string(kCodeKey)); code != info.end()) {
    for (const auto& [key, value] : info) {
      if (key.starts_with(kDetailPrefix)) details[key.substr(kDetailPrefix.size())] = value;
    }
    return {stage_named(info.at(std::string(kStageKey))), code->second,
            info.at(std::string(kMessageKey)), std::move(details)};
  }
  if (error.Type() == duckdb::ExceptionType::MISSING_EXTENSION) {
    return {base::Stage::kValidation, "HTTPFS_MISSING",
            first_line(error.RawMessage()) +
                "; set CODEANATOMY_HTTPFS to the file httpfs.duckdb_extension of " +
                duckdb::DuckDB::LibraryVersion(),
            std::move(details)};
  }
  details["engine_error"] = duckdb::Exception::ExceptionTypeToString(error.Type());
  const std::string code = code_of(error, phase);
  const base::Stage stage =
      code == "SQL_INVALID" ? base::Stage::kCompilation : base::Stage::kRuntime;
  std::string message = message_of(error.RawMessage());
  if (code == "OUT_OF_MEMORY") {
    // "(2.0 GiB/2.0 GiB used)" is said of the limit; else the machine has no more.
    const bool is_limit = message.find(" used)") != std::string::npos;
    message = (is_limit ? "the memory limit is too low: " : "out of memory: ") + message;
  }
  return {stage, code, std::move(message), std::move(details)};
}

duckdb::Exception carried_by_duckdb(const base::Error& error) {
  std::unordered_map<std::string, std::string> info;
  info[std::string(kCodeKey)] = error.code();
  info[std::string(kStageKey)] = std::string(base::to_string(error.stage()));
  info[std::string(kMessageKey)] = error.message();
  for (const auto& [key, value] : error.details()) info[std::string(kDetailPrefix) + key] = value;
  const bool interrupted = error.code() == "INTERRUPTED";
  return {info,
          interrupted ? duckdb::ExceptionType::INTERRUPT : duckdb::ExceptionType::INVALID_INPUT,
          error.message()};
}

}  // namespace duck
