// The literals of Spark's SQL.
#pragma once

#include <string>

#include "duck/spark/typed_sql.h"

namespace duck::spark {

// 1 is an INT (a BIGINT or a DECIMAL when it must be), 1L, 1S and 1Y are integers of that length,
// 1.5 and 1.5BD are decimals, 1e3, 1.5D and 1.5F floating-point numbers. A sign may come first.
TypedSql number_literal(const std::string& text);

TypedSql string_literal(const std::string& text);

// DATE '2024-02-29', TIMESTAMP '2024-02-29 12:00:00.5Z', TIMESTAMP_NTZ '…'; `kind` in lower case.
// A timestamp without a zone is refused, for it is of the writer's own zone.
TypedSql temporal_literal(const std::string& kind, const std::string& text);

// The literal that a string stands for where it is compared with a date or timestamp.
TypedSql string_as(const std::string& text, const delta::DataType& type);

}  // namespace duck::spark
