// The work of one thread: file after file, from bytes to data files.
#pragma once

#include <cstdint>
#include <string>

#include "extract/extract.h"
#include "extract/fact_batch.h"
#include "extract/fact_writer.h"
#include "extract/python_parser.h"
#include "extract/syntax_walk.h"
#include "extract/work_queue.h"

namespace extract {

// Not thread-safe; one object a thread. Memory is bounded by the largest file, its tree and one
// row group of each table.
class Worker {
 public:
  Worker(WorkQueue& queue, FactWriter& writer, std::int64_t max_file_bytes);

  // Takes files until there are no more or the queue was stopped. What is wrong with a file is a
  // warning; what is wrong with the output is an exception.
  void run();

 private:
  void add_file(const SourceFile& file);
  void add_file_row(SourceText& source);
  // The file gives no facts: a warning and an error over all of it.
  void give_up(const SourceText& source, std::string code, const std::string& reason);
  void flush();
  void flush_when_full();

  WorkQueue& queue_;
  FactWriter& writer_;
  std::int64_t max_file_bytes_;
  FactBatch batch_;
  std::int64_t source_bytes_ = 0;  // of the batch's sources
  PythonParser parser_;
  SyntaxWalk walk_;
};

}  // namespace extract
