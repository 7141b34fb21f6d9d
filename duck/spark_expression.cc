#include "duck/spark_expression.h"

#include <utility>

#include "base/error.h"
#include "duck/spark/casts.h"
#include "duck/spark/functions.h"
#include "duck/spark/literals.h"
#include "duck/spark/operators.h"
#include "duck/spark/parser.h"
#include "duck/spark/unsupported.h"
#include "duck/sql_text.h"

namespace duck {
namespace {

using spark::Node;
using spark::NodeKind;
using spark::Operands;
using spark::TypedSql;
using spark::unsupported;

// Beyond, an operand that stands more than once has grown out of hand.
constexpr std::size_t kLongestSql = 1U << 16U;

class Translation {
 public:
  explicit Translation(const delta::Schema& columns) : columns_(columns) {}

  TypedSql translate(const Node& node) const {
    TypedSql result = translated(node);
    if (result.sql.size() > kLongestSql) unsupported("it becomes too long");
    return result;
  }

 private:
  TypedSql translated(const Node& node) const {
    switch (node.kind) {
      case NodeKind::kNull:
        return {.sql = "NULL", .type = delta::DataType::primitive(delta::TypeKind::kVoid)};
      case NodeKind::kBoolean:
        return {.sql = node.text == "true" ? "TRUE" : "FALSE", .type = spark::boolean_type()};
      case NodeKind::kNumber:
        return spark::number_literal(node.text);
      case NodeKind::kString:
        return text(node);
      case NodeKind::kTypedLiteral:
        return spark::temporal_literal(node.name, node.text);
      case NodeKind::kColumn:
        return column(node.path);
      case NodeKind::kField:
        return field(translate(node.operands[0]), node.text);
      case NodeKind::kCall:
        return call(node);
      case NodeKind::kCast:
        return spark::cast(translate(node.operands[0]), spark::named_type(node.text, node.numbers));
      case NodeKind::kCase:
        return spark::choose(operands(node));
    }
    unsupported("it is not understood");
  }

  // Spark takes "a" for a text, others write columns so.
  TypedSql text(const Node& node) const {
    if (node.is_double_quoted && columns_.find(node.text) != nullptr) {
      unsupported("\"" + node.text + "\" may be a text or the column of that name");
    }
    return spark::string_literal(node.text);
  }

  TypedSql column(const std::vector<std::string>& path) const {
    const delta::StructField* const found = columns_.find(path.front());
    if (found == nullptr) unsupported("there is no column '" + path.front() + "'");
    refuse_collation(*found);
    TypedSql value{.sql = quote_identifier(found->name), .type = found->type};
    for (std::size_t i = 1; i < path.size(); ++i) value = field(value, path[i]);
    return value;
  }

  // In the metadata of a column, or of a field, Spark keeps how the texts in it are compared.
  static void refuse_collation(const delta::StructField& column) {
    if (!column.metadata.contains("__COLLATIONS")) return;
    unsupported("texts of '" + column.name + "' are compared by a collation");
  }

  static TypedSql field(const TypedSql& value, const std::string& name) {
    if (value.type.kind() != delta::TypeKind::kStruct) {
      unsupported("the field '" + name + "' of " + value.type.to_string());
    }
    const delta::Schema fields{value.type.fields()};
    const delta::StructField* const found = fields.find(name);
    if (found == nullptr) unsupported("there is no field '" + name + "'");
    refuse_collation(*found);
    return {.sql = "struct_extract(" + value.sql + ", " + quote_string(found->name) + ")",
            .type = found->type,
            .may_fail = value.may_fail};
  }

  Operands operands(const Node& node) const {
    Operands result;
    for (const Node& operand : node.operands) result.push_back(translate(operand));
    return result;
  }

  // The operands of a chain of one of AND and OR, which is nested to the left.
  void collect_chain(const Node& node, const std::string& name, Operands& chain) const {
    if (node.kind == NodeKind::kCall && node.text == name) {
      for (const Node& operand : node.operands) collect_chain(operand, name, chain);
    } else {
      chain.push_back(translate(node));
    }
  }

  TypedSql call(const Node& node) const {
    if (node.text == "and" || node.text == "or") {
      Operands chain;
      collect_chain(node, node.text, chain);
      return spark::chained(node.text, chain);
    }
    // A function call may have an operator's name.
    const bool function = spark::choice_functions().contains(node.text);
    if (!function && spark::is_operator(node.text)) {
      return spark::apply_operator(node.text, operands(node));
    }
    return spark::call_function(node.text, operands(node));
  }

  const delta::Schema& columns_;
};

}  // namespace

SparkExpression translate_spark_expression(std::string_view text, const delta::Schema& columns,
                                           const std::string& place,
                                           const std::optional<delta::DataType>& type) {
  try {
    TypedSql result = Translation(columns).translate(spark::parse(text));
    if (type && !(spark::is_void(result.type) && type->is_nested())) {
      result = spark::cast(result, *type);
    }
    return {.sql = std::move(result.sql), .type = std::move(result.type)};
  } catch (const base::Error& error) {
    const std::string expression(text);
    throw base::Error(
        error.stage(), "DELTA_UNSUPPORTED_EXPRESSION",
        "the expression (" + expression + ") of " + place + " cannot be kept: " + error.message(),
        {{"expression", expression}, {"place", place}, {"reason", error.message()}});
  }
}

}  // namespace duck
