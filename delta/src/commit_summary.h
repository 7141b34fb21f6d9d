// Commits that are there already: their provenance and what they changed.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/store.h"

namespace delta {

// What a commit changed, as far as another writer must know.
struct CommitSummary {
  std::int64_t version = 0;
  bool changes_protocol = false;
  std::optional<Metadata> metadata;  // when it changed
  std::vector<AddFile> adds;
  std::vector<RemoveFile> removes;
  std::set<std::string> removed_paths;                 // theirs, canonical
  std::map<std::string, SetTransaction> transactions;  // by appId
  std::map<std::string, DomainMetadata> domains;       // by name
  nlohmann::json commit_info = nlohmann::json::object();

  // commitInfo's txnId, if any.
  std::optional<std::string> txn_id() const;
  std::optional<std::int64_t> in_commit_timestamp() const;
  // It says of itself that it has read nothing.
  bool is_blind_append() const;
};

// Nothing when the version is not there (yet).
std::optional<CommitSummary> read_commit_summary(const Store& store, const std::string& location,
                                                 std::int64_t version);

}  // namespace delta
