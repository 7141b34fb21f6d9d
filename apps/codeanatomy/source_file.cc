#include "apps/codeanatomy/source_file.h"

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "duck/sql_text.h"

namespace apps {
namespace {

namespace fs = std::filesystem;

FileFormat format_of(const std::string& path) {
  const std::string extension = fs::path(path).extension().string();
  if (extension == ".parquet") return FileFormat::kParquet;
  if (extension == ".csv") return FileFormat::kCsv;
  if (extension == ".jsonl" || extension == ".ndjson" || extension == ".json") {
    return FileFormat::kJson;
  }
  throw base::Error(base::Stage::kValidation, "USAGE",
                    "--from takes a .parquet, .csv or .jsonl file, not " + path);
}

std::string reader_of(FileFormat format) {
  switch (format) {
    case FileFormat::kParquet:
      return "read_parquet";
    case FileFormat::kCsv:
      return "read_csv";
    case FileFormat::kJson:
      break;
  }
  return "read_json";
}

// A file with nothing but white space, of which DuckDB would make up a column.
bool is_blank(const std::string& path) {
  if (!fs::is_regular_file(path)) return false;  // what a pipe holds is read once
  std::ifstream in(path, std::ios::binary);
  return in && (in >> std::ws).eof();
}

}  // namespace

SourceFile source_file(const std::string& path) {
  const FileFormat format = format_of(path);
  if (!fs::exists(path)) {
    throw base::Error(base::Stage::kValidation, "FILE_NOT_FOUND", "there is no file " + path,
                      {{"path", path}});
  }
  // DuckDB would read all files in it.
  if (fs::is_directory(path)) {
    throw base::Error(base::Stage::kValidation, "FILE_NOT_READABLE",
                      path + " is a folder, not a file", {{"path", path}});
  }
  if (format != FileFormat::kParquet && is_blank(path)) {
    throw base::Error(base::Stage::kValidation, "FILE_EMPTY",
                      path + " is empty: it tells no columns", {{"path", path}});
  }
  return {.path = path, .format = format};
}

std::string path_literal(const SourceFile& file) {
  std::string pattern;
  // "~" would be the home folder, and "s3:" or "file:" something else than a folder.
  if (file.path.starts_with('~') || file.path.find(':') < file.path.find('/')) pattern = "./";
  for (const char c : file.path) {
    if (c == '*' || c == '?' || c == '[') {
      pattern += {'[', c, ']'};
    } else {
      pattern += c;
    }
  }
  return duck::quote_string(pattern);
}

std::string rows_query(const SourceFile& file) {
  // Folders called key=value are no columns of the file.
  return "SELECT * FROM " + reader_of(file.format) + "(" + path_literal(file) +
         ", hive_partitioning = false)";
}

}  // namespace apps
