// Files that a command must not write over each other or over what it reads.
#pragma once

#include <string>
#include <vector>

namespace apps {

// A file that the command line names, and by what: "--result", "SPEC.json". An empty path is none,
// "-" standard output.
struct NamedFile {
  std::string name;
  std::string path;
};

// Throws USAGE at Stage::kValidation (details path) when one of the files to be written is one to
// be read, or is to be written twice; also where its path is spelled in two ways or leads there
// through a link. What is no regular file, such as /dev/null, may be named again.
void check_written_files(const std::vector<NamedFile>& written, const std::vector<NamedFile>& read);

}  // namespace apps
