// Rows that are appended to a table once, however often it is tried.
#pragma once

#include <optional>
#include <string>

#include "delta/actions.h"
#include "delta/snapshot.h"

namespace duck {

// The entry of commitInfo that names what was appended.
inline constexpr const char* kAppendIdProperty = "appendId";

// The transaction identifier to append rows with that `id` stands for; nothing when the table has
// them: they were appended, and the table was not overwritten, replaced or restored after that, as
// far as its log tells. `table` is null for a new one.
std::optional<delta::SetTransaction> append_transaction(const delta::Snapshot* table,
                                                        const std::string& id);

}  // namespace duck
