#include "apps/codeanatomy/session_options.h"

#include <map>

#include "base/quantity.h"

namespace apps {

void SessionOptions::add_to(CLI::App& command) {
  command.add_option("--profile", profile, "small, medium or large")
      ->capture_default_str()
      ->type_name("NAME");
  command.add_option("--threads", threads, "How many threads instead of the profile's")
      ->check(CLI::Range(1, 4096))
      ->option_text("N");
  command
      .add_option("--memory-limit", memory_limit,
                  "When operators begin to spill, such as 2GiB, instead of the profile's")
      ->type_name("SIZE");
  command
      .add_option("--temp-directory", temp_directory,
                  "Where operators spill; the system's folder by default")
      ->type_name("DIR");
}

engine::SessionOverrides SessionOptions::overrides() const {
  engine::SessionOverrides overrides;
  if (threads > 0) overrides.threads = threads;
  if (!memory_limit.empty()) overrides.memory_limit_bytes = base::parse_size(memory_limit);
  overrides.temp_directory = temp_directory;
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
