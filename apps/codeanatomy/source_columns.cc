#include "apps/codeanatomy/source_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <variant>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "duck/sql_text.h"
#include "duck/table_write.h"

namespace apps {
namespace {

struct Target {
  const SourceFile& file;
  const std::string& location;
};

// The names of one file's columns, or of one struct's fields.
class Names {
 public:
  explicit Names(std::string place = "") : place_(std::move(place)) {}

  const std::string& place() const { return place_; }

  void add(const std::string& name, const Target& target) {
    const auto [other, is_new] = names_.emplace(base::lower_case(name), name);
    if (is_new) return;
    throw base::Error(
        base::Stage::kRuntime, "DELTA_SCHEMA_INVALID",
        fmt::format("cannot write to {}: columns '{}{}' and '{}{}' of {} have one name; "
                    "case tells no columns apart",
                    target.location, place_, other->second, place_, name, target.file.path),
        {{"path", target.file.path}, {"column", place_ + name}});
  }

 private:
  std::string place_;  // "" or "a.b."
  std::map<std::string, std::string> names_;
};

// A Parquet schema lists its nodes in depth-first order.
struct OpenGroup {
  Names names;
  std::int64_t unread = 0;
};

void check_parquet(duck::Connection& connection, const Target& target) {
  // The type, where DuckDB reads values that are not those of the file. In logical_type, a unit
  // that is not the column's is <null>.
  const std::string query =
      "SELECT name, coalesce(num_children, 0), CASE "
      "WHEN (converted_type = 'DECIMAL' OR logical_type LIKE 'DecimalType(%') "
      "AND duckdb_type NOT LIKE 'DECIMAL(%' "
      "THEN coalesce(format('DECIMAL({},{})', precision, coalesce(scale, 0)), logical_type) "
      "WHEN logical_type LIKE 'TimestampType(%NANOS=NanoSeconds(%' "
      "AND duckdb_type = 'TIMESTAMP WITH TIME ZONE' "
      "THEN 'TIMESTAMP WITH TIME ZONE in nanoseconds' END "
      "FROM parquet_schema(" +
      path_literal(target.file) + ") ORDER BY column_id";
  std::vector<OpenGroup> open;
  for (const auto& row : connection.query(query).rows) {
    const auto& name = std::get<std::string>(row.at(0));
    const auto children = std::get<std::int64_t>(row.at(1));
    if (open.empty()) {  // the root
      open.push_back({.names = Names(), .unread = children});
      continue;
    }
    while (open.size() > 1 && open.back().unread == 0) open.pop_back();
    --open.back().unread;
    open.back().names.add(name, target);
    const std::string path = open.back().names.place() + name;
    if (const auto* type = std::get_if<std::string>(&row.at(2))) {
      throw duck::no_delta_type(target.location, path, *type);
    }
    if (children > 0) open.push_back({.names = Names(path + "."), .unread = children});
  }
}

// Whether `name` is another column's with what DuckDB adds to repeated ones: "_1", "_2", …
bool may_be_renamed(const std::string& name, const std::vector<duck::ResultColumn>& columns) {
  const std::size_t digits = name.find_last_not_of("0123456789") + 1;
  if (digits == name.size() || digits == 0 || name[digits - 1] != '_') return false;
  return std::ranges::any_of(columns, [&](const duck::ResultColumn& column) {
    return base::equal_ignoring_case(column.name, std::string_view(name).substr(0, digits - 1));
  });
}

// sniff_csv's text for a character.
std::string sniffed(const delta::Value& value) {
  const auto& text = std::get<std::string>(value);
  if (text == "(empty)") return duck::quote_string("");
  return duck::quote_string(text == "\\t" ? "\t" : text);
}

void check_csv_header(duck::Connection& connection, const Target& target) {
  const auto sniffed_rows = connection.query(
      "SELECT Delimiter, Quote, Escape, Comment, SkipRows::BIGINT, len(Columns)::BIGINT "
      "FROM sniff_csv(" +
      path_literal(target.file) + ") WHERE HasHeader");
  if (sniffed_rows.rows.empty()) return;
  const auto& dialect = sniffed_rows.rows.front();
  std::string columns;
  for (std::int64_t i = 0; i < std::get<std::int64_t>(dialect.at(5)); ++i) {
    columns += fmt::format("{}c{}: 'VARCHAR'", i == 0 ? "" : ", ", i);
  }
  const auto header = connection.query(fmt::format(
      "SELECT * FROM read_csv({}, auto_detect = false, header = false, delim = {}, quote = {}, "
      "escape = {}, comment = {}, skip = {}, columns = {{{}}}, hive_partitioning = false) LIMIT 1",
      path_literal(target.file), sniffed(dialect.at(0)), sniffed(dialect.at(1)),
      sniffed(dialect.at(2)), sniffed(dialect.at(3)), std::get<std::int64_t>(dialect.at(4)),
      columns));
  Names names;
  for (const auto& row : header.rows) {
    for (const delta::Value& value : row) {
      const auto* name = std::get_if<std::string>(&value);
      if (name == nullptr) continue;  // DuckDB calls it by its number
      const std::size_t begin = name->find_first_not_of(' ');
      if (begin == std::string::npos) continue;
      names.add(name->substr(begin, name->find_last_not_of(' ') + 1 - begin), target);
    }
  }
}

void check_json_keys(duck::Connection& connection, const Target& target) {
  const auto keys =
      connection.query("SELECT DISTINCT unnest(json_keys(json)) AS key FROM read_json_objects(" +
                       path_literal(target.file) + ", hive_partitioning = false) ORDER BY key");
  Names names;
  for (const auto& row : keys.rows) names.add(std::get<std::string>(row.at(0)), target);
}

}  // namespace

void check_columns(duck::Connection& connection, const SourceFile& file,
                   const std::string& location) {
  const Target target{.file = file, .location = location};
  const auto columns = connection.describe(rows_query(file));
  if (file.format == FileFormat::kParquet) return check_parquet(connection, target);
  // The names as they are in the file cost another look at it: seldom needed.
  const bool renamed = std::ranges::any_of(columns, [&](const duck::ResultColumn& column) {
    return may_be_renamed(column.name, columns);
  });
  if (!renamed) return;
  if (file.format == FileFormat::kCsv) return check_csv_header(connection, target);
  check_json_keys(connection, target);
}

}  // namespace apps
