#include <fmt/format.h>

#include <memory>
#include <optional>

#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/query_output.h"
#include "duck/interrupt_watch.h"
#include "duck/sql_text.h"

namespace apps {
namespace {

struct HistoryOptions {
  std::string path;
  std::optional<std::uint64_t> limit;
  std::string format;
  std::string output_file;
};

void run(const HistoryOptions& options, const std::stop_token& stop) {
  duck::Database database({});
  duck::Connection connection(database);
  const duck::InterruptWatch watch(connection, stop);
  const QueryOutput output{.format = output_format(options.format, options.output_file),
                           .file = options.output_file};
  // A terminal is too narrow for everything.
  const std::string columns = output.format == OutputFormat::kTable
                                  ? "version, timestamp, operation, operationParameters, engineInfo"
                                  : "*";
  std::string query =
      fmt::format("SELECT {} FROM delta_history({})", columns, duck::quote_string(options.path));
  if (options.limit) query += fmt::format(" LIMIT {}", *options.limit);
  write_query(connection, query, output);
}

}  // namespace

void add_delta_history_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto options = std::make_shared<HistoryOptions>();
  CLI::App* command = delta.add_subcommand("history", "The table's commits, newest first");
  command->add_option("PATH", options->path, "The table's folder")->required();
  command->add_option("--limit", options->limit, "Show this many at most")->type_name("N");
  add_query_output_options(*command, options->format, options->output_file);
  command->callback([options, &chosen] {
    chosen = [options](const std::stop_token& stop) { run(*options, stop); };
  });
}

}  // namespace apps
