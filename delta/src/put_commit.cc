#include "delta/src/put_commit.h"

#include <optional>
#include <utility>

#include "base/error.h"
#include "delta/commit.h"
#include "delta/src/commit_summary.h"
#include "delta/src/log_path.h"

namespace delta {
namespace {

constexpr const char* kOutcomeDetail = "outcome";
constexpr const char* kUnknownOutcome = "unknown";

// `error` with the word that its commit may be in the log, or come to be there.
base::Error with_unknown_outcome(const base::Error& error) {
  auto details = error.details();
  details[kOutcomeDetail] = kUnknownOutcome;
  return {error.stage(), error.code(), error.what(), std::move(details)};
}

}  // namespace

bool may_have_committed(const base::Error& error) {
  const auto outcome = error.details().find(kOutcomeDetail);
  return outcome != error.details().end() && outcome->second == kUnknownOutcome;
}

bool put_commit(Store& store, const std::string& location, std::int64_t version,
                const std::string& text, const std::string& txn_id) {
  try {
    if (store.put_if_absent(commit_path(location, version), text)) return true;
  } catch (const base::Error& error) {
    std::optional<CommitSummary> there;
    try {
      there = read_commit_summary(store, location, version);
    } catch (const base::Error& reading) {
      // A file is where the log would be.
      const bool has_no_log = reading.code() == "DELTA_STORE_NOT_A_DIRECTORY";
      if (!has_no_log) throw with_unknown_outcome(error);
    }
    if (there) return there->txn_id() == txn_id;
    if (is_local(location)) throw;
    throw with_unknown_outcome(error);
  }
  // A store that tries again by itself may have met its own first attempt.
  try {
    const auto there = read_commit_summary(store, location, version);
    return there && there->txn_id() == txn_id;
  } catch (const base::Error& error) {
    throw with_unknown_outcome(error);
  }
}

}  // namespace delta
