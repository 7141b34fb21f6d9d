#include <fmt/format.h>

#include <memory>
#include <string>

#include "apps/codeanatomy/database_options.h"
#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/message.h"
#include "apps/codeanatomy/text_file.h"
#include "base/quantity.h"
#include "duck/interrupt_watch.h"
#include "duck/table_delete.h"

namespace apps {
namespace {

struct DeleteArguments {
  std::string path;
  std::string where;
  DatabaseOptions database;
};

void remove(const DeleteArguments& arguments, const std::stop_token& stop) {
  duck::Database database(arguments.database.config());
  duck::Connection connection(database);
  const duck::InterruptWatch watch(connection, stop);
  const auto result = duck::delete_rows(database, connection,
                                        {.location = arguments.path, .where = arguments.where});
  tell_warnings(result.warnings);
  if (result.version) {
    write_standard_output(fmt::format("version {}: {} deleted\n", *result.version,
                                      base::counted_text(result.rows, "row")));
  } else {
    write_standard_output("no row matches; nothing was changed\n");
  }
}

}  // namespace

void add_delta_delete_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto arguments = std::make_shared<DeleteArguments>();
  CLI::App* command = delta.add_subcommand("delete", "Delete rows of the table");
  command->add_option("PATH", arguments->path, "The table's folder")->required();
  command->add_option("--where", arguments->where, "Delete the rows for which this is true")
      ->required()
      ->type_name("SQL");
  arguments->database.add_to(*command);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const std::stop_token& stop) { remove(*arguments, stop); };
  });
}

}  // namespace apps
