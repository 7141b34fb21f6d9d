#include "delta/src/log_replay.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "delta/src/checkpoint_reader.h"
#include "delta/src/commit_reader.h"
#include "delta/src/file_key_set.h"
#include "delta/src/log_error.h"
#include "delta/src/log_path.h"

namespace delta {
namespace {

std::string read_commit(const LogSource& source, const LogCommit& commit) {
  std::string text = source.store.read(commit.path);
  if (text.empty()) throw_log_corrupt(commit.path, std::nullopt, "the file is empty");
  return text;
}

// Takes actions from the newest to the oldest: the first of its kind wins.
class StateSink final : public ActionSink {
 public:
  void on_protocol(Protocol&& protocol) override {
    if (!protocol_) protocol_ = std::move(protocol);
  }
  void on_metadata(Metadata&& metadata) override {
    if (!metadata_) metadata_ = std::move(metadata);
  }
  void on_transaction(SetTransaction&& transaction) override {
    std::string id = transaction.app_id;
    transactions_.try_emplace(std::move(id), std::move(transaction));
  }
  void on_domain_metadata(DomainMetadata&& domain) override {
    std::string name = domain.domain;
    domains_.try_emplace(std::move(name), std::move(domain));
  }

  TableState finish(const LogSource& source) {
    const auto require = [&](bool present, const char* action) {
      if (present) return;
      throw_log_corrupt(log_folder(source.location), std::nullopt,
                        std::string("there is no ") + action + " action up to version " +
                            std::to_string(source.segment.version));
    };
    require(protocol_.has_value(), "protocol");
    require(metadata_.has_value(), "metaData");
    std::erase_if(domains_, [](const auto& entry) { return entry.second.removed; });
    return {std::move(*protocol_), std::move(*metadata_), std::move(transactions_),
            std::move(domains_)};
  }

 private:
  std::optional<Protocol> protocol_;
  std::optional<Metadata> metadata_;
  std::map<std::string, SetTransaction> transactions_;
  std::map<std::string, DomainMetadata> domains_;
};

// Takes file actions from the newest to the oldest and keeps the adds that nothing newer concerns.
class FileSink final : public ActionSink {
 public:
  void on_add(AddFile&& add) override {
    const bool is_newest = reconciled_ ? !seen_.contains(add.path, add.deletion_vector)
                                       : seen_.insert(add.path, add.deletion_vector);
    if (is_newest) files_.push_back(std::move(add));
  }
  void on_remove(RemoveFile&& remove) override {
    if (!reconciled_) seen_.insert(remove.path, remove.deletion_vector);
  }

  void expect(std::size_t further) {
    const std::size_t needed = files_.size() + further;
    if (needed > files_.capacity()) files_.reserve(std::max(needed, files_.capacity() * 2));
  }
  // What follows names no file twice, and nothing comes after it.
  void expect_reconciled() { reconciled_ = true; }

  std::vector<AddFile> finish() { return std::move(files_); }

 private:
  FileKeySet seen_;
  bool reconciled_ = false;
  std::vector<AddFile> files_;
};

// Hands on the newest action of each file.
class NewestActionSink final : public ActionSink {
 public:
  explicit NewestActionSink(ActionSink& next) : next_(next) {}

  void on_add(AddFile&& add) override {
    if (is_newest(add.path, add.deletion_vector)) next_.on_add(std::move(add));
  }
  void on_remove(RemoveFile&& remove) override {
    if (is_newest(remove.path, remove.deletion_vector)) next_.on_remove(std::move(remove));
  }

  // What follows names no file twice, and nothing comes after it.
  void expect_reconciled() { reconciled_ = true; }

 private:
  bool is_newest(const std::string& path, const std::optional<DeletionVectorDescriptor>& vector) {
    if (!reconciled_) return seen_.insert(path, vector);
    return seen_.empty() || !seen_.contains(path, vector);
  }

  ActionSink& next_;
  FileKeySet seen_;
  bool reconciled_ = false;
};

}  // namespace

TableState replay_table_state(const LogSource& source) {
  StateSink sink;
  CommitReader reader;
  const ActionSelection selection{.table = true};
  for (auto commit = source.segment.commits.rbegin(); commit != source.segment.commits.rend();
       ++commit) {
    reader.read(read_commit(source, *commit), commit->path, selection, sink);
  }
  if (source.segment.checkpoint) {
    CheckpointReader(source.store, source.engine, source.location)
        .read(*source.segment.checkpoint, selection, sink);
  }
  return sink.finish(source);
}

std::vector<AddFile> replay_files(const LogSource& source) {
  FileSink sink;
  CommitReader reader;
  const ActionSelection selection{.files = true};
  for (auto commit = source.segment.commits.rbegin(); commit != source.segment.commits.rend();
       ++commit) {
    std::string text = read_commit(source, *commit);
    sink.expect(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
    reader.read(std::move(text), commit->path, selection, sink);
  }
  if (source.segment.checkpoint) {
    sink.expect_reconciled();
    CheckpointReader(source.store, source.engine, source.location)
        .read(*source.segment.checkpoint, selection, sink);
  }
  return sink.finish();
}

void replay_file_actions(const LogSource& source, ActionSink& sink) {
  NewestActionSink newest(sink);
  CommitReader reader;
  const ActionSelection selection{.files = true, .tombstones = true};
  for (auto commit = source.segment.commits.rbegin(); commit != source.segment.commits.rend();
       ++commit) {
    reader.read(read_commit(source, *commit), commit->path, selection, newest);
  }
  if (source.segment.checkpoint) {
    newest.expect_reconciled();
    CheckpointReader(source.store, source.engine, source.location)
        .read(*source.segment.checkpoint, selection, newest);
  }
}

}  // namespace delta
