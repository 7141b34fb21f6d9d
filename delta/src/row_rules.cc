#include "delta/src/row_rules.h"

#include <algorithm>
#include <map>
#include <string>

#include "delta/rule_keys.h"
#include "delta/schema.h"

namespace delta {
namespace {

std::map<std::string, std::string> row_rules(const Metadata& metadata) {
  std::map<std::string, std::string> rules;
  for (const auto& [key, value] : metadata.configuration) {
    if (key.starts_with(kConstraintPrefix)) rules.emplace(key, value);
  }
  for (const StructField& field : parse_schema(metadata.schema_string).fields) {
    if (!field.nullable) rules.emplace("not null " + field.name, "");
    const auto invariant = field.metadata.find(kInvariantsKey);
    if (invariant != field.metadata.end()) rules.emplace(field.name, invariant->dump());
  }
  return rules;
}

}  // namespace

bool has_new_row_rule(const Metadata& before, const Metadata& after) {
  const auto old = row_rules(before);
  const auto now = row_rules(after);
  return std::any_of(now.begin(), now.end(), [&](const auto& rule) {
    const auto there = old.find(rule.first);
    return there == old.end() || there->second != rule.second;
  });
}

}  // namespace delta
