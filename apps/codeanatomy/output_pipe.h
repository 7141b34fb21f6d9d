// An open file, such as standard output, as one that others can open by name.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace apps {

// What is written to path() goes on to the open file `target`, after what is there already: opening
// /dev/stdout itself would truncate a file that standard output was redirected to. A terminal, a
// device or a FIFO takes what is written in order, which DuckDB does not keep to by itself.
class OutputPipe {
 public:
  // Rewrites what goes through, piece by piece.
  using Rewrite = std::function<std::string_view(std::string_view)>;

  explicit OutputPipe(int target, Rewrite rewrite = {});
  ~OutputPipe();
  OutputPipe(const OutputPipe&) = delete;
  OutputPipe& operator=(const OutputPipe&) = delete;

  // To be opened for writing, once.
  std::string path() const;

  // Waits until all is through. Afterwards error() is 0, or the errno for which the target
  // took no more; those who write to path() then get EPIPE.
  void close();
  int error() const { return error_; }

 private:
  void pump();

  const int target_;
  const Rewrite rewrite_;
  int read_end_ = -1;
  int write_end_ = -1;
  int error_ = 0;
  std::thread thread_;
};

}  // namespace apps
