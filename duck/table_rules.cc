#include "duck/table_rules.h"

#include <charconv>
#include <functional>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "delta/rule_keys.h"
#include "duck/spark_expression.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

using delta::DataType;
using delta::StructField;
using delta::TypeKind;

constexpr const char* kTextType = "__CHAR_VARCHAR_TYPE_STRING";

// A CHAR or VARCHAR with its length in characters.
struct TextType {
  bool padded = false;
  int length = 0;
};

void each_part(const DataType& type, const std::function<void(const StructField&)>& visit) {
  if (type.kind() == TypeKind::kStruct) {
    for (const StructField& field : type.fields()) {
      visit(field);
      each_part(field.type, visit);
    }
  }
  if (type.kind() == TypeKind::kMap) each_part(type.key(), visit);
  if (type.kind() == TypeKind::kMap || type.kind() == TypeKind::kArray) {
    each_part(type.element(), visit);
  }
}

class TableRules {
 public:
  TableRules(const std::string& location, const delta::Schema& schema,
             const delta::Metadata& metadata, const delta::Schema& rows)
      : location_(location), schema_(schema), metadata_(metadata), rows_(rows) {}

  RowRules run() {
    rules_.columns_by_name = true;
    for (const auto& [key, expression] : metadata_.configuration) {
      if (key.starts_with(delta::kConstraintPrefix)) {
        check("the CHECK constraint '" + key.substr(delta::kConstraintPrefix.size()) + "'",
              expression);
      }
    }
    for (const StructField& column : schema_.fields) add(column);
    add_identities();
    return std::move(rules_);
  }

 private:
  [[noreturn]] void unsupported(const StructField& field, const std::string& feature,
                                const std::string& what) const {
    throw base::Error(base::Stage::kMaterialization, "DELTA_UNSUPPORTED_FEATURE",
                      "cannot write to " + location_ + ": column '" + field.name + "' " + what +
                          " (" + feature + "), which is not supported",
                      {{"path", location_}, {"column", field.name}, {"feature", feature}});
  }

  [[noreturn]] void invalid(const StructField& field, const std::string& key) const {
    throw base::Error(base::Stage::kMaterialization, "DELTA_SCHEMA_INVALID",
                      "column '" + field.name + "' of " + location_ + " has a " + key +
                          " that cannot be understood",
                      {{"path", location_}, {"column", field.name}});
  }

  const std::string& text(const StructField& field, const char* key) const {
    const nlohmann::json& value = field.metadata.at(key);
    if (!value.is_string()) invalid(field, key);
    return value.get_ref<const std::string&>();
  }

  void check(const std::string& name, const std::string& expression) {
    rules_.checks.push_back({name, expression,
                             translate_spark_expression(expression, schema_, name,
                                                        DataType::primitive(TypeKind::kBoolean))
                                 .sql});
  }

  void add(const StructField& column) {
    each_part(column.type, [&](const StructField& part) { add_part(part); });
    if (column.metadata.contains(delta::kInvariantsKey)) add_invariant(column);
    if (column.metadata.contains(kTextType)) add_length(column);
    if (column.metadata.contains(delta::kGenerationKey)) {
      add_generated(column);
    } else if (column.metadata.contains(delta::kDefaultKey)) {
      const std::string place = "the default of column '" + column.name + "'";
      rules_.defaults[column.name] =
          translate_spark_expression(text(column, delta::kDefaultKey), {}, place, column.type).sql;
    }
  }

  void add_identities() {
    for (const delta::IdentityColumn& column : delta::identity_columns(schema_)) {
      if (rows_.find(column.name) == nullptr) {
        rules_.identities[column.name] = std::make_shared<delta::IdentityValues>(column);
      } else if (!column.allows_explicit_values) {
        throw base::Error(base::Stage::kMaterialization, "DELTA_IDENTITY_NOT_EXPLICIT",
                          "cannot write to " + location_ + ": the values of the identity column '" +
                              column.name + "' are generated, and the rows give some",
                          {{"path", location_}, {"column", column.name}});
      }
    }
  }

  void add_part(const StructField& part) {
    for (const char* const key :
         {delta::kGenerationKey, delta::kDefaultKey, kTextType, delta::kIdentityStartKey}) {
      if (part.metadata.contains(key)) unsupported(part, key, "inside of another has a rule");
    }
    if (part.metadata.contains(delta::kInvariantsKey)) add_invariant(part);
  }

  // {"expression": {"expression": "x > 3"}}, as text
  void add_invariant(const StructField& field) {
    const auto json = nlohmann::json::parse(text(field, delta::kInvariantsKey), nullptr, false);
    const nlohmann::json::json_pointer path("/expression/expression");
    if (json.is_discarded() || !json.contains(path) || !json.at(path).is_string()) {
      invalid(field, delta::kInvariantsKey);
    }
    check("the invariant of column '" + field.name + "'", json.at(path).get<std::string>());
  }

  void add_generated(const StructField& column) {
    const std::string& expression = text(column, delta::kGenerationKey);
    const std::string place = "the generated column '" + column.name + "'";
    const std::string sql = translate_spark_expression(expression, schema_, place, column.type).sql;
    rules_.generated[column.name] = sql;
    if (rows_.find(column.name) == nullptr) return;
    rules_.checks.push_back(
        {place, expression, quote_identifier(column.name) + " IS NOT DISTINCT FROM (" + sql + ")"});
  }

  // "char(5)" or "varchar(5)"
  TextType text_type(const StructField& column) const {
    const std::string& name = text(column, kTextType);
    TextType type{.padded = name.starts_with("char(")};
    const std::size_t open = name.find('(');
    if (column.type.kind() != TypeKind::kString || open == std::string::npos) {
      unsupported(column, kTextType, "has parts of the type " + name);
    }
    const char* const end = name.data() + name.size();
    const auto [rest, fault] = std::from_chars(name.data() + open + 1, end, type.length);
    const bool known = type.padded || name.starts_with("varchar(");
    if (fault != std::errc() || std::string_view(rest, end) != ")" || !known) {
      invalid(column, kTextType);
    }
    return type;
  }

  // Spaces at the end that are too many go, as in Spark; other characters do not.
  void add_length(const StructField& column) {
    const TextType type = text_type(column);
    const std::string length = std::to_string(type.length);
    const std::string name = quote_identifier(column.name);
    const std::string padded = type.padded ? "rpad(" + name + ", " + length + ", ' ')"
                                           : "left(" + name + ", " + length + ")";
    rules_.stored[column.name] = "CASE WHEN length(rtrim(" + name + ", ' ')) <= " + length +
                                 " THEN " + padded + " ELSE " + name + " END";
    rules_.checks.push_back({"the length of column '" + column.name + "'", text(column, kTextType),
                             "length(" + name + ") <= " + length + " OR " + name + " IS NULL"});
  }

  const std::string& location_;
  const delta::Schema& schema_;
  const delta::Metadata& metadata_;
  const delta::Schema& rows_;
  RowRules rules_;
};

}  // namespace

bool has_own_value(const StructField& column) {
  const auto& metadata = column.metadata;
  return metadata.contains(delta::kGenerationKey) || metadata.contains(delta::kDefaultKey) ||
         metadata.contains(delta::kIdentityStartKey);
}

RowRules table_rules(const std::string& location, const delta::Schema& schema,
                     const delta::Metadata& metadata, const delta::Schema& rows) {
  return TableRules(location, schema, metadata, rows).run();
}

}  // namespace duck
