// sidecar_checkpoint LOCATION ACTIONS: writes the checkpoint of the latest version, with at most so
// many actions in each sidecar when its form is V2, and prints the file's name. What interop tests
// run, since no command does as much.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "delta/checkpoint.h"
#include "delta/snapshot.h"
#include "delta/store.h"
#include "duck/database.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: sidecar_checkpoint LOCATION ACTIONS\n", stderr);
    return 2;
  }
  try {
    const std::string location = delta::normalize_location(argv[1]);
    duck::Database database({.threads = 1});
    const auto snapshot =
        delta::Snapshot::load(delta::store_for(location), database.parquet_engine(), location);
    const std::string path =
        delta::write_checkpoint(*snapshot,
                                {.actions_per_sidecar = std::strtoll(argv[2], nullptr, 10)})
            .path;
    std::printf("%s\n", path.substr(path.rfind('/') + 1).c_str());
    return 0;
  } catch (const base::Error& error) {
    std::fprintf(stderr, "error[%s]: %s\n", error.code().c_str(), error.message().c_str());
    return 1;
  }
}
