#include "apps/codeanatomy/query_output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>

#include "apps/codeanatomy/output_pipe.h"
#include "apps/codeanatomy/quantity.h"
#include "apps/codeanatomy/text_file.h"
#include "apps/codeanatomy/text_table.h"
#include "base/error.h"
#include "base/uuid.h"
#include "duck/sql_text.h"

namespace apps {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostTableRows = 1000;

// `query` as a part of another one; a comment at its end must not swallow what follows.
std::string as_subquery(const std::string& query) {
  const std::size_t end = query.find_last_not_of(" \t\r\n;");
  return "(" + query.substr(0, end + 1) + "\n)";
}

bool is_number(const std::string& duckdb_type) {
  static const std::array<std::string_view, 13> kNumbers = {
      "TINYINT",  "SMALLINT", "INTEGER",  "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
      "UINTEGER", "UBIGINT",  "UHUGEINT", "FLOAT",  "DOUBLE",  "DECIMAL"};
  const std::string_view base = std::string_view(duckdb_type).substr(0, duckdb_type.find('('));
  return std::ranges::find(kNumbers, base) != kNumbers.end();
}

std::string table_text(duck::Connection& connection, const std::string& query) {
  const std::string rows_of = as_subquery(query);
  std::vector<TextTable::Column> columns;
  for (const duck::ResultColumn& column : connection.describe("FROM " + rows_of)) {
    const bool right = is_number(column.duckdb_type);
    columns.push_back({column.name, right ? TextTable::Align::kRight : TextTable::Align::kLeft});
  }
  const duck::ResultRows result = connection.query(
      fmt::format("SELECT COLUMNS(*)::VARCHAR FROM {} LIMIT {}", rows_of, kMostTableRows + 1));
  TextTable table(std::move(columns));
  const std::size_t shown = std::min(result.rows.size(), kMostTableRows);
  for (std::size_t i = 0; i < shown; ++i) {
    std::vector<std::string> cells;
    for (const delta::Value& value : result.rows[i]) {
      cells.push_back(delta::is_null(value) ? "NULL" : std::get<std::string>(value));
    }
    table.add_row(std::move(cells));
  }
  const bool more = result.rows.size() > shown;
  return table.to_string() + counted_text(static_cast<std::int64_t>(shown), "row") +
         (more ? " of more; --format jsonl gives all\n" : "\n");
}

std::string copy_options(OutputFormat format) {
  switch (format) {
    case OutputFormat::kCsv:
      return "FORMAT csv, HEADER true";
    case OutputFormat::kParquet:
      return "FORMAT parquet, COMPRESSION zstd";
    default:
      return "FORMAT json, ARRAY false";
  }
}

void copy(duck::Connection& connection, const std::string& query, OutputFormat format,
          const std::string& file) {
  connection.execute("COPY " + as_subquery(query) + " TO " + duck::quote_string(file) + " (" +
                     copy_options(format) + ")");
}

// `target` is open; `name` is what messages call it.
void copy_to_descriptor(duck::Connection& connection, const std::string& query, OutputFormat format,
                        int target, const std::string& name) {
  OutputPipe output(target);
  try {
    copy(connection, query, format, output.path());
  } catch (const base::Error&) {
    output.close();
    if (output.error() == 0) throw;
  }
  output.close();
  // The reader may have seen enough.
  if (output.error() == 0 || output.error() == EPIPE) return;
  throw base::Error(base::Stage::kRuntime, "FILE_NOT_WRITABLE",
                    "cannot write " + name + ": " + std::strerror(output.error()),
                    {{"path", name}});
}

// A device, a FIFO: written to, never replaced.
void copy_to_special_file(duck::Connection& connection, const std::string& query,
                          const QueryOutput& output) {
  const int target = ::open(output.file.c_str(), O_WRONLY | O_CLOEXEC);
  if (target < 0) {
    throw base::Error(base::Stage::kRuntime, "FILE_NOT_WRITABLE",
                      "cannot write '" + output.file + "': " + std::strerror(errno),
                      {{"path", output.file}});
  }
  try {
    copy_to_descriptor(connection, query, output.format, target, "'" + output.file + "'");
  } catch (...) {
    ::close(target);
    throw;
  }
  ::close(target);
}

// By way of a file beside it; a link stays, and what it leads to is replaced.
void copy_to_file(duck::Connection& connection, const std::string& query,
                  const QueryOutput& output) {
  check_writable(output.file);
  std::error_code ignored;
  const fs::path target = fs::is_symlink(fs::symlink_status(output.file, ignored))
                              ? fs::weakly_canonical(output.file)
                              : fs::path(output.file);
  if (fs::exists(target, ignored) && !fs::is_regular_file(target, ignored)) {
    return copy_to_special_file(connection, query, output);
  }
  const fs::path partial =
      target.parent_path() / ("." + target.filename().string() + "." + base::random_uuid());
  try {
    copy(connection, query, output.format, partial.string());
    fs::rename(partial, target);
  } catch (...) {
    fs::remove(partial, ignored);
    throw;
  }
}

}  // namespace

void add_query_output_options(CLI::App& command, std::string& format, std::string& file) {
  command
      .add_option("--format", format,
                  "jsonl, csv, parquet or table; by default by FILE's ending, else table on a "
                  "terminal and jsonl elsewhere")
      ->check(CLI::IsMember({"jsonl", "csv", "parquet", "table"}))
      ->option_text("FORMAT");
  command.add_option("-o,--output", file, "Write to this file, not to standard output")
      ->type_name("FILE");
}

OutputFormat output_format(const std::string& name, const std::string& file) {
  static const std::map<std::string, OutputFormat> kByName = {{"jsonl", OutputFormat::kJsonLines},
                                                              {"json", OutputFormat::kJsonLines},
                                                              {"csv", OutputFormat::kCsv},
                                                              {"parquet", OutputFormat::kParquet},
                                                              {"table", OutputFormat::kTable}};
  if (const auto entry = kByName.find(name); entry != kByName.end()) return entry->second;
  const std::string ending = fs::path(file).extension().string();
  if (ending.size() > 1) {
    if (const auto entry = kByName.find(ending.substr(1)); entry != kByName.end()) {
      return entry->second;
    }
  }
  const bool on_terminal = file.empty() && isatty(STDOUT_FILENO) != 0;
  return on_terminal ? OutputFormat::kTable : OutputFormat::kJsonLines;
}

void write_query(duck::Connection& connection, const std::string& query,
                 const QueryOutput& output) {
  if (output.format == OutputFormat::kTable) {
    const std::string text = table_text(connection, query);
    return write_text_file(output.file.empty() ? "-" : output.file, text);
  }
  if (output.file.empty() || output.file == "-") {
    return copy_to_descriptor(connection, query, output.format, STDOUT_FILENO, "standard output");
  }
  copy_to_file(connection, query, output);
}

}  // namespace apps
