#include "engine/compiler/sql_types.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "engine/compiler/type_families.h"

namespace engine {

bool is_integer(std::string_view duckdb_type) {
  constexpr std::array<std::string_view, 10> kIntegers = {
      "TINYINT",  "SMALLINT",  "INTEGER",  "BIGINT",  "HUGEINT",
      "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"};
  return std::ranges::find(kIntegers, duckdb_type) != kIntegers.end();
}

Columns SqlTypes::columns_of(const std::string& sql,
                             const std::vector<delta::Value>& values) const {
  return connection_.describe(sql, values);
}

std::optional<std::string> SqlTypes::normalized(const std::string& type) const {
  try {
    return connection_.describe("SELECT CAST(NULL AS " + type + ")").front().duckdb_type;
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

std::optional<std::string> SqlTypes::common(const std::vector<std::string>& types) const {
  std::vector<std::string> distinct;
  for (const auto& type : types) {
    if (std::ranges::find(distinct, type) == distinct.end()) distinct.push_back(type);
  }
  std::erase(distinct, "\"NULL\"");
  if (distinct.empty()) return types.front();
  if (distinct.size() == 1) return distinct.front();
  std::string sql;
  for (const auto& type : distinct) {
    if (!goes_with(type, distinct.front())) return std::nullopt;
    if (!sql.empty()) sql += " UNION ALL ";
    sql += "SELECT CAST(NULL AS " + type + ")";
  }
  try {
    return connection_.describe(sql).front().duckdb_type;
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

}  // namespace engine
