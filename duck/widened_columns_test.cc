#include "duck/widened_columns.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace duck {
namespace {

using delta::DataType;
using delta::TypeKind;

// The message that the check of one widened column ends with; "" when it passes.
std::string refusal(const delta::FieldPath& path, const std::string& constraint,
                    const std::string& generation = "") {
  const DataType integer = DataType::primitive(TypeKind::kInteger);
  delta::Schema schema{{{"a", integer}, {"g", integer}}};
  if (!generation.empty()) schema.fields[1].metadata["delta.generationExpression"] = generation;
  delta::Metadata metadata;
  if (!constraint.empty()) metadata.configuration = {{"delta.constraints.c", constraint}};
  try {
    check_widened_columns("t", schema, metadata,
                          {{path, integer, DataType::primitive(TypeKind::kLong)}});
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_SCHEMA_MISMATCH");
    return error.message();
  }
  return "";
}

TEST(WidenedColumns, ThoseOfConstraintsAreRefused) {
  EXPECT_EQ(refusal({"a"}, "b > 0 AND (A + 1) > 0"),
            "cannot write to t: column 'a' cannot be widened from integer to long, since the CHECK "
            "constraint 'c' rests on it");
  EXPECT_EQ(refusal({"a"}, "b > 0"), "");
  EXPECT_EQ(refusal({"a"}, ""), "");
}

TEST(WidenedColumns, ThoseOfGeneratedColumnsAreRefused) {
  EXPECT_EQ(refusal({"a"}, "", "a * 2"),
            "cannot write to t: column 'a' cannot be widened from integer to long, since the "
            "generated column 'g' rests on it");
  EXPECT_EQ(refusal({"b"}, "", "a * 2"), "");
}

TEST(WidenedColumns, FieldsAreToldApart) {
  EXPECT_NE(refusal({"a", "x"}, "a.x > 0"), "");
  EXPECT_NE(refusal({"a", "x"}, "a IS NOT NULL"), "");
  EXPECT_NE(refusal({"a", "x", "element"}, "a.X IS NOT NULL"), "");
  EXPECT_EQ(refusal({"a", "x"}, "a.y > 0"), "");
}

}  // namespace
}  // namespace duck
