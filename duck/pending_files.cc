#include "duck/pending_files.h"

#include <system_error>

#include "base/error.h"

namespace duck {
namespace {

namespace fs = std::filesystem;

// The outermost folder that has to be made for `folder` to be there; empty when it is there.
fs::path first_missing(const fs::path& folder) {
  std::error_code ignored;
  fs::path missing;
  for (fs::path at = folder; !at.empty() && !fs::exists(at, ignored); at = at.parent_path()) {
    missing = at;
    if (at == at.parent_path()) break;
  }
  return missing;
}

// Removes `folder` and the folders around it, as far as they are empty, up to and with `last`.
void remove_empty(const fs::path& folder, const fs::path& last) {
  std::error_code error;
  for (fs::path at = folder; fs::remove(at, error) && at != last; at = at.parent_path()) {
  }
}

}  // namespace

PendingFiles::PendingFiles(fs::path table) : table_(std::move(table)) {
  if (!delta::is_local(table_.string())) {
    bucket_ = delta::store_for(table_.string());
    return;
  }
  first_new_folder_ = first_missing(table_);
  log_was_there_ = fs::exists(table_ / "_delta_log");
}

PendingFiles::~PendingFiles() {
  if (kept_) return;
  remove(files_);
  if (!bucket_) remove_new_folders();
}

void PendingFiles::add(const std::vector<delta::AddFile>& files) {
  for (const delta::AddFile& file : files) {
    files_.push_back(table_ / delta::canonical_path(file.path));
  }
}

void PendingFiles::discard(const std::vector<delta::AddFile>& files) {
  std::vector<fs::path> discarded;
  for (const delta::AddFile& file : files) {
    discarded.push_back(table_ / delta::canonical_path(file.path));
    std::erase(files_, discarded.back());
  }
  remove(discarded);
}

void PendingFiles::remove(const std::vector<fs::path>& files) const {
  if (bucket_) {
    remove_objects(files);
  } else {
    remove_files(files);
  }
}

void PendingFiles::remove_files(const std::vector<fs::path>& files) const {
  std::error_code ignored;
  for (const fs::path& file : files) {
    fs::remove(file, ignored);
    // Folders of partitions, the table's own kept for last.
    for (fs::path at = file.parent_path(); at != table_ && fs::remove(at, ignored);
         at = at.parent_path()) {
    }
  }
}

void PendingFiles::remove_objects(const std::vector<fs::path>& files) const {
  for (const fs::path& file : files) {
    try {
      bucket_->remove(file.string());
    } catch (const base::Error&) {
      return;  // what the bucket does not let go now, a vacuum takes
    }
  }
}

void PendingFiles::remove_new_folders() const {
  std::error_code ignored;
  if (!log_was_there_) fs::remove(table_ / "_delta_log", ignored);
  if (!first_new_folder_.empty()) remove_empty(table_, first_new_folder_);
}

}  // namespace duck
