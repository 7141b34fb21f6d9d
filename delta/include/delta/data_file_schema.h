// What data files and their statistics hold of a table's schema.
#pragma once

#include <string>
#include <vector>

#include "delta/actions.h"
#include "delta/column_mapping.h"
#include "delta/schema.h"

namespace delta {

// `schema` with the physical name in place of each field's name, nested ones included:
// PROTOCOL.md, "Column Mapping". Throws base::Error DELTA_SCHEMA_INVALID when a mapped field has
// none.
Schema physical_schema(const Schema& schema, ColumnMapping mapping);

// The columns that data files hold: those that do not partition the table.
Schema data_schema(const Schema& schema, const std::vector<std::string>& partition_columns);

// Throws base::Error DELTA_PROPERTY_INVALID where delta.dataSkippingStatsColumns names what is no
// column of `schema`, partitions the table, has no statistics by its type, or stands there twice.
void check_indexed_names(const Schema& schema, const std::vector<std::string>& partition_columns,
                         const Metadata& metadata);

// What per-file statistics are kept of, of the columns in `data`: those that
// delta.dataSkippingStatsColumns names (a struct stands for all its fields), else the first
// delta.dataSkippingNumIndexedCols leaves (32 without the property, all for -1). Throws base::Error
// DELTA_PROPERTY_INVALID for values that say neither.
Schema indexed_schema(const Schema& data, const Metadata& metadata);

}  // namespace delta
