#include "duck/table_write.h"

namespace duck {
namespace {

delta::Schema schema_of(Connection& connection, const std::string& query,
                        const std::vector<delta::Value>& parameters, const std::string& location) {
  delta::Schema schema;
  for (const ResultColumn& column : connection.describe(query, parameters)) {
    if (!column.delta_type) {
      throw no_delta_type(location, column.name, column.duckdb_type);
    }
    schema.fields.push_back({.name = column.name, .type = *column.delta_type});
  }
  return schema;
}

// Whether others generated values of an identity column meanwhile: those of `writer` are taken.
bool lost_its_values(const TableWriter& writer, const base::Error& error) {
  return writer.generates_identities() && error.code() == "DELTA_COMMIT_CONFLICT" &&
         error.details().at("conflict") == "MetadataChanged";
}

}  // namespace

base::Error no_delta_type(const std::string& location, const std::string& column,
                          const std::string& type) {
  return {base::Stage::kMaterialization,
          "DELTA_SCHEMA_MISMATCH",
          "cannot write to " + location + ": no Delta type holds the values of column '" + column +
              "' (" + type + ")",
          {{"path", location}, {"column", column}}};
}

TableWriteResult write_table(Database& database, Connection& connection, const std::string& query,
                             const std::vector<delta::Value>& parameters,
                             const TableWriteOptions& options) {
  const delta::Schema rows = schema_of(connection, query, parameters, options.location);
  for (int retries = 0;; ++retries) {
    TableWriter writer(database, options, rows);
    if (const auto version = writer.written_version()) {
      return {.version = *version, .already_written = true};
    }
    const CopiedFiles copied = writer.write(connection, query, parameters);
    try {
      const delta::CommitResult result = writer.commit();
      if (result.already_committed) return {.version = result.version, .already_written = true};
      return {.version = result.version,
              .rows = copied.rows,
              .files = static_cast<std::int64_t>(copied.files.size()),
              .bytes = copied.bytes,
              .warnings = result.warnings};
    } catch (const base::Error& error) {
      if (retries >= options.max_retries || !lost_its_values(writer, error)) throw;
    }
  }
}

}  // namespace duck
