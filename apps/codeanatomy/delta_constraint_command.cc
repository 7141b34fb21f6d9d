#include <fmt/format.h>

#include <memory>

#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/text_file.h"
#include "base/error.h"
#include "duck/table_constraint.h"

namespace apps {
namespace {

struct ConstraintArguments {
  std::string path;
  std::string action;
  std::string name;
  std::string expression;
};

std::string add(duck::Database& database, const ConstraintArguments& arguments,
                const duck::TableConstraintOptions& options) {
  const auto version = duck::add_constraint(database, arguments.expression, options);
  if (!version) return fmt::format("the table has the constraint '{}' already\n", arguments.name);
  return fmt::format("version {}: every row meets '{}'\n", *version, arguments.name);
}

void run(const ConstraintArguments& arguments, const std::stop_token& stop) {
  const bool adds = arguments.action == "add";
  if (adds == arguments.expression.empty()) {
    throw base::Error(base::Stage::kValidation, "USAGE",
                      "constraint takes PATH add NAME SQL, or PATH drop NAME");
  }
  const duck::TableConstraintOptions options{
      .location = arguments.path, .name = arguments.name, .stop = stop};
  duck::Database database({});
  if (adds) {
    write_standard_output(add(database, arguments, options));
  } else {
    write_standard_output(fmt::format("version {}: without the constraint '{}'\n",
                                      duck::drop_constraint(database, options), arguments.name));
  }
}

}  // namespace

void add_delta_constraint_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto arguments = std::make_shared<ConstraintArguments>();
  CLI::App* command = delta.add_subcommand(
      "constraint", "Add a CHECK constraint that every row meets, or drop one");
  command->add_option("PATH", arguments->path, "The table's folder")->required();
  command->add_option("ACTION", arguments->action, "add or drop")
      ->required()
      ->check(CLI::IsMember({"add", "drop"}));
  command->add_option("NAME", arguments->name, "The constraint's name")->required();
  command->add_option("SQL", arguments->expression, "To add: what has to be true of every row");
  command->callback([arguments, &chosen] {
    chosen = [arguments](const std::stop_token& stop) { run(*arguments, stop); };
  });
}

}  // namespace apps
