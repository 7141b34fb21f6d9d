// Reads the file actions of commits, large ones with several threads.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <string>
#include <variant>
#include <vector>

#include "delta/actions.h"

namespace delta {

using FileAction = std::variant<AddFile, RemoveFile>;

// Parses ahead of who takes the actions: a few parts of a few MB at a time are in memory. Used by
// one thread.
class FileActionReader {
 public:
  struct Part {
    std::vector<FileAction> actions;  // the newest first
    std::size_t bytes = 0;            // of the log that they come from
    std::string path;                 // of the commit
  };
  using Take = std::function<void(Part&&)>;

  // `take` gets the parts in their order.
  explicit FileActionReader(Take take);

  // The commits, the newest first. Calls `take` for parts that were given before; throws
  // DELTA_LOG_CORRUPT with file and line, of any commit given so far.
  void read(std::string text, const std::string& path);
  // Takes what is left.
  void finish();

 private:
  void take_first();

  const Take take_;
  const std::size_t ahead_;
  std::deque<std::future<Part>> parts_;
};

}  // namespace delta
