// A scan's filters, brought from the table's columns to those of one file.
#pragma once

#include <duckdb.hpp>
#include <duckdb/common/multi_file/multi_file_reader.hpp>

namespace duck {

// The filters on columns that are the same for all rows of the file: partition columns, columns
// that the file lacks, and DuckDB's constant virtual columns. They decide on the file as a whole.
duckdb::unique_ptr<duckdb::TableFilterSet> filters_on_constants(
    const duckdb::MultiFileReaderData& reader_data,
    const duckdb::vector<duckdb::MultiFileColumnDefinition>& global_columns,
    const duckdb::vector<duckdb::ColumnIndex>& global_column_ids,
    const duckdb::TableFilterSet& filters);

// Hands the other filters to the reader, once the columns are mapped. A filter on a column whose
// values are converted is applied to the converted values: to convert the filter's constants the
// other way would change what it means where a conversion rounds. Filters on row tracking columns
// become the reader's row filter.
void push_filters(duckdb::MultiFileReaderData& reader_data,
                  const duckdb::TableFilterSet& on_constants, const duckdb::TableFilterSet& filters,
                  const duckdb::vector<duckdb::ColumnIndex>& global_column_ids);

}  // namespace duck
