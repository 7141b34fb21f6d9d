// Runs the built program, for its tests.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace apps {

struct ProgramResult {
  int status = 0;  // the exit status, or 128 and the signal that ended it
  std::string out;
  std::string err;
  std::int64_t peak_memory_bytes = 0;  // resident
};

// One run of build/<preset>/codeanatomy. Standard output and error go to files in a folder that
// the caller owns.
class ProgramRun {
 public:
  // Starts it in `folder`, which becomes its current folder.
  ProgramRun(std::vector<std::string> arguments, const std::filesystem::path& folder);
  // Kills it when it still runs.
  ~ProgramRun();
  ProgramRun(const ProgramRun&) = delete;
  ProgramRun& operator=(const ProgramRun&) = delete;

  // Returns when standard error holds `text`; false when the program ended without it.
  bool wait_for_error_text(const std::string& text);
  // Opens a named pipe for writing as soon as the program reads it, which then waits until the
  // descriptor is closed; -1 when the program ended without.
  int wait_for_reader(const std::filesystem::path& pipe);
  void send(int signal) const;
  // Returns when the program has taken the signals sent to it and all of its threads wait, or when
  // it has ended.
  void wait_until_idle();
  // Waits for its end.
  ProgramResult finish();

 private:
  bool has_ended();
  bool reap(int options);

  std::filesystem::path out_;
  std::filesystem::path err_;
  pid_t process_ = -1;
  int status_ = 0;
  std::int64_t peak_memory_bytes_ = 0;
};

ProgramResult run_program(std::vector<std::string> arguments, const std::filesystem::path& folder);

}  // namespace apps
