// Writes the rows of Parquet files anew: delta_write_rows delta|copy|copy-synced|copy-zstd SOURCE
// OUT. SOURCE is a folder of Parquet files; OUT becomes a Delta table, or, by DuckDB's plain COPY
// with its own defaults, also synced to disk as a Delta table is, or with zstd, a folder of Parquet
// files. Prints the time and the number of rows as bench/delta/measure.py wants them.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>

#include "duck/database.h"
#include "duck/sql_text.h"
#include "duck/table_write.h"

namespace {

void sync(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 || ::fsync(file) != 0) {
    throw std::system_error(errno, std::generic_category(), path.string());
  }
  ::close(file);
}

void sync_files(const std::filesystem::path& folder) {
  for (const auto& file : std::filesystem::directory_iterator(folder)) sync(file.path());
  sync(folder);
}

void write(duck::Database& database, const std::string& mode, const std::string& source,
           const std::string& out) {
  duck::Connection connection(database);
  const std::string query = "FROM read_parquet(" + duck::quote_string(source + "/*.parquet") + ")";
  if (mode == "delta") {
    duck::write_table(database, connection, query, {}, {.location = out});
    return;
  }
  connection.execute("COPY (" + query + ") TO " + duck::quote_string(out) +
                     " (FORMAT parquet, PER_THREAD_OUTPUT" +
                     (mode == "copy-zstd" ? ", COMPRESSION zstd)" : ")"));
  if (mode == "copy-synced") sync_files(out);
}

std::int64_t rows_in(duck::Database& database, const std::string& mode, const std::string& out) {
  const std::string table = mode == "delta"
                                ? "delta_scan(" + duck::quote_string(out) + ")"
                                : "read_parquet(" + duck::quote_string(out + "/*.parquet") + ")";
  const auto counted = duck::Connection(database).query("SELECT count(*) FROM " + table);
  return std::get<std::int64_t>(counted.rows.at(0).at(0));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: delta_write_rows delta|copy|copy-synced|copy-zstd SOURCE OUT\n", stderr);
    return 2;
  }
  const std::string mode = argv[1];
  const std::string out = argv[3];
  try {
    duck::Database database({.settings = {{"preserve_insertion_order", "false"}}});
    const auto start = std::chrono::steady_clock::now();
    write(database, mode, argv[2], out);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("{\"seconds\": %.6f, \"answer\": %lld}\n", seconds.count(),
                static_cast<long long>(rows_in(database, mode, out)));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
