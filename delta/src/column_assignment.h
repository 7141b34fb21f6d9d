// Ids and physical names for the columns of a mapped table: PROTOCOL.md, "Writer Requirements for
// Column Mapping".
#pragma once

#include "delta/actions.h"

namespace delta {

// `metadata`, of a table whose delta.columnMapping.mode is not "none", with an id and a physical
// name for every field, and with delta.columnMapping.maxColumnId. A field has those that it comes
// with, else those of the field of its name and type in `old` (null for a new table), else new
// ones; when `old` was not mapped, its files go on to be read: the physical name is the name.
// Throws DELTA_PROPERTY_INVALID when the mode changes otherwise than from "none" to "name".
Metadata with_assigned_columns(const Metadata& metadata, const Metadata* old);

// Whether the table's columns are to be mapped.
bool is_mapped(const Metadata& metadata);

}  // namespace delta
