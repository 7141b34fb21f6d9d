// The commands `codeanatomy delta …`: contract/results.md, "Command line".
#pragma once

#include <CLI/CLI.hpp>

#include "apps/codeanatomy/commands.h"

namespace apps {

// Each adds its command to the group `delta`, as the functions of commands.h do to the program.
void add_delta_changes_command(CLI::App& delta, ChosenCommand& chosen);
void add_delta_checkpoint_command(CLI::App& delta, ChosenCommand& chosen);
void add_delta_cleanup_command(CLI::App& delta, ChosenCommand& chosen);
void add_delta_compact_log_command(CLI::App& delta, ChosenCommand& chosen);
void add_delta_constraint_command(CLI::App& delta, ChosenCommand& chosen);
void add_delta_delete_command(CLI::App& delta, ChosenCommand& chosen);
void add_delta_history_command(CLI::App& delta, ChosenCommand& chosen);
void add_delta_info_command(CLI::App& delta, ChosenCommand& chosen);
void add_delta_optimize_command(CLI::App& delta, ChosenCommand& chosen);
void add_delta_scan_command(CLI::App& delta, ChosenCommand& chosen);
void add_delta_vacuum_command(CLI::App& delta, ChosenCommand& chosen);
void add_delta_verify_command(CLI::App& delta, ChosenCommand& chosen);
void add_delta_write_command(CLI::App& delta, ChosenCommand& chosen);

// That a number is 0 or more, in words: CLI11's own check prints the greatest number there is.
CLI::Validator not_negative();

}  // namespace apps
