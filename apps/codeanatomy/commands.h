// The commands of the program: contract/results.md, "Command line".
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <stop_token>

namespace apps {

// What the command line chose to do. Set while it is parsed, called afterwards.
using ChosenCommand = std::function<void(const std::stop_token& stop)>;

// Each adds its command to `program`; when it is on the command line, `chosen` becomes what it
// does. Commands throw base::Error.
void add_run_command(CLI::App& program, ChosenCommand& chosen);
void add_validate_command(CLI::App& program, ChosenCommand& chosen);
void add_hash_command(CLI::App& program, ChosenCommand& chosen);
void add_report_command(CLI::App& program, ChosenCommand& chosen);
void add_explain_command(CLI::App& program, ChosenCommand& chosen);
void add_sql_command(CLI::App& program, ChosenCommand& chosen);
void add_extract_command(CLI::App& program, ChosenCommand& chosen);
void add_build_command(CLI::App& program, ChosenCommand& chosen);
// The group `delta`; its commands are in delta_commands.h.
void add_delta_commands(CLI::App& program, ChosenCommand& chosen);

}  // namespace apps
