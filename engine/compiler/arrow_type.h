// Arrow's names for types, as specs give them, and their counterparts in SQL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace engine {

// The DuckDB type of an Arrow type name: "Int64" is BIGINT, "List(Utf8)" VARCHAR[],
// "Timestamp(Microsecond, None)" TIMESTAMP, "Timestamp(us, UTC)" TIMESTAMP WITH TIME ZONE,
// "Struct(a: Int64, b: Utf8)" STRUCT("a" BIGINT, "b" VARCHAR), "Map(Utf8, Int64)" a MAP. The ways
// in which Arrow itself prints nested types are read too, of which names and nullability beside a
// struct's field names do not matter: `List(Field { name: "item", data_type: Int64, … })`,
// `Struct("a": nullable Int64)`, `Map("entries": …)`. Nothing for a name that is none.
std::optional<std::string> duckdb_type_of_arrow(std::string_view name);

}  // namespace engine
