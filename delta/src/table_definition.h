// What a table may be defined as.
#pragma once

#include "delta/actions.h"
#include "delta/new_table.h"

namespace delta {

// Throws DELTA_SCHEMA_INVALID: two columns of one name (whatever their case), a partition column
// that is not there, is nested or leaves no other column, a column of no type that can be written,
// a column with a name of the change data feed's own where that is enabled.
void check_definition(const NewTable& table);

// Whether its clustering columns are there, have values to compare and statistics, and it has no
// partitions.
bool can_be_clustered(const NewTable& table);

// A fresh id, the schema as text, the time of now.
Metadata new_metadata(const NewTable& table);

// `metadata`, which check_definition has passed, as it goes into the log: partition columns as the
// schema spells them, without the properties that only ask for features, and with what the features
// of `protocol` must have there (row id columns, mapped columns). `old` is what it replaces; null
// for a new table. Errors: see with_assigned_columns.
Metadata completed(Metadata metadata, const Protocol& protocol, const Metadata* old);

}  // namespace delta
