// Changing a table: PROTOCOL.md, "Transaction Log Entries" and "Commit Provenance Information".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/snapshot.h"

namespace delta {

struct CommitOptions {
  std::string operation = "WRITE";
  nlohmann::json operation_parameters = nlohmann::json::object();
  nlohmann::json operation_metrics = nlohmann::json::object();
  // Further entries of commitInfo, string to string.
  std::map<std::string, std::string> properties = {};
  // How often a commit that lost the race for a version is tried again at the next one.
  int max_retries = 15;
};

struct CommitResult {
  std::int64_t version = 0;
  std::int64_t files_added = 0;
  std::int64_t bytes_added = 0;
};

// What a new table is to be.
struct NewTable {
  Schema schema;
  std::vector<std::string> partition_columns;
  std::map<std::string, std::string> configuration;
  std::optional<std::string> name;
};

// A set of changes that becomes one version, or nothing. Not thread-safe. A transaction that is
// not committed leaves the table as it was; its data files belong to the caller.
class Transaction {
 public:
  // Creates the table at `location`. Committing throws DELTA_COMMIT_CONFLICT when one came to be
  // there in the meantime.
  static Transaction create(std::shared_ptr<Store> store, const std::string& location,
                            const NewTable& table);

  // Changes the table of `base`. Throws DELTA_UNSUPPORTED_FEATURE when it needs what this library
  // cannot write.
  static Transaction start(std::shared_ptr<const Snapshot> base);

  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  ~Transaction();

  void add(AddFile file);
  // Removes a file of the base snapshot.
  void remove(const AddFile& file);
  // Removes every file of the base snapshot; the commit then conflicts with any concurrent change
  // of data.
  void remove_all();
  // Replaces schema, partition columns and configuration.
  void update_metadata(Metadata metadata);
  void set_transaction(SetTransaction transaction);

  // Puts the next version. Blind appends are retried on later versions; anything else that a
  // concurrent commit has touched is DELTA_COMMIT_CONFLICT (details["version"],
  // details["reason"]).
  CommitResult commit(const CommitOptions& options);

 private:
  struct State;
  explicit Transaction(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The least protocol that a table with this schema and configuration needs.
Protocol protocol_for(const NewTable& table);

}  // namespace delta
