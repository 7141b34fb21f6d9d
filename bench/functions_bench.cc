// All functions against DuckDB's own md5() on the same rows, in one process and on one thread:
// functions_bench [rows]. Prints seconds (the best of five runs) and the ratio to md5().
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <string>

#include "duck/database.h"

namespace {

constexpr int kRuns = 5;

struct Case {
  const char* name;
  const char* expression;
  double best_seconds = std::numeric_limits<double>::infinity();
};

double seconds(duck::Connection& connection, const std::string& sql) {
  const auto start = std::chrono::steady_clock::now();
  connection.execute(sql);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string rows = argc > 1 ? argv[1] : "10000000";
  duck::DatabaseConfig config;
  config.threads = 1;
  duck::Database database(config);
  duck::Connection connection(database);
  connection.execute(
      "CREATE TABLE texts AS SELECT 'src/package/module_' || i % 1000 || '.py:' || i "
      "AS v, 'Sr\u0107/P\u00e4ckage/m\u00f6dule ' || i % 1000 || '.py:' || i AS u, i, "
      "span(i, i + 10) AS s, span(i + 3, i + 5) AS t FROM range(" +
      rows + ") t(i)");

  Case cases[] = {
      {"md5", "md5(v)"},
      {"stable_id", "stable_id('node', v)"},
      {"stable_hash64", "stable_hash64(v)"},
      {"stable_hash128", "stable_hash128(v)"},
      {"prefixed_hash64", "prefixed_hash64('node', v)"},
      {"stable_id_parts", "stable_id_parts('node', v, i)"},
      {"span_id", "span_id('span', v, i, i + 10, 'call')"},
      {"span_make", "span_make(i, i + 10)"},
      {"span_len", "span_len(s)"},
      {"span_overlaps", "span_overlaps(s, t)"},
      {"span_contains", "span_contains(s, t)"},
      {"utf8_normalize", "utf8_normalize(v)"},
      {"  of accents", "utf8_normalize(u)"},
      {"  NFD", "utf8_normalize(u, 'NFD', false, false)"},
      {"utf8_null_if_blank", "utf8_null_if_blank(v)"},
      {"qname_normalize", "qname_normalize('f' || i, v)"},
      {"lower (DuckDB)", "lower(v)"},
  };
  for (int run = 0; run < kRuns; ++run) {
    for (Case& one : cases) {
      const std::string sql = std::string("SELECT count(") + one.expression + ") FROM texts";
      one.best_seconds = std::min(one.best_seconds, seconds(connection, sql));
    }
  }
  std::printf("%s rows, one thread\n%-18s %9s %14s\n", rows.c_str(), "function", "seconds",
              "ratio to md5");
  for (const Case& one : cases) {
    std::printf("%-18s %9.3f %14.2f\n", one.name, one.best_seconds,
                one.best_seconds / cases[0].best_seconds);
  }
}
