// A file that rows are read from: exactly that file, with no meaning put into its path.
#pragma once

#include <string>

namespace apps {

enum class FileFormat { kParquet, kCsv, kJson };

struct SourceFile {
  std::string path;
  FileFormat format = FileFormat::kParquet;
};

// The file at `path`, its format by the extension. Errors at Stage::kValidation: USAGE for another
// extension, FILE_NOT_FOUND, FILE_NOT_READABLE for a folder, FILE_EMPTY for a CSV or JSON file
// without any text.
SourceFile source_file(const std::string& path);

// A string literal by which DuckDB's readers find this file and no other.
std::string path_literal(const SourceFile& file);

// The query that gives the file's rows.
std::string rows_query(const SourceFile& file);

}  // namespace apps
