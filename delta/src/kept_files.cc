#include "delta/src/kept_files.h"

#include <filesystem>
#include <system_error>

#include "delta/deletion_vector.h"
#include "delta/src/commit_reader.h"
#include "delta/src/log_path.h"
#include "delta/src/log_replay.h"
#include "delta/src/path_encoding.h"
#include "delta/src/segment_fallback.h"
#include "delta/store.h"

namespace delta {
namespace {

std::optional<std::string> strip(const std::string& path, const std::string& folder) {
  if (path.size() <= folder.size() + 1 || !path.starts_with(folder)) return std::nullopt;
  if (path[folder.size()] != '/') return std::nullopt;
  return path.substr(folder.size() + 1);
}

std::string resolved(const std::string& path) {
  if (!path.starts_with('/')) return path;  // in an object store
  std::error_code error;
  const std::filesystem::path result = std::filesystem::weakly_canonical(path, error);
  return error ? path : result.string();
}

// Keeps what the state of the snapshot names.
class KeptFilesSink final : public ActionSink {
 public:
  KeptFilesSink(KeptFiles& kept, std::int64_t since, const std::function<void()>& each)
      : kept_(kept), since_(since), each_(each) {}

  void on_add(AddFile&& add) override {
    each_();
    kept_.keep(add.path, add.deletion_vector);
  }
  void on_remove(RemoveFile&& remove) override {
    each_();
    if (remove.deletion_timestamp.value_or(0) < since_) return;
    kept_.keep(remove.path, remove.deletion_vector);
  }

 private:
  KeptFiles& kept_;
  const std::int64_t since_;
  const std::function<void()>& each_;
};

// Keeps what a commit names: versions that it leads to or from are within the retention.
class CommitSink final : public ActionSink {
 public:
  explicit CommitSink(KeptFiles& kept) : kept_(kept) {}

  void on_add(AddFile&& add) override { kept_.keep(add.path, add.deletion_vector); }
  void on_remove(RemoveFile&& remove) override { kept_.keep(remove.path, remove.deletion_vector); }
  void on_cdc(AddCdcFile&& file) override { kept_.keep(file.path, std::nullopt); }

 private:
  KeptFiles& kept_;
};

}  // namespace

KeptFiles::KeptFiles(const std::string& location)
    : location_(location), resolved_location_(resolved(location)) {}

void KeptFiles::read(const Snapshot& snapshot, std::int64_t since,
                     const std::function<void()>& each) {
  const Store& store = *snapshot.store();
  LogSegment segment = find_log_segment(store, location_, snapshot.version());
  // What was read before a file of the log failed is kept too; that does no harm.
  KeptFilesSink state(*this, since, each);
  read_with_fallback(
      {store, location_, snapshot.version()}, segment, [&](const LogSegment& candidate) {
        replay_file_actions({store, snapshot.engine().get(), location_, candidate}, state);
      });
  CommitSink sink(*this);
  CommitReader reader;
  for (const FileStatus& file : store.list(log_folder(location_), "")) {
    each();
    if (file.modification_time < since) continue;
    const auto name =
        parse_log_file_name(std::string_view(file.path).substr(log_folder(location_).size() + 1));
    if (!name || name->kind != LogFileKind::kCommit) continue;
    reader.read(store.read(file.path), file.path, {.files = true, .changes = true}, sink);
  }
}

void KeptFiles::keep(const std::string& path_in_log,
                     const std::optional<DeletionVectorDescriptor>& vector) {
  if (auto path = below(path_in_log)) paths_.insert(std::move(*path));
  if (!vector) return;
  if (auto path = below(*vector)) paths_.insert(std::move(*path));
}

std::optional<std::string> KeptFiles::below(const std::string& path_in_log) const {
  std::string path = canonical_path(path_in_log);
  if (!is_absolute(path)) return path;
  return below_absolute(path);
}

std::optional<std::string> KeptFiles::below(const DeletionVectorDescriptor& vector) const {
  if (vector.storage_type == "i") return std::nullopt;
  return below_absolute(deletion_vector_path(location_, vector));
}

std::optional<std::string> KeptFiles::below_absolute(const std::string& path) const {
  if (auto below = strip(path, location_)) return below;
  return strip(resolved(path), resolved_location_);
}

}  // namespace delta
