// A table's properties when a caller sets some.
#pragma once

#include <map>
#include <string>

#include "delta/new_table.h"

namespace delta {

// The configuration of `table`, of which what is not in `old` is spelled and checked as by
// settable_properties, and held against the table: columns that are to have statistics are there
// and can have them, and the log is kept for as long as removed files. What stays as it was is not
// looked at: other writers may have put it there.
std::map<std::string, std::string> checked_configuration(
    const NewTable& table, const std::map<std::string, std::string>& old);

}  // namespace delta
