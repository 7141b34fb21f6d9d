// The options by which a command's DuckDB is set up.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "duck/database.h"

namespace apps {

struct DatabaseOptions {
  std::int64_t threads = 0;         // 0: the default
  std::string memory_limit = {};    // as a size; empty: the default
  std::string temp_directory = {};  // empty: the system's

  // --threads, --memory-limit, --temp-directory; the help calls the defaults by these names, which
  // without are those of DuckDB.
  void add_to(CLI::App& command, const std::string& default_threads = "one a core",
              const std::string& default_memory_limit = "80% of the memory");
  // 0 where nothing is asked for. Throws base::Error USAGE.
  std::int64_t memory_limit_bytes() const;
  // For commands without a profile. `memory_limit_bytes` is the default; 0: DuckDB's.
  duck::DatabaseConfig config(std::int64_t default_memory_limit_bytes = 0) const;
};

}  // namespace apps
