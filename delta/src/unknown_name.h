// Names in the log that a reader does not know: PROTOCOL.md has it pass them over, as later
// versions of the protocol may bring them. One that differs from a known name in a single byte is
// no news but damage, which would take away what it stands for, such as the rows that a deletion
// vector deletes.
#pragma once

#include <string_view>

namespace delta {

// Throws std::invalid_argument when `name` is such: the caller knows the file.
void check_unknown_action(std::string_view name);
// Likewise for a field of an action, or of "deletionVector".
void check_unknown_field(std::string_view parent, std::string_view name);

}  // namespace delta
