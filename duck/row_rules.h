// What a table demands of the rows that are written to it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "delta/identity_columns.h"

namespace duck {

// A condition that every row must meet.
struct RowCheck {
  std::string name;       // for messages: "the CHECK constraint 'positive'"
  std::string text;       // as the table has it
  std::string condition;  // DuckDB's SQL over the table's columns; a row passes when it is true
};

// SQL is DuckDB's, over the table's columns by their (quoted) logical names; it has been checked
// by whoever made the rules. NOT NULL needs no rule: the schema says it.
struct RowRules {
  // The query's columns go by name, in any order; nullable ones that it lacks are NULL.
  bool columns_by_name = false;
  // By identity column that the query does not give: its values.
  std::map<std::string, std::shared_ptr<delta::IdentityValues>> identities;
  // By column: the value where the query does not give the column.
  std::map<std::string, std::string> defaults;
  // Likewise, computed from the row's other columns after they have got their defaults.
  std::map<std::string, std::string> generated;
  // By column: what is stored for a value of it.
  std::map<std::string, std::string> stored;
  std::vector<RowCheck> checks;
};

}  // namespace duck
