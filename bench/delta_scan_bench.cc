// delta_scan against read_parquet on the same data files: delta_scan_bench [rows] [files].
// Prints seconds, the best of five runs.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <string>

#include "base/uuid.h"
#include "delta/transaction.h"
#include "duck/copy_to_parquet.h"
#include "duck/database.h"
#include "duck/sql_text.h"

namespace {

constexpr int kRuns = 5;

double seconds(duck::Connection& connection, const std::string& sql) {
  double best = std::numeric_limits<double>::infinity();
  for (int run = 0; run < kRuns; ++run) {
    const auto start = std::chrono::steady_clock::now();
    connection.execute(sql);
    const auto end = std::chrono::steady_clock::now();
    best = std::min(best, std::chrono::duration<double>(end - start).count());
  }
  return best;
}

// A table of `rows` numbers and texts in `files` files, each with a range of its own.
void make_table(duck::Database& database, const std::string& folder, std::int64_t rows,
                std::int64_t files) {
  duck::Connection connection(database);
  const std::string query =
      "SELECT i AS n, i % 1000 AS m, 'src/package/module_' || i % 5000 || '.py' AS s "
      "FROM range($1, $2) r(i)";
  delta::NewTable table;
  for (const auto& column : connection.describe(query, {std::int64_t{0}, std::int64_t{0}})) {
    table.schema.fields.push_back({.name = column.name, .type = *column.delta_type});
  }
  auto transaction = delta::Transaction::create(delta::local_store(), folder, table);
  duck::CopyOptions options;
  options.directory = folder;
  for (std::int64_t i = 0; i < files; ++i) {
    const auto copied = duck::copy_to_parquet(
        connection, query, {rows * i / files, rows * (i + 1) / files}, table.schema, options);
    for (const delta::AddFile& file : copied.files) transaction.add(file);
  }
  transaction.commit({});
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t rows = argc > 1 && argv[1][0] != '-' ? std::stoll(argv[1]) : 5'000'000;
  const std::int64_t files = argc > 2 ? std::stoll(argv[2]) : 1000;
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("delta-scan-bench-" + base::random_uuid()))
          .string();
  duck::Database database{duck::DatabaseConfig{}};
  make_table(database, folder, rows, files);

  const struct {
    const char* name;
    const char* select;
    std::string rest;
  } cases[] = {
      {"count", "SELECT count(*)", ""},
      {"sum of a column", "SELECT sum(n)", ""},
      {"all columns", "SELECT sum(n), sum(m), max(s)", ""},
      {"filter, all files", "SELECT sum(n)", " WHERE m = 7"},
      {"one row", "SELECT s", " WHERE n = " + std::to_string(rows / 2)},
      {"join with ten rows", "SELECT count(s)",
       " JOIN (SELECT " + std::to_string(rows / 3) + " + i AS n FROM range(10) r(i)) USING (n)"},
      {"ten greatest", "SELECT *", " ORDER BY n DESC LIMIT 10"},
  };
  duck::Connection connection(database);
  const std::string scan = " FROM delta_scan(" + duck::quote_string(folder) + ")";
  const std::string parquet =
      " FROM read_parquet(" + duck::quote_string(folder + "/*.parquet") + ")";
  std::printf("%lld rows in %lld files\n%-20s %12s %14s\n", static_cast<long long>(rows),
              static_cast<long long>(files), "query", "delta_scan", "read_parquet");
  for (const auto& one : cases) {
    std::printf("%-20s %12.4f %14.4f\n", one.name,
                seconds(connection, one.select + scan + one.rest),
                seconds(connection, one.select + parquet + one.rest));
  }
  std::filesystem::remove_all(folder);
}
