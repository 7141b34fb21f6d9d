// An embedded DuckDB and its connections.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delta/parquet_engine.h"
#include "delta/schema.h"
#include "delta/snapshot.h"
#include "delta/value.h"
#include "duck/query_profile.h"

namespace duck {

struct DatabaseConfig {
  int threads = 0;                                   // 0: one a core
  std::int64_t memory_limit_bytes = 0;               // 0: DuckDB's default
  std::string temp_directory = {};                   // where operators spill; empty: a fresh folder
                                                     // under the system's, removed at the end
  std::int64_t max_temp_directory_bytes = 0;         // 0: no limit
  std::map<std::string, std::string> settings = {};  // further DuckDB settings by name
  // DuckDB's extension httpfs, which tables in buckets need; empty: the file that the environment
  // variable CODEANATOMY_HTTPFS names, if it does.
  std::string httpfs_extension = {};
};

// A column of a query: its name, its DuckDB type as DuckDB prints it, and the Delta type that it
// is written as (absent when no Delta type can hold it).
struct ResultColumn {
  std::string name;
  std::string duckdb_type;
  std::optional<delta::DataType> delta_type;
};

// A small result, whole in memory. Nested values come as text.
struct ResultRows {
  std::vector<ResultColumn> columns;
  std::vector<std::vector<delta::Value>> rows;
};

class Database;

// One session. Not thread-safe except for interrupt(). Errors are base::Error: SQL_INVALID
// (parse, bind, type), QUERY_FAILED, OUT_OF_MEMORY, DISK_FULL, INTERRUPTED; errors that the Delta
// library threw inside a scan come through as they were.
class Connection {
 public:
  explicit Connection(Database& database);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  // Runs one statement, with `parameters` bound to $1…; the result is dropped.
  void execute(const std::string& sql, const std::vector<delta::Value>& parameters = {});

  // Runs one query and returns all rows: for small results only.
  ResultRows query(const std::string& sql, const std::vector<delta::Value>& parameters = {});

  // The columns of a query without running it; `parameters` give the placeholders' types. What
  // does not bind is SQL_INVALID.
  std::vector<ResultColumn> describe(const std::string& sql,
                                     const std::vector<delta::Value>& parameters = {});

  // The profile of the last statement run with profiling on (see set_profiling).
  void set_profiling(bool on);
  QueryProfile last_profile() const;

  // Stops the running statement from another thread; it throws INTERRUPTED.
  void interrupt();

  // For the rest of duck/ only.
  struct Internal;
  Internal& internal() { return *internal_; }

 private:
  std::unique_ptr<Internal> internal_;
};

// An in-memory database with delta_scan, delta_changes and delta_history (docs/delta.md) and the
// functions of docs/functions.md. Thread-safe.
class Database {
 public:
  explicit Database(const DatabaseConfig& config);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // "v1.5.5"
  static std::string engine_version();

  // Reads checkpoints for the Delta library; usable for as long as the database lives.
  std::shared_ptr<delta::ParquetEngine> parquet_engine();

  // Makes `snapshot` readable as the view `name` in every connection: the scan is
  // delta_scan(location, version), and the snapshot is not loaded again.
  void register_table(const std::string& name, std::shared_ptr<const delta::Snapshot> snapshot);

  // The snapshot that delta_scan uses for this location and version, loaded on first use.
  std::shared_ptr<const delta::Snapshot> snapshot(const std::string& location,
                                                  std::optional<std::int64_t> version);

  // The settings in force, by name (for the run's envelope).
  std::map<std::string, std::string> settings();
  // Names of the SQL functions that this project adds, sorted.
  std::vector<std::string> added_functions() const;

  struct Internal;
  Internal& internal() { return *internal_; }

 private:
  std::unique_ptr<Internal> internal_;
};

}  // namespace duck
