// What DuckDB says about the types of queries, without running any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "duck/database.h"
#include "engine/compiler/columns.h"

namespace engine {

// Of any size, with a sign or without.
bool is_integer(std::string_view duckdb_type);

// Uses the connection, which must outlive it.
class SqlTypes {
 public:
  explicit SqlTypes(duck::Connection& connection) : connection_(connection) {}

  Columns columns_of(const std::string& sql, const std::vector<delta::Value>& values = {}) const;

  // The type as DuckDB prints it; nothing when there is no such type.
  std::optional<std::string> normalized(const std::string& type) const;

  // The type that holds the values of all of these; nothing when they do not go together. Numbers
  // go with numbers, dates with timestamps, nested types with nested types of the same sort; text
  // goes with text alone.
  std::optional<std::string> common(const std::vector<std::string>& types) const;

 private:
  duck::Connection& connection_;
};

}  // namespace engine
