// Opens a Delta table and goes through its live files: delta_list_files TABLE. Prints the time and
// the number of files as bench/delta/measure.py wants them.
#include <chrono>
#include <cstdio>

#include "base/error.h"
#include "delta/snapshot.h"
#include "duck/database.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: delta_list_files TABLE\n", stderr);
    return 2;
  }
  try {
    duck::Database database{duck::DatabaseConfig{}};
    const auto start = std::chrono::steady_clock::now();
    const auto snapshot =
        delta::Snapshot::load(delta::local_store(), database.parquet_engine(), argv[1]);
    const std::size_t files = snapshot->files().size();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("{\"seconds\": %.6f, \"answer\": %zu}\n", seconds.count(), files);
  } catch (const base::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
