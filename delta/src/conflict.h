// Whether a transaction may follow a commit that it has not seen.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "delta/predicate.h"
#include "delta/snapshot.h"
#include "delta/src/commit_summary.h"

namespace delta {

enum class IsolationLevel {
  kSerializable,       // as if all commits had been made in the order of their versions
  kWriteSerializable,  // as if in some order
  kSnapshot,           // what is changed must not have changed
};

// Of a text in any case; nothing for one that no table can ask for.
std::optional<IsolationLevel> parse_isolation_level(const std::string& text);

// delta.isolationLevel; without it kSerializable, as in open-source Spark. Throws
// DELTA_PROPERTY_INVALID.
IsolationLevel isolation_level(const Metadata& metadata);
std::string to_string(IsolationLevel level);

// What a transaction rests on.
struct TransactionReads {
  bool whole_table = false;
  std::vector<Predicate> predicates;
  std::set<std::string> files;  // canonical paths

  bool empty() const { return !whole_table && predicates.empty() && files.empty(); }
};

// What a transaction does, as far as others may do the same.
struct TransactionIntent {
  TransactionReads reads;
  std::set<std::string> removed_paths;               // canonical
  std::map<std::string, std::int64_t> transactions;  // by appId
  std::set<std::string> domains;
  bool changes_metadata = false;
  IsolationLevel isolation = IsolationLevel::kSerializable;
};

struct Conflict {
  std::string name;
  std::string reason;
};

// Whether `winner` has done already what its transaction identifiers stand for.
bool is_done_by(const TransactionIntent& intent, const CommitSummary& winner);

// Why the transaction, which started from `base`, cannot follow `winner`; nothing when it can.
std::optional<Conflict> conflict_with(const TransactionIntent& intent, const Snapshot& base,
                                      const CommitSummary& winner);

}  // namespace delta
