#include "delta/src/type_widening.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace delta {
namespace {

DataType type(const std::string& name) { return parse_type(nlohmann::json(name)); }

bool widens(const std::string& from, const std::string& to) {
  return is_widening(type(from), type(to));
}

TEST(TypeWidening, AllowsTheChangesOfTheProtocol) {
  for (const char* to : {"short", "integer", "long", "double", "decimal(10,0)", "decimal(12,2)"}) {
    EXPECT_TRUE(widens("byte", to)) << to;
  }
  for (const char* to : {"integer", "long", "double", "decimal(10,0)", "decimal(38,28)"}) {
    EXPECT_TRUE(widens("short", to)) << to;
  }
  for (const char* to : {"long", "double", "decimal(10,0)", "decimal(11,1)"}) {
    EXPECT_TRUE(widens("integer", to)) << to;
  }
  EXPECT_TRUE(widens("long", "decimal(20,0)"));
  EXPECT_TRUE(widens("long", "decimal(22,2)"));
  EXPECT_TRUE(widens("float", "double"));
  EXPECT_TRUE(widens("date", "timestamp_ntz"));
  EXPECT_TRUE(widens("decimal(6,2)", "decimal(7,2)"));
  EXPECT_TRUE(widens("decimal(6,2)", "decimal(8,4)"));
  EXPECT_TRUE(widens("void", "string"));
}

TEST(TypeWidening, AllowsNoOther) {
  EXPECT_FALSE(widens("long", "integer"));
  EXPECT_FALSE(widens("long", "double"));
  EXPECT_FALSE(widens("integer", "float"));
  EXPECT_FALSE(widens("integer", "decimal(9,0)"));
  EXPECT_FALSE(widens("integer", "decimal(11,2)"));
  EXPECT_FALSE(widens("long", "decimal(19,0)"));
  EXPECT_FALSE(widens("double", "float"));
  EXPECT_FALSE(widens("date", "timestamp"));
  EXPECT_FALSE(widens("timestamp_ntz", "date"));
  EXPECT_FALSE(widens("decimal(6,2)", "decimal(6,3)"));
  EXPECT_FALSE(widens("decimal(6,2)", "decimal(10,1)"));
  EXPECT_FALSE(widens("integer", "string"));
  EXPECT_FALSE(widens("string", "integer"));
}

Schema changed(const std::string& from, const std::string& to) {
  StructField inner{"x", type(to)};
  inner.metadata["delta.typeChanges"] =
      nlohmann::json::array({{{"fromType", from}, {"toType", to}}});
  return {{{"list", DataType::array_of(DataType::struct_of({inner}), true)}}};
}

TEST(TypeWidening, TheHistoryOfEveryFieldIsChecked) {
  EXPECT_NO_THROW(check_type_changes(changed("integer", "long")));
  try {
    check_type_changes(changed("long", "string"));
    FAIL() << "the change was accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_UNSUPPORTED_FEATURE");
    EXPECT_EQ(error.details().at("feature"), "typeWidening");
    EXPECT_NE(error.message().find("'x' was changed from long to string"), std::string::npos)
        << error.message();
  }
}

TEST(TypeWidening, AChangeWithoutTypesIsRefused) {
  StructField field{"x", type("long")};
  field.metadata["delta.typeChanges"] = nlohmann::json::array({nlohmann::json::object()});
  EXPECT_THROW(check_type_changes({{field}}), base::Error);
}

}  // namespace
}  // namespace delta
