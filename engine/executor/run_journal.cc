#include "engine/executor/run_journal.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/uuid.h"

namespace engine {
namespace {

// What the file says; empty when there is none.
std::string kept(const delta::Store& store, const std::string& path) {
  try {
    return store.read(path);
  } catch (const base::Error& error) {
    if (error.code() == "DELTA_STORE_NOT_FOUND") return "";
    throw;
  }
}

// The files in `folder` whose runs are `name`'s: "name" itself is how they were called before each
// run had its own.
std::vector<std::string> journals_in(const std::string& folder, const std::string& name) {
  std::vector<std::string> paths;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    const std::string found = entries->path().filename().string();
    if (found == name || found.starts_with(name + "_")) paths.push_back(entries->path().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    throw base::Error(base::Stage::kMaterialization, "RUN_JOURNAL_FAILED",
                      "cannot list '" + folder + "': " + error.message(),
                      {{"path", folder}, {"error", error.message()}});
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

RunJournal::RunJournal() : run_id_(base::random_uuid()) {}

RunJournal::RunJournal(const std::string& folder, const std::string& identity)
    : store_(delta::store_for(folder)) {
  const std::string place = delta::normalize_location(folder);
  const std::string name = "_codeanatomy_run_" + identity;
  path_ = place + "/" + name;
  if (delta::is_local(place)) {
    take_over_what_was_cut_off(place, name);
  } else {
    run_id_ = kept(*store_, path_);
  }
  goes_on_ = !run_id_.empty();
  if (goes_on_) return;
  run_id_ = base::random_uuid();
  if (delta::is_local(place)) path_ += "_" + run_id_;
}

// Of several runs that were cut off, one: another run that is tried again takes over the next.
void RunJournal::take_over_what_was_cut_off(const std::string& folder, const std::string& name) {
  for (const std::string& path : journals_in(folder, name)) {
    HeldFile file = HeldFile::take(path);
    if (!file.is_held()) continue;
    run_id_ = kept(*store_, path);
    if (run_id_.empty()) continue;
    path_ = path;
    file_ = std::move(file);
    return;
  }
}

void RunJournal::open() {
  if (store_) keep();
  is_open_ = true;
}

// Written anew also when it is there: that it was seen does not say that it is on the disk.
void RunJournal::keep() {
  if (!delta::is_local(path_)) return store_->put(path_, run_id_);
  const std::filesystem::path path = path_;
  const std::string hidden = "." + path.filename().string() + "." + base::random_uuid() + ".tmp";
  const std::string unnamed = (path.parent_path() / hidden).string();
  store_->put(unnamed, run_id_);
  file_ = HeldFile::rename(unnamed, path_);
}

void RunJournal::close() {
  if (!store_) return;
  if (!delta::is_local(path_)) return store_->remove(path_);
  // A store would sync the folder. A run that is killed while it does has ended, and does not look
  // so; that the file may be there again after the machine went down is the lesser evil: the next
  // run says that it appended nothing.
  std::filesystem::remove(path_);
}

void RunJournal::abandon() noexcept {
  if (!is_open_ || goes_on_) return;
  try {
    close();
  } catch (const std::exception&) {  // the run's own failure is what is to be told
  }
}

}  // namespace engine
