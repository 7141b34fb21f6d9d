// Runs a query: delta_query SQL [ANSWER_SQL]. Prints its time and, as bench/delta/measure.py wants
// them, the first value of its first row, a BIGINT; or that of ANSWER_SQL, which is not timed.
#include <chrono>
#include <cstdio>

#include "base/error.h"
#include "duck/database.h"

namespace {

std::int64_t answer(duck::Connection& connection, const char* sql) {
  return std::get<std::int64_t>(connection.query(sql).rows.at(0).at(0));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fputs("usage: delta_query SQL [ANSWER_SQL]\n", stderr);
    return 2;
  }
  try {
    duck::Database database{duck::DatabaseConfig{}};
    duck::Connection connection(database);
    const auto start = std::chrono::steady_clock::now();
    std::int64_t found = answer(connection, argv[1]);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    if (argc == 3) found = answer(connection, argv[2]);
    std::printf("{\"seconds\": %.6f, \"answer\": %lld}\n", seconds.count(),
                static_cast<long long>(found));
  } catch (const base::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
