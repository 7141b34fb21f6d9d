#include "duck/widened_columns.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "delta/rule_keys.h"
#include "duck/spark/parser.h"

namespace duck {
namespace {

// Whether one is the other, or a part of it.
bool overlap(const delta::FieldPath& left, const delta::FieldPath& right) {
  const std::size_t both = std::min(left.size(), right.size());
  return std::equal(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(both), right.begin(),
                    base::equal_ignoring_case);
}

bool rests_on(const spark::Node& node, const delta::FieldPath& path) {
  if (node.kind == spark::NodeKind::kColumn) return overlap(node.path, path);
  return std::ranges::any_of(node.operands,
                             [&](const spark::Node& operand) { return rests_on(operand, path); });
}

class Check {
 public:
  Check(const std::string& location, const std::vector<delta::WidenedType>& widened)
      : location_(location), widened_(widened) {}

  void expression(const std::string& text, const std::string& name) const {
    const spark::Node tree = spark::parse(text);
    for (const delta::WidenedType& type : widened_) {
      if (!rests_on(tree, type.path)) continue;
      const std::string column = delta::to_string(type.path);
      std::string message = "cannot write to " + location_ + ": column '" + column;
      message += "' cannot be widened from " + type.from.to_string() + " to " + type.to.to_string();
      message += ", since " + name + " rests on it";
      throw base::Error(base::Stage::kMaterialization, "DELTA_SCHEMA_MISMATCH", message,
                        {{"path", location_}, {"column", column}});
    }
  }

 private:
  const std::string& location_;
  const std::vector<delta::WidenedType>& widened_;
};

}  // namespace

void check_widened_columns(const std::string& location, const delta::Schema& schema,
                           const delta::Metadata& metadata,
                           const std::vector<delta::WidenedType>& widened) {
  if (widened.empty()) return;
  const Check check(location, widened);
  for (const auto& [key, expression] : metadata.configuration) {
    if (!key.starts_with(delta::kConstraintPrefix)) continue;
    check.expression(expression,
                     "the CHECK constraint '" + key.substr(delta::kConstraintPrefix.size()) + "'");
  }
  for (const delta::StructField& column : schema.fields) {
    const auto generated = column.metadata.find(delta::kGenerationKey);
    if (generated == column.metadata.end()) continue;
    check.expression(generated->get<std::string>(), "the generated column '" + column.name + "'");
  }
}

}  // namespace duck
