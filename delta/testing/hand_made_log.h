// A log written by hand, for tests of what is made of logs.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/snapshot.h"
#include "delta/testing/json_parquet_engine.h"

namespace delta {

// A table at /t with the column `a` of longs, in a store in memory whose clock a test sets.
class HandMadeLog {
 public:
  static constexpr std::int64_t kNow = 1700000000000;  // 2023-11-14T22:13:20Z

  HandMadeLog();

  using Configuration = std::map<std::string, std::string>;
  // Version 0.
  void create(const Configuration& configuration = {},
              const std::vector<std::string>& features = {},
              const std::vector<std::string>& partition_columns = {});
  // The next version.
  void commit(const std::vector<Action>& actions);

  static AddFile add(const std::string& path, std::int64_t size = 100);
  static RemoveFile remove(const std::string& path, std::int64_t deletion_timestamp);

  void set_now(std::int64_t now_ms) { *now_ = now_ms; }
  std::int64_t now() const { return *now_; }
  Clock clock() const;

  std::shared_ptr<const Snapshot> load(std::optional<std::int64_t> version = std::nullopt) const;
  // The paths of the live files, sorted.
  std::vector<std::string> files(std::optional<std::int64_t> version = std::nullopt) const;

  const std::string& location() const { return location_; }
  const std::shared_ptr<Store>& store() const { return store_; }
  // Both are used from now on; the engine works on the store.
  void use_store(std::shared_ptr<Store> store);
  const std::shared_ptr<ParquetEngine>& engine() const { return engine_; }
  std::int64_t version() const { return next_version_ - 1; }

  // Everything in the table's folder, sorted, without the folder.
  std::vector<std::string> all_paths() const;
  bool has(const std::string& path) const;
  std::string log_path(const std::string& name) const { return location_ + "/_delta_log/" + name; }

 private:
  std::string location_ = "/t";
  std::shared_ptr<std::int64_t> now_;
  std::shared_ptr<Store> store_;
  std::shared_ptr<ParquetEngine> engine_;
  std::int64_t next_version_ = 0;
};

// "00000000000000000007" and the suffix.
std::string log_name(std::int64_t version, const std::string& suffix);

}  // namespace delta
