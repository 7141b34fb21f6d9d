#include "duck/table_constraint.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "duck/written_table.h"

namespace duck {
namespace {

class TableConstraintTest : public testing::Test {
 protected:
  std::optional<std::int64_t> add(const std::string& name, const std::string& expression) {
    options_.name = name;
    return add_constraint(database_, expression, options_);
  }

  base::Error failure_of_add(const std::string& name, const std::string& expression) {
    try {
      add(name, expression);
    } catch (const base::Error& error) {
      return error;
    }
    return {base::Stage::kRuntime, "NO_ERROR", ""};
  }

  std::map<std::string, std::string> properties() const {
    return table_.snapshot()->metadata().configuration;
  }

  Database database_{{.threads = 2}};
  WrittenTable table_{database_};
  TableConstraintOptions options_{.location = table_.location(), .name = ""};
};

TEST_F(TableConstraintTest, AConstraintThatEveryRowMeetsIsAdded) {
  table_.create("SELECT 1::BIGINT AS id");
  table_.append("SELECT unnest(range(10)) AS id");
  EXPECT_EQ(add("Small_2", "id < 10"), 2);
  EXPECT_EQ(properties().at("delta.constraints.small_2"), "id < 10");
  const delta::Protocol protocol = table_.snapshot()->protocol();
  EXPECT_TRUE(protocol.min_writer_version == 3 ||
              std::ranges::count(protocol.writer_features.value(), "checkConstraints") == 1);
  EXPECT_EQ(protocol.min_reader_version, 1);
  const nlohmann::json info = table_.commit(2).at(0).at("commitInfo");
  EXPECT_EQ(info.at("operation"), "ADD CONSTRAINT");
  EXPECT_EQ(info.at("operationParameters").at("name"), "small_2");
  EXPECT_EQ(info.at("operationParameters").at("expr"), "id < 10");
}

TEST_F(TableConstraintTest, RowsThatDoNotMeetItAreCountedAndShown) {
  table_.create("SELECT 1::BIGINT AS id, 'x' AS name");
  table_.append("SELECT i AS id, 'row ' || i AS name FROM range(10) AS r(i)");
  const base::Error error = failure_of_add("small", "id < 8");
  EXPECT_EQ(error.code(), "DELTA_CONSTRAINT_VIOLATED");
  EXPECT_EQ(error.details().at("violations"), "2");
  EXPECT_EQ(error.details().at("constraint"), "small");
  const std::string& example = error.details().at("example");
  EXPECT_TRUE(example == "id = 8, name = row 8" || example == "id = 9, name = row 9") << example;
  EXPECT_NE(error.message().find(example), std::string::npos);
  EXPECT_EQ(table_.snapshot()->version(), 1);
}

TEST_F(TableConstraintTest, NullIsNotTrue) {
  table_.create("SELECT 1::BIGINT AS id");
  table_.append("SELECT NULL::BIGINT AS id");
  const base::Error error = failure_of_add("positive", "id > 0");
  EXPECT_EQ(error.code(), "DELTA_CONSTRAINT_VIOLATED");
  EXPECT_EQ(error.details().at("example"), "id = NULL");
}

TEST_F(TableConstraintTest, TheSameConstraintAgainChangesNothing) {
  table_.create("SELECT 1::BIGINT AS id");
  EXPECT_EQ(add("positive", "id > 0"), 1);
  EXPECT_EQ(add("POSITIVE", "id > 0"), std::nullopt);
  const base::Error error = failure_of_add("positive", "id > 1");
  EXPECT_EQ(error.code(), "DELTA_CONSTRAINT_EXISTS");
  EXPECT_EQ(error.details().at("expression"), "id > 0");
  EXPECT_EQ(table_.snapshot()->version(), 1);
}

TEST_F(TableConstraintTest, ADroppedConstraintIsGone) {
  table_.create("SELECT 1::BIGINT AS id");
  add("positive", "id > 0");
  add("small", "id < 10");
  options_.name = "Positive";
  EXPECT_EQ(drop_constraint(database_, options_), 3);
  EXPECT_FALSE(properties().contains("delta.constraints.positive"));
  EXPECT_TRUE(properties().contains("delta.constraints.small"));
  EXPECT_EQ(table_.commit(3).at(0).at("commitInfo").at("operation"), "DROP CONSTRAINT");
  try {
    drop_constraint(database_, options_);
    FAIL() << "there is none to drop";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_CONSTRAINT_NOT_FOUND");
  }
}

TEST_F(TableConstraintTest, WhatIsNoConditionOverTheColumnsIsRefused) {
  table_.create("SELECT 1::BIGINT AS id");
  EXPECT_EQ(failure_of_add("c", "id + 1").code(), "USAGE");
  for (const char* other : {"nowhere > 0", "id > 0; DROP TABLE t", "(SELECT true)", "id > "}) {
    EXPECT_EQ(failure_of_add("c", other).code(), "DELTA_UNSUPPORTED_EXPRESSION") << other;
  }
  EXPECT_EQ(failure_of_add("two words", "id > 0").code(), "USAGE");
  EXPECT_EQ(failure_of_add("", "id > 0").code(), "USAGE");
  EXPECT_EQ(table_.snapshot()->version(), 0);
}

}  // namespace
}  // namespace duck
