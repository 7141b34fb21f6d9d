#include <memory>
#include <optional>

#include "apps/codeanatomy/database_options.h"
#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/query_output.h"
#include "duck/interrupt_watch.h"
#include "duck/sql_text.h"

namespace apps {
namespace {

struct ChangesOptions {
  std::string path;
  std::optional<std::int64_t> from_version;
  std::optional<std::int64_t> to_version;
  std::string from_timestamp;
  std::string to_timestamp;
  std::string format;
  std::string output_file;
  DatabaseOptions database;
};

std::string query_of(const ChangesOptions& options) {
  std::string query = "FROM delta_changes(" + duck::quote_string(options.path);
  const auto add = [&](const char* option, const std::string& value) {
    query += std::string(", ") + option + " := " + value;
  };
  if (options.from_version) add("from_version", std::to_string(*options.from_version));
  if (options.to_version) add("to_version", std::to_string(*options.to_version));
  if (!options.from_timestamp.empty()) {
    add("from_timestamp", duck::quote_string(options.from_timestamp));
  }
  if (!options.to_timestamp.empty()) add("to_timestamp", duck::quote_string(options.to_timestamp));
  return query + ")";
}

void run(const ChangesOptions& options, const std::stop_token& stop) {
  duck::Database database(options.database.config());
  duck::Connection connection(database);
  const duck::InterruptWatch watch(connection, stop);
  write_query(
      connection, query_of(options),
      {.format = output_format(options.format, options.output_file), .file = options.output_file});
}

}  // namespace

void add_delta_changes_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto options = std::make_shared<ChangesOptions>();
  CLI::App* command = delta.add_subcommand("changes", "The rows that changed, commit by commit");
  command->add_option("PATH", options->path, "The table's folder")->required();
  auto* from = command->add_option_group("from", "Where the changes start");
  from->add_option("--from", options->from_version, "The first version")->type_name("VERSION");
  from->add_option("--from-timestamp", options->from_timestamp,
                   "Start at the first version made then or later (ISO 8601)")
      ->type_name("TIME");
  from->require_option(1);
  auto* to = command->add_option_group("to", "Where they end; by default at the latest version");
  to->add_option("--to", options->to_version, "The last version")->type_name("VERSION");
  to->add_option("--to-timestamp", options->to_timestamp,
                 "End at the newest version that was there then")
      ->type_name("TIME");
  to->require_option(0, 1);
  add_query_output_options(*command, options->format, options->output_file);
  options->database.add_to(*command);
  command->callback([options, &chosen] {
    chosen = [options](const std::stop_token& stop) { run(*options, stop); };
  });
}

}  // namespace apps
