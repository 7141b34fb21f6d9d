#include "delta/src/commit_summary.h"

#include <utility>

#include "base/error.h"
#include "delta/src/action_sink.h"
#include "delta/src/commit_reader.h"
#include "delta/src/log_path.h"
#include "delta/store.h"

namespace delta {
namespace {

class SummarySink final : public ActionSink {
 public:
  explicit SummarySink(std::int64_t version) { summary_.version = version; }

  void on_protocol(Protocol&&) override { summary_.changes_protocol = true; }
  void on_metadata(Metadata&& metadata) override { summary_.metadata = std::move(metadata); }
  void on_add(AddFile&& add) override { summary_.adds.push_back(std::move(add)); }
  void on_remove(RemoveFile&& remove) override {
    summary_.removed_paths.insert(canonical_path(remove.path));
    summary_.removes.push_back(std::move(remove));
  }
  void on_transaction(SetTransaction&& transaction) override {
    std::string id = transaction.app_id;
    summary_.transactions.try_emplace(std::move(id), std::move(transaction));
  }
  void on_domain_metadata(DomainMetadata&& domain) override {
    std::string name = domain.domain;
    summary_.domains.try_emplace(std::move(name), std::move(domain));
  }
  void on_commit_info(CommitInfo&& info) override { summary_.commit_info = std::move(info.fields); }

  CommitSummary finish() { return std::move(summary_); }

 private:
  CommitSummary summary_;
};

}  // namespace

std::optional<std::string> CommitSummary::txn_id() const {
  const auto entry = commit_info.find("txnId");
  if (entry == commit_info.end() || !entry->is_string()) return std::nullopt;
  return entry->get<std::string>();
}

std::optional<std::int64_t> CommitSummary::in_commit_timestamp() const {
  const auto entry = commit_info.find("inCommitTimestamp");
  if (entry == commit_info.end() || !entry->is_number_integer()) return std::nullopt;
  return entry->get<std::int64_t>();
}

bool CommitSummary::is_blind_append() const {
  const auto entry = commit_info.find("isBlindAppend");
  return entry != commit_info.end() && entry->is_boolean() && entry->get<bool>();
}

std::optional<CommitSummary> read_commit_summary(const Store& store, const std::string& location,
                                                 std::int64_t version) {
  const std::string path = commit_path(location, version);
  std::string text;
  try {
    text = store.read(path);
  } catch (const base::Error& error) {
    if (error.code() == "DELTA_STORE_NOT_FOUND") return std::nullopt;
    throw;
  }
  SummarySink sink(version);
  CommitReader().read(std::move(text), path, kEveryAction, sink);
  return sink.finish();
}

}  // namespace delta
