#include "duck/database_internal.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "duck/bucket_access.h"
#include "duck/collect_sorted.h"
#include "duck/connection_internal.h"
#include "duck/copy_sink_internal.h"
#include "duck/curve_order_internal.h"
#include "duck/delta_changes.h"
#include "duck/delta_history.h"
#include "duck/delta_parquet_engine_internal.h"
#include "duck/delta_scan.h"
#include "duck/errors_internal.h"
#include "duck/functions/added_functions.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

void configure(duckdb::DBConfig& out, const DatabaseConfig& config,
               const std::string& spill_folder) {
  // Nothing is fetched behind the user's back.
  out.SetOptionByName("autoinstall_known_extensions", false);
  out.SetOptionByName("autoload_known_extensions", false);
  out.SetOptionByName("temp_directory", spill_folder);
  if (config.threads > 0) out.SetOptionByName("threads", config.threads);
  if (config.memory_limit_bytes > 0) {
    out.SetOptionByName("memory_limit", std::to_string(config.memory_limit_bytes) + "B");
  }
  if (config.max_temp_directory_bytes > 0) {
    out.SetOptionByName("max_temp_directory_size",
                        std::to_string(config.max_temp_directory_bytes) + "B");
  }
}

std::unique_ptr<duckdb::DuckDB> open(const DatabaseConfig& config,
                                     const std::string& spill_folder) {
  return outside_duckdb(Phase::kRun, [&] {
    duckdb::DBConfig engine;
    configure(engine, config, spill_folder);
    return std::make_unique<duckdb::DuckDB>(nullptr, &engine);
  });
}

void set(Connection& connection, const std::string& name, const std::string& value) {
  try {
    connection.execute("SET GLOBAL " + quote_identifier(name) + " = " + quote_string(value));
  } catch (const base::Error& error) {
    throw base::Error(base::Stage::kValidation, "SETTING_INVALID",
                      "DuckDB setting " + name + ": " + error.message(),
                      {{"setting", name}, {"value", value}});
  }
}

}  // namespace

Database::Internal::Internal(const DatabaseConfig& config)
    : spill_folder(config.temp_directory), duckdb(open(config, spill_folder.path().string())) {
  outside_duckdb(Phase::kRun, [&] {
    parquet_engine = make_parquet_engine(duckdb->instance);
    tables = std::make_shared<SnapshotCache>(parquet_engine);
    duckdb::ExtensionLoader loader(*duckdb->instance, "codeanatomy");
    add_functions(loader);
    add_collect_sorted(loader);
    add_copy_format(loader);
    add_curve_position(loader);
    add_delta_scan(loader, tables);
    add_delta_history(loader, tables);
    add_delta_changes(loader, tables);
  });
}

Database::Database(const DatabaseConfig& config) : internal_(std::make_unique<Internal>(config)) {
  Connection connection(*this);
  const std::string httpfs =
      config.httpfs_extension.empty() ? httpfs_from_environment() : config.httpfs_extension;
  if (!httpfs.empty()) load_httpfs(connection, httpfs);
  for (const auto& [name, value] : config.settings) set(connection, name, value);
  // The last, for secrets make some settings final.
  if (!httpfs.empty()) use_credentials_of_environment(connection);
  // Casts between timestamps with and without zone depend on it.
  set(connection, "TimeZone", "UTC");
}

Database::~Database() = default;

std::string Database::engine_version() { return duckdb::DuckDB::LibraryVersion(); }

std::shared_ptr<delta::ParquetEngine> Database::parquet_engine() {
  return internal_->parquet_engine;
}

void Database::register_table(const std::string& name,
                              std::shared_ptr<const delta::Snapshot> snapshot) {
  const std::string sql = "CREATE OR REPLACE VIEW " + quote_identifier(name) +
                          " AS SELECT * FROM delta_scan(" + quote_string(snapshot->location()) +
                          ", version := " + std::to_string(snapshot->version()) + ")";
  internal_->tables->put(std::move(snapshot));
  Connection(*this).execute(sql);
}

std::shared_ptr<const delta::Snapshot> Database::snapshot(const std::string& location,
                                                          std::optional<std::int64_t> version) {
  return internal_->tables->get(location, version)->shared_snapshot();
}

std::map<std::string, std::string> Database::settings() {
  std::map<std::string, std::string> out;
  const ResultRows rows = Connection(*this).query("SELECT name, value FROM duckdb_settings()");
  for (const auto& row : rows.rows) {
    const auto* value = std::get_if<std::string>(&row[1]);
    out[std::get<std::string>(row[0])] = value == nullptr ? "" : *value;
  }
  return out;
}

std::vector<std::string> Database::added_functions() const { return added_function_names(); }

}  // namespace duck
