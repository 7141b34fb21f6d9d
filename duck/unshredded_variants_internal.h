// Shredded variants: PROTOCOL.md, "Variant Shredding", and Parquet's "Variant Shredding". Files may
// hold parts of variants as columns of their own, beside what does not fit these. Here they are put
// together.
#pragma once

#include <duckdb.hpp>
#include <optional>
#include <string>

namespace duck {

// The type of a column that is stored as `stored` once its shredded variants are whole, where
// `wanted`, the table's type, has variants; nothing where there is no shredded one.
std::optional<duckdb::LogicalType> unshredded_type(const duckdb::LogicalType& stored,
                                                   const duckdb::LogicalType& wanted);

// What the execution of `unshredded` throws where a file's bytes are no variant. Not of
// std::exception, of which DuckDB would keep the text alone: who reads the file catches it.
struct InvalidVariant {
  std::string why;
};

// What gives the values of `column` as that type.
duckdb::unique_ptr<duckdb::Expression> unshredded(duckdb::unique_ptr<duckdb::Expression> column,
                                                  const duckdb::LogicalType& type);

}  // namespace duck
