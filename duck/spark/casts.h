// CAST with Spark's meaning.
#pragma once

#include <string>
#include <vector>

#include "duck/spark/typed_sql.h"

namespace duck::spark {

// A type as CAST spells it, in lower case: "decimal" with {10, 2}.
delta::DataType named_type(const std::string& name, const std::vector<int>& parameters);

// As Spark does with spark.sql.ansi.enabled: a value that the type cannot hold is an error. Zones
// are UTC. Refused between types whose values Spark writes otherwise than DuckDB.
TypedSql cast(const TypedSql& value, const delta::DataType& type);

}  // namespace duck::spark
