// delta_scan beside DuckDB's own read_parquet on the same data files, with the same rows as result:
//   delta_scan_bench [--rows N] [--files N] [--runs N] [--threads N] [--json] [--only TEXT]
// Both sides of a query run in turns in one process. Prints the median seconds of each, their
// ratio, and the ratio of the quickest runs, which other load on the machine changes less; as JSON,
// one object a query.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.h"
#include "delta/testing/deletion_vector_file.h"
#include "delta/transaction.h"
#include "duck/copy_to_parquet.h"
#include "duck/database.h"
#include "duck/sql_text.h"

namespace {

namespace fs = std::filesystem;

struct Options {
  std::int64_t rows = 5'000'000;
  std::int64_t files = 20;
  int runs = 7;
  int threads = 0;
  bool json = false;
  std::string only;
};

template <typename Number>
bool read(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data(), end, number);
  return fault == std::errc() && rest == end;
}

// Nothing when there is an argument that is none of the program's.
std::optional<Options> parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view name = arguments[i];
    if (name == "--json") {
      options.json = true;
      continue;
    }
    if (i + 1 == count) return std::nullopt;
    const std::string_view value = arguments[++i];
    if (name == "--rows") {
      if (!read(value, options.rows)) return std::nullopt;
    } else if (name == "--files") {
      if (!read(value, options.files)) return std::nullopt;
    } else if (name == "--runs") {
      if (!read(value, options.runs)) return std::nullopt;
    } else if (name == "--threads") {
      if (!read(value, options.threads)) return std::nullopt;
    } else if (name == "--only") {
      options.only = value;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

// A Delta table with a range of its own numbers in each file, and the same with one row in a
// hundred deleted.
class Tables {
 public:
  Tables(duck::Database& database, const Options& options)
      : folder_((fs::temp_directory_path() / ("delta-scan-bench-" + base::random_uuid())).string()),
        whole_(folder_ + "/whole"),
        deleted_(folder_ + "/deleted") {
    write_whole(database, options);
    write_deleted(database);
  }
  ~Tables() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  std::string whole() const { return "delta_scan(" + duck::quote_string(whole_) + ")"; }
  std::string deleted() const { return "delta_scan(" + duck::quote_string(deleted_) + ")"; }
  std::string parquet() const {
    return "read_parquet(" + duck::quote_string(whole_ + "/*.parquet") + ")";
  }

 private:
  void write_whole(duck::Database& database, const Options& options) {
    duck::Connection connection(database);
    const std::string query =
        "SELECT i AS n, (i * 7919 % 1000)::INTEGER AS m, i * 0.25 AS d, "
        "'src/package/module_' || i % 5000 || '.py' AS s, "
        "TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_seconds(i) AS t FROM range($1, $2) r(i)";
    delta::NewTable table;
    for (const auto& column : connection.describe(query, {std::int64_t{0}, std::int64_t{0}})) {
      table.schema.fields.push_back({.name = column.name, .type = *column.delta_type});
    }
    auto transaction = delta::Transaction::create(delta::local_store(), whole_, table);
    duck::CopyOptions copy{.directory = whole_};
    copy.compression = "snappy";
    for (std::int64_t i = 0; i < options.files; ++i) {
      const std::int64_t first = options.rows * i / options.files;
      const std::int64_t end = options.rows * (i + 1) / options.files;
      const auto copied =
          duck::copy_to_parquet(connection, query, {first, end}, table.schema, copy);
      for (const delta::AddFile& file : copied.files) transaction.add(file);
    }
    transaction.commit({});
  }

  void write_deleted(duck::Database& database) {
    const auto whole = database.snapshot(whole_, std::nullopt);
    delta::NewTable table{.schema = whole->schema(),
                          .partition_columns = {},
                          .configuration = {{"delta.enableDeletionVectors", "true"}},
                          .name = std::nullopt};
    auto transaction = delta::Transaction::create(delta::local_store(), deleted_, table);
    duck::Connection connection(database);
    std::size_t number = 0;
    for (delta::AddFile file : whole->files()) {
      const std::string path = whole->data_path(file);
      std::vector<std::uint32_t> rows;
      const auto found =
          connection.query("SELECT file_row_number FROM read_parquet(" + duck::quote_string(path) +
                           ", file_row_number := true) WHERE n % 100 = 3 ORDER BY 1");
      for (const auto& row : found.rows) {
        rows.push_back(static_cast<std::uint32_t>(std::get<std::int64_t>(row[0])));
      }
      file.path = path;
      file.deletion_vector = delta::write_deletion_vector(
          *delta::local_store(), deleted_ + "/deletion_vector_" + std::to_string(number++) + ".bin",
          rows);
      transaction.add(file);
    }
    transaction.commit({});
  }

  const std::string folder_;
  const std::string whole_;
  const std::string deleted_;
};

struct Case {
  std::string name;
  std::string ours;
  std::string theirs;
};

std::vector<Case> cases(const Tables& tables, std::int64_t rows) {
  const std::string everything =
      "SELECT sum(n), sum(m), sum(d), min(s), max(s), min(t), max(t) FROM ";
  const std::string middle = std::to_string(rows / 2);
  const std::string range =
      " WHERE n BETWEEN " + middle + " AND " + middle + " + " + std::to_string(rows / 100);
  const auto whole = [&](const std::string& select, const std::string& rest) {
    return std::pair(select + tables.whole() + rest, select + tables.parquet() + rest);
  };
  std::vector<Case> all;
  const auto add = [&](const std::string& name, const std::string& select,
                       const std::string& rest) {
    const auto [ours, theirs] = whole(select, rest);
    all.push_back({name, ours, theirs});
  };
  add("full scan, all columns", everything, "");
  add("full scan, one column", "SELECT sum(n) FROM ", "");
  add("filter on every file", "SELECT sum(n), max(s) FROM ", " WHERE m = 7");
  add("a hundredth of the rows", everything, range);
  add("one row", "SELECT * FROM ", " WHERE n = " + middle);
  add("join with ten rows", "SELECT count(s) FROM ",
      " JOIN (SELECT " + std::to_string(rows / 3) + " + i AS n FROM range(10) r(i)) USING (n)");
  add("ten greatest", "SELECT * FROM ", " ORDER BY n DESC LIMIT 10");
  // The same rows from plain Parquet, first by a filter, then without: the time of reading alone.
  all.push_back({"deletion vectors, same rows", everything + tables.deleted(),
                 everything + tables.parquet() + " WHERE n % 100 <> 3"});
  all.push_back({"deletion vectors, same files", everything + tables.deleted(),
                 everything + tables.parquet()});
  all.push_back({"deletion vectors, one column", "SELECT sum(n) FROM " + tables.deleted(),
                 "SELECT sum(n) FROM " + tables.parquet()});
  all.push_back({"deletion vectors, filter",
                 "SELECT sum(n), max(s) FROM " + tables.deleted() + " WHERE m = 7",
                 "SELECT sum(n), max(s) FROM " + tables.parquet() + " WHERE m = 7"});
  return all;
}

double seconds(duck::Connection& connection, const std::string& sql) {
  const auto start = std::chrono::steady_clock::now();
  connection.execute(sql);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double quickest(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

void print(const Case& one, const std::vector<double>& ours, const std::vector<double>& theirs,
           bool as_json) {
  const double of_quickest = quickest(ours) / quickest(theirs);
  if (as_json) {
    const nlohmann::json line = {{"query", one.name},
                                 {"delta_scan_s", median(ours)},
                                 {"read_parquet_s", median(theirs)},
                                 {"ratio_of_quickest", of_quickest}};
    std::printf("%s\n", line.dump().c_str());
  } else {
    std::printf("%-30s %12.4f %14.4f %7.2f %9.2f\n", one.name.c_str(), median(ours), median(theirs),
                median(ours) / median(theirs), of_quickest);
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Options> parsed = parse(argc, argv);
  if (!parsed) {
    std::fputs(
        "usage: delta_scan_bench [--rows N] [--files N] [--runs N] [--threads N] [--json] "
        "[--only TEXT]\n",
        stderr);
    return 2;
  }
  const Options& options = *parsed;
  duck::Database database{duck::DatabaseConfig{.threads = options.threads}};
  const Tables tables(database, options);
  duck::Connection connection(database);
  if (!options.json) {
    std::printf("%lld rows in %lld files, medians of %d runs in seconds\n",
                static_cast<long long>(options.rows), static_cast<long long>(options.files),
                options.runs);
    std::printf("%-30s %12s %14s %7s %9s\n", "query", "delta_scan", "read_parquet", "ratio",
                "quickest");
  }
  for (const Case& one : cases(tables, options.rows)) {
    if (one.name.find(options.only) == std::string::npos) continue;
    std::vector<double> ours;
    std::vector<double> theirs;
    for (int run = -1; run < options.runs; ++run) {
      const double first = seconds(connection, one.ours);
      const double second = seconds(connection, one.theirs);
      if (run < 0) continue;  // to warm up
      ours.push_back(first);
      theirs.push_back(second);
    }
    print(one, ours, theirs, options.json);
  }
}
