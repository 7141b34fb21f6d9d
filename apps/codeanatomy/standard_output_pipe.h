// Standard output as a file that others can open by name.
#pragma once

#include <string>
#include <thread>

namespace apps {

// What is written to path() goes on to standard output, after what is there already: opening
// /dev/stdout itself would truncate a file that standard output was redirected to.
class StandardOutputPipe {
 public:
  StandardOutputPipe();
  ~StandardOutputPipe();
  StandardOutputPipe(const StandardOutputPipe&) = delete;
  StandardOutputPipe& operator=(const StandardOutputPipe&) = delete;

  // To be opened for writing, once.
  std::string path() const;

  // Waits until all is through. Afterwards error() is 0, or the errno for which standard output
  // took no more; those who write to path() then get EPIPE.
  void close();
  int error() const { return error_; }

 private:
  void pump();

  int read_end_ = -1;
  int write_end_ = -1;
  int error_ = 0;
  std::thread thread_;
};

}  // namespace apps
