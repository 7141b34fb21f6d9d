#include <memory>

#include "apps/codeanatomy/commands.h"
#include "apps/codeanatomy/query_output.h"
#include "apps/codeanatomy/session_options.h"
#include "duck/database.h"
#include "duck/interrupt_watch.h"

namespace apps {
namespace {

struct SqlOptions {
  std::string query;
  std::string format;
  std::string output_file;
  SessionOptions session;
};

void run(const SqlOptions& options, const std::stop_token& stop) {
  const engine::SessionConfig config = engine::configure_session(
      engine::environment_profile(options.session.profile), {}, options.session.overrides());
  duck::Database database(config.database_config());
  duck::Connection connection(database);
  const duck::InterruptWatch watch(connection, stop);
  write_query(
      connection, options.query,
      {.format = output_format(options.format, options.output_file), .file = options.output_file});
}

}  // namespace

void add_sql_command(CLI::App& program, ChosenCommand& chosen) {
  const auto options = std::make_shared<SqlOptions>();
  CLI::App* command =
      program.add_subcommand("sql", "Run a query; delta_scan('path') reads a Delta table");
  command->add_option("QUERY", options->query, "The query")->required();
  add_query_output_options(*command, options->format, options->output_file);
  options->session.add_to(*command);
  command->callback([options, &chosen] {
    chosen = [options](const std::stop_token& stop) { run(*options, stop); };
  });
}

}  // namespace apps
