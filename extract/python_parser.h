// Parsing Python with tree-sitter, within limits.
#pragma once

#include <tree_sitter/api.h>

#include <atomic>
#include <memory>

#include "extract/source_text.h"

namespace extract {

struct TreeDeleter {
  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};
using Tree = std::unique_ptr<TSTree, TreeDeleter>;

// The grammar; lives as long as the program.
const TSLanguage* python_language();

// One thread's parser. Not thread-safe.
class PythonParser {
 public:
  // A file may take 5 seconds of processor time, and 2 more for each MiB: several hundred times
  // what code takes. Parsing also ends when `stop` becomes true; it may be null.
  explicit PythonParser(const std::atomic<bool>* stop);

  // The syntax tree with byte offsets of the file itself; null when the limit was reached or
  // `stop` became true. The encoding must be known.
  Tree parse(const SourceText& source);

 private:
  struct ParserDeleter {
    void operator()(TSParser* parser) const { ts_parser_delete(parser); }
  };

  std::unique_ptr<TSParser, ParserDeleter> parser_;
  const std::atomic<bool>* stop_;
};

}  // namespace extract
