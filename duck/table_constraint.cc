#include "duck/table_constraint.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"
#include "delta/rule_keys.h"
#include "delta/transaction.h"
#include "duck/file_selection.h"
#include "duck/interrupt_watch.h"
#include "duck/spark_expression.h"

namespace duck {
namespace {

// Nothing of a table with constraints is written here but its metadata.
constexpr delta::WriterCapabilities kWritesNoRows = {
    .row_rules = true, .column_mapping = true, .change_data = true};

bool is_name(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '_');
  });
}

// "id = 7, name = 'x'", of the first columns.
std::string row_text(const ResultRows& rows) {
  constexpr std::size_t kMostColumns = 8;
  constexpr std::size_t kMostBytes = 60;
  std::string text;
  for (std::size_t i = 0; i < rows.columns.size() && i < kMostColumns; ++i) {
    const delta::Value& value = rows.rows.at(0).at(i);
    const auto* const shown = std::get_if<std::string>(&value);
    std::string cell = shown != nullptr ? *shown : "NULL";
    if (cell.size() > kMostBytes) {
      std::size_t end = kMostBytes;
      while ((static_cast<unsigned char>(cell[end]) & 0xC0U) == 0x80U) --end;
      cell = cell.substr(0, end) + "…";
    }
    text += (text.empty() ? "" : ", ") + rows.columns[i].name + " = " + cell;
  }
  return text + (rows.columns.size() > kMostColumns ? ", …" : "");
}

class ConstraintChange {
 public:
  ConstraintChange(Database& database, const TableConstraintOptions& options)
      : database_(database),
        connection_(database),
        watch_(connection_, options.stop),
        options_(options),
        location_(delta::normalize_location(options.location)),
        name_(base::lower_case(options.name)),
        property_(std::string(delta::kConstraintPrefix) + name_) {
    if (is_name(name_)) return;
    throw base::Error(base::Stage::kValidation, "USAGE",
                      "'" + options.name + "' is no name for a constraint: letters, digits and '_'",
                      {{"name", options.name}});
  }

  std::optional<std::int64_t> add(const std::string& expression) {
    return retried([&]() -> std::optional<std::int64_t> {
      if (const std::optional<Constraint> there = constraint()) {
        if (there->second == expression) return std::nullopt;
        throw base::Error(
            base::Stage::kValidation, "DELTA_CONSTRAINT_EXISTS",
            "table '" + location_ + "' has a constraint '" + name_ + "' already: " + there->second,
            {{"path", location_}, {"name", name_}, {"expression", there->second}});
      }
      check_rows(expression);
      delta::Metadata metadata = base_->metadata();
      metadata.configuration[property_] = expression;
      return commit(std::move(metadata), "ADD CONSTRAINT", {{"name", name_}, {"expr", expression}});
    });
  }

  std::int64_t drop() {
    return *retried([&]() -> std::optional<std::int64_t> {
      const std::optional<Constraint> there = constraint();
      if (!there) {
        throw base::Error(base::Stage::kValidation, "DELTA_CONSTRAINT_NOT_FOUND",
                          "table '" + location_ + "' has no constraint '" + name_ + "'",
                          {{"path", location_}, {"name", name_}});
      }
      delta::Metadata metadata = base_->metadata();
      metadata.configuration.erase(there->first);
      return commit(std::move(metadata), "DROP CONSTRAINT",
                    {{"name", name_}, {"expr", there->second}, {"existed", "true"}});
    });
  }

 private:
  using Constraint = std::pair<std::string, std::string>;  // the property's key, the expression

  template <typename Change>
  std::optional<std::int64_t> retried(const Change& change) {
    for (int attempt = 0;; ++attempt) {
      duck::throw_if_stopped(options_.stop);
      base_ =
          delta::Snapshot::load(delta::store_for(location_), database_.parquet_engine(), location_);
      try {
        return change();
      } catch (const base::Error& error) {
        if (error.code() != "DELTA_COMMIT_CONFLICT" || attempt >= options_.max_retries) throw;
      }
    }
  }

  std::optional<Constraint> constraint() const {
    for (const auto& property : base_->metadata().configuration) {
      if (base::lower_case(property.first) == property_) return property;
    }
    return std::nullopt;
  }

  void check_rows(const std::string& expression) {
    const SparkExpression condition = translate_spark_expression(
        expression, base_->schema(), "the CHECK constraint '" + name_ + "'");
    if (condition.type.kind() != delta::TypeKind::kBoolean) {
      throw base::Error(base::Stage::kValidation, "USAGE",
                        "the CHECK constraint '" + name_ + "' is no condition but " +
                            condition.type.to_string() + ": " + expression,
                        {{"name", name_}, {"expression", expression}});
    }
    std::vector<std::size_t> files(base_->files().size());
    std::iota(files.begin(), files.end(), std::size_t{0});
    const FileSelection rows(database_, base_, std::move(files));
    const std::string violations = rows.sql() + " WHERE (" + condition.sql + ") IS NOT TRUE";
    const auto count = std::get<std::int64_t>(
        connection_.query("SELECT count(*) FROM " + violations).rows.at(0).at(0));
    if (count == 0) return;
    const std::string example = row_text(connection_.query(
        "SELECT COLUMNS(*)::VARCHAR FROM (SELECT * FROM " + violations + " LIMIT 1)"));
    throw base::Error(base::Stage::kRuntime, "DELTA_CONSTRAINT_VIOLATED",
                      std::to_string(count) + (count == 1 ? " row of '" : " rows of '") +
                          location_ + "' would not meet the constraint '" + name_ + "' (" +
                          expression + "), such as " + example,
                      {{"path", location_},
                       {"constraint", name_},
                       {"expression", expression},
                       {"violations", std::to_string(count)},
                       {"example", example}});
  }

  std::int64_t commit(delta::Metadata metadata, const std::string& operation,
                      nlohmann::json parameters) const {
    delta::Transaction transaction = delta::Transaction::start(base_, kWritesNoRows);
    transaction.read_whole_table();
    transaction.update_metadata(std::move(metadata));
    delta::CommitOptions commit;
    commit.operation = operation;
    commit.operation_parameters = std::move(parameters);
    commit.max_retries = options_.max_retries;
    return transaction.commit(commit).version;
  }

  Database& database_;
  Connection connection_;
  const InterruptWatch watch_;
  const TableConstraintOptions& options_;
  const std::string location_;
  const std::string name_;
  const std::string property_;
  std::shared_ptr<const delta::Snapshot> base_;
};

}  // namespace

std::optional<std::int64_t> add_constraint(Database& database, const std::string& expression,
                                           const TableConstraintOptions& options) {
  return ConstraintChange(database, options).add(expression);
}

std::int64_t drop_constraint(Database& database, const TableConstraintOptions& options) {
  return ConstraintChange(database, options).drop();
}

}  // namespace duck
