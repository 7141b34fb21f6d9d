// How a table's columns are named in its data files: PROTOCOL.md, "Column Mapping".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "delta/actions.h"
#include "delta/schema.h"

namespace delta {

// Where a field's metadata has its id and its name in files.
inline constexpr const char* kColumnIdKey = "delta.columnMapping.id";
inline constexpr const char* kPhysicalNameKey = "delta.columnMapping.physicalName";

enum class ColumnMapping { kNone, kName, kId };

// The mode in force: the property counts only where the protocol supports the feature. Throws
// base::Error DELTA_UNSUPPORTED_FEATURE for a mode that the protocol does not know.
ColumnMapping column_mapping(const Protocol& protocol, const Metadata& metadata);

// The name of `field` in data files, partition values and statistics. Throws base::Error
// DELTA_SCHEMA_INVALID when a mapped field has none.
const std::string& physical_name(const StructField& field, ColumnMapping mapping);

// The Parquet field id that stands for `field` in kId mode.
std::optional<std::int64_t> column_id(const StructField& field);

// A column of data files that the table's schema does not have: it has its own name in them,
// whatever the mapping.
StructField unmapped_field(std::string name, TypeKind kind);

}  // namespace delta
