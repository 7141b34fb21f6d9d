#include <fmt/format.h>

#include <memory>
#include <optional>
#include <vector>

#include "apps/codeanatomy/column_list.h"
#include "apps/codeanatomy/database_options.h"
#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/message.h"
#include "apps/codeanatomy/query_output.h"
#include "apps/codeanatomy/table_version.h"
#include "apps/codeanatomy/text_file.h"
#include "duck/interrupt_watch.h"
#include "duck/scan_counts.h"
#include "duck/sql_text.h"

namespace apps {
namespace {

struct ScanOptions {
  std::string path;
  TableVersion version;
  std::vector<std::string> columns;
  std::optional<std::string> where;
  std::string format;
  std::string output_file;
  bool stats = false;
  DatabaseOptions database;
};

std::string query_of(const ScanOptions& options, const delta::Snapshot& snapshot) {
  std::string columns;
  for (const std::string& column : options.columns) {
    columns += (columns.empty() ? "" : ", ") + duck::quote_identifier(column);
  }
  std::string query =
      fmt::format("SELECT {} FROM delta_scan({}, version := {})", columns.empty() ? "*" : columns,
                  duck::quote_string(snapshot.location()), snapshot.version());
  // The condition is SQL; a comment at its end must not swallow the parenthesis.
  if (options.where) query += fmt::format(" WHERE ({}\n)", *options.where);
  return query;
}

std::string counts_text(const duck::QueryProfile& profile, const delta::Snapshot& snapshot) {
  // A condition that can never hold is not looked up in any file.
  const auto total = static_cast<std::int64_t>(snapshot.files().size());
  const auto counts =
      duck::scan_counts(profile, snapshot.location())
          .value_or(delta::SkippingCounts{.total = total, .pruned_by_statistics = total});
  return fmt::format(
      "files total: {}\npruned by partition: {}\npruned by statistics: {}\n"
      "pruned by join filter: {}\nread: {}\n",
      counts.total, counts.pruned_by_partition, counts.pruned_by_statistics,
      counts.pruned_by_join_filter, counts.read());
}

void run(const ScanOptions& options, const std::stop_token& stop) {
  duck::Database database(options.database.config());
  const auto snapshot = options.version.snapshot(database, options.path);
  duck::Connection connection(database);
  const duck::InterruptWatch watch(connection, stop);
  connection.set_profiling(options.stats);
  write_query(
      connection, query_of(options, *snapshot),
      {.format = output_format(options.format, options.output_file), .file = options.output_file});
  if (!options.stats) return;
  const std::string counts = counts_text(connection.last_profile(), *snapshot);
  // The rows may be on standard output.
  if (options.output_file.empty()) {
    tell("{}", counts);
  } else {
    write_standard_output(counts);
  }
}

}  // namespace

void add_delta_scan_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto options = std::make_shared<ScanOptions>();
  CLI::App* command = delta.add_subcommand("scan", "The table's rows");
  command->add_option("PATH", options->path, "The table's folder")->required();
  options->version.add_to(*command);
  add_column_list_option(*command, "--columns", options->columns, "These columns, in this order");
  command->add_option("--where", options->where, "The rows for which this holds")->type_name("SQL");
  command->add_flag(
      "--stats", options->stats,
      "Then say how many files were read, and why others were not (on standard error, "
      "or on standard output if the rows go to a file)");
  add_query_output_options(*command, options->format, options->output_file);
  options->database.add_to(*command);
  command->callback([options, &chosen] {
    chosen = [options](const std::stop_token& stop) { run(*options, stop); };
  });
}

}  // namespace apps
