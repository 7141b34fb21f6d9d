// Actions from the columns of a checkpoint or a sidecar: PROTOCOL.md, "Checkpoint Schema".
#pragma once

#include "delta/src/action_sink.h"
#include "delta/src/arrow_column.h"

namespace delta {

// Gives the actions in the rows of `batch`, a struct of columns such as `add` and `metaData`, to
// `sink`. Columns that are not known are passed over. Throws std::invalid_argument for a column of
// another type than the protocol's and for a field that is missing: the caller knows the file.
void read_actions(const ArrowColumn& batch, ActionSink& sink);

}  // namespace delta
