// Telling a run that is tried again from a new one.
#pragma once

#include <memory>
#include <string>

#include "delta/store.h"
#include "engine/executor/held_file.h"

namespace engine {

// A run's own identifier, and the file that keeps it from before the run's first commit until
// whoever asked for the run has its result. A run that is cut off in between leaves the file; the
// next one of the same identity (run_identity.h) finds it, takes over its identifier, and so
// appends nothing that the log names as that run's. A run that lives is not mistaken for one that
// was cut off: it holds its file for as long as this object lives. In a store without locks (S3)
// it is: of two runs at once, one adds nothing. Not thread-safe. Errors are those of the store and
// of held_file.h.
class RunJournal {
 public:
  // A run that appends nothing: its identifier is new, nothing is kept.
  RunJournal();
  // The file lies in `folder`, that of a table the run appends to, as
  // _codeanatomy_run_<identity>_<run id>, without the run id in a store without locks. Readers and
  // vacuum pass over it.
  RunJournal(const std::string& folder, const std::string& identity);

  const std::string& run_id() const { return run_id_; }

  // Before the first commit.
  void open();
  // The run is over: the next one is a new one.
  void close();
  // The run has failed and has certainly committed nothing. The file stays when it was there
  // before: the run that was cut off may have committed something. It also stays when it cannot be
  // removed, which does no harm: the next run takes over an identifier that no table knows.
  void abandon() noexcept;

 private:
  void take_over_what_was_cut_off(const std::string& folder, const std::string& name);
  void keep();

  std::shared_ptr<delta::Store> store_;  // null: nothing is kept
  std::string path_;
  std::string run_id_;
  HeldFile file_;
  bool goes_on_ = false;  // with a run that was cut off
  bool is_open_ = false;
};

}  // namespace engine
