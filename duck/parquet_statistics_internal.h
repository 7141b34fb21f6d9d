// What a Parquet file's footer says about its columns, as Delta's per-file statistics.
#pragma once

#include <parquet_types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "delta/schema.h"
#include "delta/statistics.h"

namespace duck {

// The statistics of the leaves of `schema` that lie outside of lists and maps and that the file
// has; of lists and maps themselves the nulls that `null_counts` tells, by path. A
// minimum and a maximum are given when every row group with values has them: DuckDB leaves them out
// where a NaN is, which Delta orders above all numbers. Binary columns get null counts only: their
// bounds have no form in JSON.
delta::FileStatistics file_statistics(
    const duckdb_parquet::FileMetaData& footer, const delta::Schema& schema,
    const std::map<std::vector<std::string>, std::int64_t>& null_counts = {});

}  // namespace duck
