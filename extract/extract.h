// Python sources into Delta tables of syntax facts. docs/extraction.md says what a row means.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "extract/extract_warning.h"

namespace extract {

struct ExtractProgress {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t nodes = 0;
};

struct ExtractOptions {
  // .py, .pyi and .pyw files below it are read, but not symbolic links, hidden entries and the
  // folders of `excluded_directories`.
  std::filesystem::path source_directory;
  // The tables are folders below it: ts_nodes_v1 and so on.
  std::string output_directory;
  int threads = 0;  // 0: one a core
  // Names of folders that are left out wherever they are below source_directory.
  std::vector<std::string> excluded_directories = {"__pycache__", "site-packages", "dist-packages",
                                                   "node_modules"};
  // A longer file has a row in repo_files_v1 and no syntax. A tree takes some
  // 80 times as much memory as the file, at the worst 300 times.
  std::int64_t max_file_bytes = 8 << 20;
  // Called about five times a second, and once at the end, by the thread that called extract().
  std::function<void(const ExtractProgress&)> on_progress = {};
  // When it becomes true, extraction ends soon with the error INTERRUPTED.
  const std::atomic<bool>* stop = nullptr;
};

struct ExtractedTable {
  std::string name;
  std::string location;
  std::int64_t version = 0;
  std::int64_t rows = 0;
  std::int64_t files = 0;
  std::int64_t bytes = 0;
};

struct ExtractResult {
  std::vector<ExtractedTable> tables;
  // Ordered by path. Codes: FILE_UNREADABLE, DIRECTORY_UNREADABLE, PATH_TOO_LONG, PATH_NOT_UTF8
  // (nothing is known), FILE_NOT_UTF8, FILE_TOO_LARGE, PARSE_TIME_LIMIT (a row in repo_files_v1 and
  // one in ts_errors_v1 over the whole file), FILE_EMPTY, NO_PYTHON_FILES.
  std::vector<ExtractWarning> warnings;
  std::int64_t elapsed_ms = 0;
};

// Reads the sources with `threads` threads and replaces the eight tables, creating those that are
// not there. Memory does not grow with the number of files. All tables are committed after all
// files are written: when anything fails or `stop` is set, no table has changed and no file is
// left. What is wrong with a source file is a warning, never an error.
//
// Throws base::Error: SOURCE_NOT_FOUND, INTERRUPTED, and what the Delta library and the Parquet
// writer throw.
ExtractResult extract(const ExtractOptions& options);

}  // namespace extract
