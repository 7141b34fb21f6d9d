// Writes the checkpoint of a table's newest version: delta_write_checkpoint TABLE. Prints the time
// and the number of live files as bench/delta/measure.py wants them.
#include <chrono>
#include <cstdio>

#include "base/error.h"
#include "delta/checkpoint.h"
#include "delta/snapshot.h"
#include "duck/database.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: delta_write_checkpoint TABLE\n", stderr);
    return 2;
  }
  try {
    duck::Database database{duck::DatabaseConfig{}};
    const auto start = std::chrono::steady_clock::now();
    const auto snapshot =
        delta::Snapshot::load(delta::local_store(), database.parquet_engine(), argv[1]);
    const delta::CheckpointResult written = delta::write_checkpoint(*snapshot);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("{\"seconds\": %.6f, \"answer\": %lld}\n", seconds.count(),
                static_cast<long long>(written.written ? written.live_files : -1));
  } catch (const base::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
