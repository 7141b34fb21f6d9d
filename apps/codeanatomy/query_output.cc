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
#include <utility>

#include "apps/codeanatomy/json_numbers.h"
#include "apps/codeanatomy/output_pipe.h"
#include "apps/codeanatomy/text_file.h"
#include "apps/codeanatomy/text_table.h"
#include "base/error.h"
#include "base/quantity.h"
#include "base/uuid.h"
#include "duck/sql_query.h"
#include "duck/sql_text.h"

namespace apps {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostTableRows = 1000;

// Inside another query columns of one name become "a", "a_1", …, for every format. A comment at the
// end must not swallow what follows.
std::string rows_of(const std::string& query) {
  return "FROM (" + duck::parse_query(query) + "\n)";
}

bool is_number(const std::string& duckdb_type) {
  static const std::array<std::string_view, 13> numbers = {
      "TINYINT",  "SMALLINT", "INTEGER",  "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
      "UINTEGER", "UBIGINT",  "UHUGEINT", "FLOAT",  "DOUBLE",  "DECIMAL"};
  const std::string_view base = std::string_view(duckdb_type).substr(0, duckdb_type.find('('));
  return std::ranges::find(numbers, base) != numbers.end();
}

std::string table_text(duck::Connection& connection, const std::string& query) {
  const std::string rows = rows_of(query);
  std::vector<TextTable::Column> columns;
  for (const duck::ResultColumn& column : connection.describe(rows)) {
    const bool right = is_number(column.duckdb_type);
    columns.push_back({column.name, right ? TextTable::Align::kRight : TextTable::Align::kLeft});
  }
  const duck::ResultRows result = connection.query(
      fmt::format("SELECT COLUMNS(*)::VARCHAR {} LIMIT {}", rows, kMostTableRows + 1));
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
  return table.to_string() + base::counted_text(static_cast<std::int64_t>(shown), "row") +
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
  connection.execute("COPY (" + rows_of(query) + ") TO " + duck::quote_string(file) + " (" +
                     copy_options(format) + ")");
}

// `target` is open; `name` is what messages call it.
void copy_to_descriptor(duck::Connection& connection, const std::string& query, OutputFormat format,
                        int target, const std::string& name) {
  OutputPipe::Rewrite rewrite;
  if (format == OutputFormat::kJsonLines) {
    rewrite = [numbers = JsonNumbers()](std::string_view piece) mutable {
      return numbers.rewrite(piece);
    };
  }
  OutputPipe output(target, std::move(rewrite));
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

// Opens and writes the file, which messages call `name`.
void copy_by_descriptor(duck::Connection& connection, const std::string& query, OutputFormat format,
                        const fs::path& file, int flags, const std::string& name) {
  constexpr mode_t kEveryoneByUmask = 0666;
  const int target = ::open(file.c_str(), O_WRONLY | O_CLOEXEC | flags, kEveryoneByUmask);
  if (target < 0) {
    throw base::Error(base::Stage::kRuntime, "FILE_NOT_WRITABLE",
                      "cannot write '" + name + "': " + std::strerror(errno), {{"path", name}});
  }
  try {
    copy_to_descriptor(connection, query, format, target, "'" + name + "'");
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
    // A device, a FIFO: written to, never replaced.
    return copy_by_descriptor(connection, query, output.format, target, 0, output.file);
  }
  const fs::path partial =
      target.parent_path() / ("." + target.filename().string() + "." + base::random_uuid());
  try {
    if (output.format == OutputFormat::kJsonLines) {
      copy_by_descriptor(connection, query, output.format, partial, O_CREAT | O_EXCL, output.file);
    } else {
      copy(connection, query, output.format, partial.string());
    }
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
  static const std::map<std::string, OutputFormat> by_name = {{"jsonl", OutputFormat::kJsonLines},
                                                              {"json", OutputFormat::kJsonLines},
                                                              {"csv", OutputFormat::kCsv},
                                                              {"parquet", OutputFormat::kParquet},
                                                              {"table", OutputFormat::kTable}};
  if (const auto entry = by_name.find(name); entry != by_name.end()) return entry->second;
  const std::string ending = fs::path(file).extension().string();
  if (ending.size() > 1) {
    if (const auto entry = by_name.find(ending.substr(1)); entry != by_name.end()) {
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
