#include "apps/codeanatomy/delta_commands.h"

namespace apps {

void add_delta_commands(CLI::App& program, ChosenCommand& chosen) {
  CLI::App* delta = program.add_subcommand("delta", "Read, write and maintain one Delta table");
  delta->require_subcommand(1);
  add_delta_info_command(*delta, chosen);
  add_delta_scan_command(*delta, chosen);
  add_delta_history_command(*delta, chosen);
  add_delta_changes_command(*delta, chosen);
  add_delta_verify_command(*delta, chosen);
  add_delta_write_command(*delta, chosen);
  add_delta_delete_command(*delta, chosen);
  add_delta_checkpoint_command(*delta, chosen);
  add_delta_compact_log_command(*delta, chosen);
  add_delta_optimize_command(*delta, chosen);
  add_delta_vacuum_command(*delta, chosen);
  add_delta_cleanup_command(*delta, chosen);
  add_delta_constraint_command(*delta, chosen);
}

CLI::Validator not_negative() {
  return {[](std::string& text) {
            const bool is_negative = text.starts_with('-');
            return is_negative ? "a number from 0 on is needed, not " + text : std::string();
          },
          "", "not_negative"};
}

}  // namespace apps
