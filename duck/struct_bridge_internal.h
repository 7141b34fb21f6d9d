// Reading columns of a file in steps, where one cast does not do.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_data.hpp>
#include <optional>

namespace duck {

using MultiFileColumns = duckdb::vector<duckdb::MultiFileColumnDefinition>;

// DuckDB casts what lies in arrays and maps as a whole, and casts no struct to one that shares no
// field with it. Such a file is read in two steps, by way of structs that have the fields of both.
// Shredded variants are read as they are stored, and then put together.

// The table's columns as the first step reads those of this file, where it is needed.
std::optional<MultiFileColumns> bridged_columns(const MultiFileColumns& table,
                                                const MultiFileColumns& in_file);

// The other steps, for each of the columns that are read: from the type that it was mapped to among
// `bridged` to the table's.
void cross_bridges(duckdb::ClientContext& context, duckdb::MultiFileReaderData& reader_data,
                   const MultiFileColumns& table, const MultiFileColumns& bridged,
                   const duckdb::vector<duckdb::ColumnIndex>& global_column_ids);

}  // namespace duck
