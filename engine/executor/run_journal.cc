#include "engine/executor/run_journal.h"

#include <exception>
#include <filesystem>

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

}  // namespace

RunJournal::RunJournal() : run_id_(base::random_uuid()) {}

RunJournal::RunJournal(const std::string& folder, const std::string& identity)
    : store_(delta::store_for(folder)),
      path_(delta::normalize_location(folder) + "/_codeanatomy_run_" + identity),
      run_id_(kept(*store_, path_)),
      goes_on_(!run_id_.empty()) {
  if (!goes_on_) run_id_ = base::random_uuid();
}

void RunJournal::open() {
  if (store_) store_->put(path_, run_id_);
  is_open_ = true;
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
