// Writing the rows of a query to a file or to standard output.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "duck/database.h"

namespace apps {

enum class OutputFormat { kJsonLines, kCsv, kParquet, kTable };

struct QueryOutput {
  OutputFormat format = OutputFormat::kTable;
  std::string file;  // empty: standard output
};

// --format jsonl|csv|parquet|table and -o FILE.
void add_query_output_options(CLI::App& command, std::string& format, std::string& file);

// The format by its name; without a name by the file's ending, else a table on a terminal and
// JSON lines elsewhere.
OutputFormat output_format(const std::string& name, const std::string& file);

// Rows stream; a table has at most 1,000 and says when there are more. A file is written whole or
// not at all. When the reader of standard output has gone, the rest is dropped silently.
void write_query(duck::Connection& connection, const std::string& query, const QueryOutput& output);

}  // namespace apps
