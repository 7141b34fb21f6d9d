#include "engine/compiler/output_schema.h"

#include "engine/compiler/arrow_type.h"
#include "engine/compiler/type_families.h"
#include "engine/spec/field_reader.h"
#include "engine/spec/json_document.h"

namespace engine {
namespace {

std::string declared_otherwise(const std::string& name, const std::string& declared,
                               const std::string& actual) {
  return "the column " + in_quotes(name) + " is declared as " + declared + ", but is " + actual;
}

}  // namespace

void check_output_schema(const ViewDefinition& view, const Columns& columns,
                         const Lowering& lowering) {
  for (const auto& [name, declared] : view.output_schema) {
    const auto path = field_path(lowering.path() + ".output_schema.columns", name);
    const auto* column = find_column(columns, name);
    if (column == nullptr) {
      const auto* similar = find_but_for_case(columns, name);
      lowering.fail_at(
          path, "the declared column " + in_quotes(name) + " is missing" +
                    (similar != nullptr ? "; there is one spelled " + in_quotes(similar->name)
                                        : "; there are " + list_of_names(columns)));
    }
    const auto type = duckdb_type_of_arrow(declared);
    const auto expected = type ? lowering.types().normalized(*type) : std::nullopt;
    if (!expected) lowering.fail_at(path, in_quotes(declared) + " is not an Arrow type");
    const auto& actual = column->duckdb_type;
    if (*expected == actual) continue;
    const auto difference = declared_otherwise(name, declared, actual);
    if (!castable(actual, *expected)) {
      lowering.fail_at(path, difference + ", which cannot be cast to it");
    }
    lowering.warn(difference, {{"column", name}, {"expected", declared}, {"actual", actual}});
  }
}

}  // namespace engine
