#include "apps/codeanatomy/session_options.h"

#include <map>

namespace apps {

void SessionOptions::add_to(CLI::App& command) {
  command.add_option("--profile", profile, "small, medium or large")
      ->capture_default_str()
      ->type_name("NAME");
  database.add_to(command, "the profile's", "the profile's");
}

engine::SessionOverrides SessionOptions::overrides() const {
  engine::SessionOverrides overrides;
  if (database.threads > 0) overrides.threads = database.threads;
  if (!database.memory_limit.empty()) {
    overrides.memory_limit_bytes = database.memory_limit_bytes();
  }
  overrides.temp_directory = database.temp_directory;
  return overrides;
}

void add_progress_option(CLI::App& command, ProgressMode& mode) {
  static const std::map<std::string, ProgressMode> modes = {{"auto", ProgressMode::kAuto},
                                                            {"plain", ProgressMode::kPlain},
                                                            {"none", ProgressMode::kNone}};
  command
      .add_option_function<std::string>(
          "--progress", [&mode](const std::string& name) { mode = modes.at(name); },
          "auto (a changing line on a terminal, else as plain), plain or none")
      ->check(CLI::IsMember({"auto", "plain", "none"}))
      ->option_text("MODE");
}

}  // namespace apps
