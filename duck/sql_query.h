// Queries that come from outside, checked before they become part of another one.
#pragma once

#include <string>

namespace duck {

// The text of the one query in `text`, without what ends it; it may stand between "FROM (" and a
// line with ")". A query is what gives rows and changes nothing: SELECT, FROM, VALUES, TABLE, WITH,
// PIVOT with its values, DESCRIBE, SHOW, SUMMARIZE. It is not bound: tables need not exist.
// Throws base::Error SQL_INVALID for an empty text, more than one statement, any other statement,
// and what cannot be parsed.
std::string parse_query(const std::string& text);

}  // namespace duck
