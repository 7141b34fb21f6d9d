// Which version of a table a command is about.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "delta/snapshot.h"
#include "duck/database.h"

namespace apps {

struct TableVersion {
  std::optional<std::int64_t> version;
  std::string timestamp;  // empty: none

  // --version N and --timestamp T, of which one can be given.
  void add_to(CLI::App& command);

  // The table so; the latest when neither is given. A timestamp that is none is USAGE.
  std::shared_ptr<const delta::Snapshot> snapshot(duck::Database& database,
                                                  const std::string& path) const;
};

}  // namespace apps
