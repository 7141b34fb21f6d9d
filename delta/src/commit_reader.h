// Reads JSON files of the log: commits, log compactions and JSON checkpoints.
#pragma once

#include <memory>
#include <string>

#include "delta/src/action_selection.h"
#include "delta/src/action_sink.h"

namespace delta {

// Not thread-safe: keeps its buffers from file to file.
class CommitReader {
 public:
  CommitReader();
  ~CommitReader();
  CommitReader(const CommitReader&) = delete;
  CommitReader& operator=(const CommitReader&) = delete;

  // Gives the selected actions of the file's `text` to `sink`, from the last line to the first, so
  // that what is newest comes first. Fields and actions that are not known are passed over.
  // Throws DELTA_LOG_CORRUPT with file and line.
  void read(std::string text, const std::string& path, ActionSelection selection, ActionSink& sink);
  // The same for the lines from `begin` to `end`, in a text that room was made in.
  void read_part(const std::string& text, std::size_t begin, std::size_t end,
                 const std::string& path, ActionSelection selection, ActionSink& sink);

  // Lets the parser read beyond the text's end.
  static void make_room(std::string& text);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace delta
