// The options by which a command's session is set up.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "apps/codeanatomy/database_options.h"
#include "apps/codeanatomy/progress_display.h"
#include "engine/session/session_config.h"

namespace apps {

struct SessionOptions {
  std::string profile = "medium";
  DatabaseOptions database = {};  // what it leaves open is the profile's

  // --profile, --threads, --memory-limit, --temp-directory
  void add_to(CLI::App& command);
  engine::SessionOverrides overrides() const;
};

// --progress auto|plain|none
void add_progress_option(CLI::App& command, ProgressMode& mode);

}  // namespace apps
