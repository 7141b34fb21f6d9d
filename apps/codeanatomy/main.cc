// codeanatomy, the command line.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <span>
#include <string_view>

#include "apps/codeanatomy/commands.h"
#include "apps/codeanatomy/error_line.h"
#include "apps/codeanatomy/message.h"
#include "apps/codeanatomy/signal_stop.h"
#include "engine/session/engine_version.h"

namespace {

// Looked for by hand, since a command line that cannot be parsed is reported the same way.
bool wants_json_errors(std::span<char*> arguments) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--errors=json") return true;
    if (argument == "--errors" && i + 1 < arguments.size()) {
      return std::string_view(arguments[i + 1]) == "json";
    }
  }
  return false;
}

// What is wrong with a command line, in words that help.
std::string usage_message(const CLI::App& program, std::span<char*> arguments,
                          const CLI::ParseError& error) {
  const CLI::App* group = &program;
  std::string path = "codeanatomy";
  for (std::size_t i = 1; group->get_require_subcommand_min() > 0; ++i) {
    const std::string help = "; " + path + " --help lists them";
    if (i >= arguments.size()) return "a command is missing" + help;
    const std::string name = arguments[i];
    const auto has_name = [&](const CLI::App* command) { return command->check_name(name); };
    const auto commands = group->get_subcommands(has_name);
    if (name.starts_with("--errors")) {
      if (name == "--errors") ++i;
      continue;
    }
    if (name.starts_with('-') || commands.empty()) {
      const std::string kind = name.starts_with('-') ? "option" : "command";
      std::string complaint = "there is no " + kind + " '";
      complaint.append(name).append(name.starts_with('-') ? "' here" : "'").append(help);
      return complaint;
    }
    group = commands.front();
    path += " " + name;
  }
  return error.what();
}

int report(const base::Error& error, bool as_json) {
  apps::tell("{}\n", as_json ? apps::error_json(error) : apps::error_line(error));
  return apps::exit_status(error);
}

// Standard input, output or error that is closed must not become a table's file, which messages
// would be written to. Writing to what takes their place fails.
void occupy_standard_files() {
  int file = ::open("/dev/null", O_RDONLY);
  while (file >= 0 && file <= STDERR_FILENO) file = ::open("/dev/null", O_RDONLY);
  if (file >= 0) ::close(file);
}

int run(int count, char** arguments) {
  const std::span<char*> all(arguments, static_cast<std::size_t>(count));
  const bool json_errors = wants_json_errors(all);
  CLI::App program("Declarative specs into Delta Lake tables", "codeanatomy");
  program.require_subcommand(1);
  program.fallthrough();
  program.set_help_all_flag("--help-all", "Print the help of every command");
  program.set_version_flag("--version", "codeanatomy " + std::string(engine::kEngineVersion),
                           "Print the version and exit");
  std::string errors = "text";
  program.add_option("--errors", errors, "How errors are printed: text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->option_text("FORM");

  apps::ChosenCommand chosen;
  apps::add_build_command(program, chosen);
  apps::add_extract_command(program, chosen);
  apps::add_run_command(program, chosen);
  apps::add_validate_command(program, chosen);
  apps::add_explain_command(program, chosen);
  apps::add_sql_command(program, chosen);
  apps::add_hash_command(program, chosen);
  apps::add_report_command(program, chosen);
  apps::add_delta_commands(program, chosen);
  try {
    program.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);
    return report({base::Stage::kValidation, "USAGE", usage_message(program, all, error)},
                  json_errors);
  }

  std::signal(SIGPIPE, SIG_IGN);
  try {
    const apps::SignalStop stop([&] {
      report({base::Stage::kRuntime, "INTERRUPTED",
              "interrupted twice, ended at once: data files that no table knows may be left, for "
              "'codeanatomy delta vacuum', and spilled data, which the next run removes"},
             json_errors);
    });
    chosen(stop.token());
    return 0;
  } catch (const base::Error& error) {
    return report(error, json_errors);
  } catch (const std::exception& error) {
    return report({base::Stage::kRuntime, "PIPELINE_EXECUTION_FAILED", error.what()}, json_errors);
  }
}

}  // namespace

int main(int count, char** arguments) {
  occupy_standard_files();
  const int status = run(count, arguments);
  // Nothing is left to save, and taking down what is static takes longer than it should for a run
  // that is over (engine/executor/run_journal.h).
  std::fflush(nullptr);
  std::_Exit(status);
}
