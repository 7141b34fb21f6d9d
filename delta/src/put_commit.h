// Putting a commit into the log, whatever the store answers.
#pragma once

#include <cstdint>
#include <string>

#include "delta/store.h"

namespace delta {

// Whether the commit with the id `txn_id` is in the log as `version` after this; another one is
// otherwise. When the store cannot say how a put ended, the log can: the commit there bears our
// id, or another one's, or is missing. A bucket may still take in what is missing.
//
// Errors: those of the store. may_have_committed (commit.h) is true of one after which the commit
// may be there.
bool put_commit(Store& store, const std::string& location, std::int64_t version,
                const std::string& text, const std::string& txn_id);

}  // namespace delta
