// Appends one row a commit: delta_small_commits TABLE COMMITS. Prints the time and the number of
// rows at the end as bench/delta/measure.py wants them.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "duck/database.h"
#include "duck/sql_text.h"
#include "duck/table_write.h"

namespace {

void append(duck::Database& database, const std::string& table, std::int64_t commits) {
  duck::Connection connection(database);
  for (std::int64_t number = 0; number < commits; ++number) {
    duck::write_table(database, connection, "SELECT $1 AS id, 'row ' || $1 AS text", {number},
                      {.location = table, .properties = {{"delta.checkpointInterval", "100"}}});
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: delta_small_commits TABLE COMMITS\n", stderr);
    return 2;
  }
  const std::string table = argv[1];
  try {
    duck::Database database({});
    const auto start = std::chrono::steady_clock::now();
    append(database, table, std::stoll(argv[2]));
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const auto counted = duck::Connection(database).query("SELECT count(*) FROM delta_scan(" +
                                                          duck::quote_string(table) + ")");
    std::printf("{\"seconds\": %.6f, \"answer\": %lld}\n", seconds.count(),
                static_cast<long long>(std::get<std::int64_t>(counted.rows.at(0).at(0))));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
