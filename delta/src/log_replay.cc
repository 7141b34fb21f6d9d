#include "delta/src/log_replay.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "delta/src/checkpoint_reader.h"
#include "delta/src/commit_reader.h"
#include "delta/src/doubled_data_file.h"
#include "delta/src/file_action_reader.h"
#include "delta/src/file_key_set.h"
#include "delta/src/file_reconciliation.h"
#include "delta/src/log_error.h"
#include "delta/src/log_path.h"
#include "delta/src/newest_state_sink.h"

namespace delta {
namespace {

// Look-ups whose memory is on its way.
constexpr std::size_t kFetchedAhead = 8;

std::string read_commit(const LogSource& source, const LogCommit& commit) {
  if (source.texts) {
    if (auto text = source.texts->take(commit.path)) return std::move(*text);
  }
  std::string text = source.store.read(commit.path);
  if (text.empty()) throw_log_corrupt(commit.path, std::nullopt, "the file is empty");
  if (static_cast<std::int64_t>(text.size()) != commit.size) {
    throw_table_replaced(commit.path, "'" + commit.path + "' has changed since it was listed");
  }
  return text;
}

class StateSink final : public NewestStateSink {
 public:
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
};

// Takes file actions from the newest to the oldest and keeps the adds that nothing newer concerns.
class FileSink final : public ActionSink {
 public:
  void on_add(AddFile&& add) override {
    if (actions_.is_newest(add)) files_.push_back(std::move(add));
  }
  void on_remove(RemoveFile&& remove) override { actions_.is_newest(remove); }

  FileReconciliation& actions() { return actions_; }

  // Room for so many files more.
  void expect(std::size_t further) {
    const std::size_t needed = files_.size() + further;
    if (needed <= files_.capacity()) return;
    files_.reserve(std::max(needed, files_.capacity() * 2));
    actions_.reserve(needed);
  }

  std::vector<AddFile> finish(const LogSource& source) {
    if (const auto path = doubled_data_file(files_)) {
      throw_log_corrupt(log_folder(source.location), std::nullopt,
                        "the data file '" + *path +
                            "' is in the table more than once, with different deletion vectors");
    }
    return std::move(files_);
  }

 private:
  FileReconciliation actions_;
  std::vector<AddFile> files_;
};

// Hands on the newest action of each file.
class NewestActionSink final : public ActionSink {
 public:
  explicit NewestActionSink(ActionSink& next) : next_(next) {}

  void on_add(AddFile&& add) override {
    if (actions_.is_newest(add)) next_.on_add(std::move(add));
  }
  void on_remove(RemoveFile&& remove) override {
    if (actions_.is_newest(remove)) next_.on_remove(std::move(remove));
  }

  FileReconciliation& actions() { return actions_; }

 private:
  ActionSink& next_;
  FileReconciliation actions_;
};

const std::string& path_of(const FileAction& action) {
  return std::visit([](const auto& file) -> const std::string& { return file.path; }, action);
}

// A log compaction holds the newest action of each file, in no order. Some that Databricks writes
// hold older ones too: which of them counts only the commits can tell.
class CompactionCheck {
 public:
  explicit CompactionCheck(const LogSegment& segment) {
    for (const LogCommit& commit : segment.commits) {
      if (commit.first_version != commit.last_version) compactions_.insert(commit.path);
    }
  }

  // The parts of one commit come one after another. Throws DELTA_LOG_CORRUPT.
  void check(const FileActionReader::Part& part) {
    if (!compactions_.contains(part.path)) return;
    if (part.path != path_) {
      path_ = part.path;
      seen_ = {};
    }
    for (const FileAction& action : part.actions) {
      std::visit([this](const auto& file) { check(file); }, action);
    }
  }

 private:
  template <typename File>
  void check(const File& file) {
    if (seen_.insert(file.path, file.deletion_vector)) return;
    throw_log_corrupt(
        path_, std::nullopt,
        "the log compaction has more than one action for the file '" + file.path + "'");
  }

  std::set<std::string> compactions_;
  std::string path_;
  FileKeySet seen_;
};

// The adds and removes of the segment's commits, the newest first. `on_part` is called before the
// actions of a part are.
template <typename Sink, typename OnPart>
void read_file_actions(const LogSource& source, Sink& sink, const OnPart& on_part) {
  CompactionCheck compactions(source.segment);
  FileActionReader reader([&](FileActionReader::Part&& part) {
    compactions.check(part);
    on_part(part);
    sink.actions().begin_commit(part.path);
    for (std::size_t i = 0; i < part.actions.size(); ++i) {
      if (i + kFetchedAhead < part.actions.size()) {
        sink.actions().prefetch(path_of(part.actions[i + kFetchedAhead]));
      }
      FileAction& action = part.actions[i];
      if (auto* const add = std::get_if<AddFile>(&action)) {
        sink.on_add(std::move(*add));
      } else {
        sink.on_remove(std::move(std::get<RemoveFile>(action)));
      }
    }
  });
  for (auto commit = source.segment.commits.rbegin(); commit != source.segment.commits.rend();
       ++commit) {
    reader.read(read_commit(source, *commit), commit->path);
  }
  reader.finish();
}

std::size_t commit_bytes(const LogSegment& segment) {
  std::size_t bytes = 0;
  for (const LogCommit& commit : segment.commits) bytes += static_cast<std::size_t>(commit.size);
  return bytes;
}

// count · part / whole, for numbers of things in memory.
std::size_t scaled(std::size_t count, std::size_t part, std::size_t whole) {
  return static_cast<std::size_t>(static_cast<double>(count) * static_cast<double>(part) /
                                  static_cast<double>(whole));
}

}  // namespace

TableState replay_table_state(const LogSource& source) {
  StateSink sink;
  CommitReader reader;
  const ActionSelection selection{.table = true};
  for (auto commit = source.segment.commits.rbegin(); commit != source.segment.commits.rend();
       ++commit) {
    std::string text = read_commit(source, *commit);
    if (source.texts) source.texts->offer(commit->path, text);
    reader.read(std::move(text), commit->path, selection, sink);
  }
  if (source.segment.checkpoint) {
    CheckpointReader(source.store, source.engine, source.location)
        .read(*source.segment.checkpoint, selection, sink);
  }
  return sink.finish(source);
}

std::vector<AddFile> replay_files(const LogSource& source) {
  FileSink sink;
  std::size_t unread = commit_bytes(source.segment);
  read_file_actions(source, sink, [&](const FileActionReader::Part& part) {
    // As if the rest were like this part: memory that is not used costs nothing.
    if (part.bytes > 0) sink.expect(scaled(part.actions.size(), unread, part.bytes));
    unread -= std::min(unread, part.bytes);
  });
  if (source.segment.checkpoint) {
    sink.actions().begin_checkpoint();
    CheckpointReader(source.store, source.engine, source.location)
        .read(*source.segment.checkpoint, {.files = true}, sink);
  }
  return sink.finish(source);
}

void replay_file_actions(const LogSource& source, ActionSink& sink) {
  NewestActionSink newest(sink);
  read_file_actions(source, newest, [](const FileActionReader::Part&) {});
  if (source.segment.checkpoint) {
    newest.actions().begin_checkpoint();
    CheckpointReader(source.store, source.engine, source.location)
        .read(*source.segment.checkpoint, {.files = true, .tombstones = true}, newest);
  }
}

}  // namespace delta
