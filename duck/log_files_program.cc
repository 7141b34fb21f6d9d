// log_files LOCATION compaction FIRST LAST: writes the log compaction of these versions.
// log_files LOCATION checkpoint ACTIONS: writes the checkpoint of the latest version, with at most
// so many actions in each sidecar, when its form is V2.
// Both print the file's name. What interop tests run, since no command does as much.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/error.h"
#include "delta/checkpoint.h"
#include "delta/log_compaction.h"
#include "delta/snapshot.h"
#include "delta/store.h"
#include "duck/database.h"

namespace {

std::int64_t number(const std::string& text) { return std::strtoll(text.c_str(), nullptr, 10); }

std::string write(const std::string& location, const std::vector<std::string>& what) {
  duck::Database database({.threads = 1});
  const auto load = [&](std::optional<std::int64_t> version) {
    return delta::Snapshot::load(delta::store_for(location), database.parquet_engine(), location,
                                 version);
  };
  if (what.size() == 3 && what[0] == "compaction") {
    return delta::compact_log(*load(number(what[2])), number(what[1])).path;
  }
  if (what.size() == 2 && what[0] == "checkpoint") {
    return delta::write_checkpoint(*load(std::nullopt), {.actions_per_sidecar = number(what[1])})
        .path;
  }
  throw base::Error(base::Stage::kValidation, "USAGE",
                    "usage: log_files LOCATION (compaction FIRST LAST | checkpoint ACTIONS)");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const std::string location = arguments.empty() ? "" : delta::normalize_location(arguments[0]);
    const std::string path =
        write(location, {arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end()});
    std::printf("%s\n", path.substr(path.rfind('/') + 1).c_str());
    return 0;
  } catch (const base::Error& error) {
    std::fprintf(stderr, "error[%s]: %s\n", error.code().c_str(), error.message().c_str());
    return 1;
  }
}
