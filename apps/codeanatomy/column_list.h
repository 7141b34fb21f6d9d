// Names of columns on the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace apps {

// "a,b" names two columns. One whose name has a comma stands in double quotes, of which one in the
// name is written twice: "last, first",b. Quotes elsewhere are part of the name. Throws
// CLI::ValidationError for a name that is empty and for a quote that is left open.
std::vector<std::string> parse_column_list(const std::string& option, const std::string& text);

// An option for such a list, which may be given several times: the columns are those of all of
// them. Its `columns` outlive the command line's parsing.
CLI::Option* add_column_list_option(CLI::App& command, const std::string& option,
                                    std::vector<std::string>& columns, const std::string& help);

}  // namespace apps
