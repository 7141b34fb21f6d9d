#include "duck/functions/function_database.h"

namespace duck {
namespace {

class SpanFunctions : public FunctionDatabase {};

TEST_F(SpanFunctions, ASpanHasTheContractsFieldsAndDefaults) {
  EXPECT_EQ(text("typeof(span_make(1, 2))"),
            "STRUCT(bstart BIGINT, bend BIGINT, line_base INTEGER, col_unit VARCHAR, "
            "end_exclusive BOOLEAN)");
  EXPECT_EQ(text("span(1, 2, 1)"),
            "{'bstart': 1, 'bend': 2, 'line_base': 1, 'col_unit': byte, 'end_exclusive': true}");
  EXPECT_EQ(text("span_make(1, 2, 0, 'utf32', false)"),
            "{'bstart': 1, 'bend': 2, 'line_base': 0, 'col_unit': utf32, 'end_exclusive': false}");
}

TEST_F(SpanFunctions, ANullArgumentGivesANullSpan) {
  EXPECT_EQ(text("span_make(NULL, 2)"), "NULL");
  EXPECT_EQ(text("span_make(1, 2, 0, NULL)"), "NULL");
  EXPECT_EQ(text("span_make(NULL, 2).bend"), "NULL");
  EXPECT_EQ(text("count(span_make(i, CASE WHEN i % 2 = 0 THEN i END).bstart) FROM range(10) t(i)"),
            "5");
}

TEST_F(SpanFunctions, MakingSpansLeavesTheArgumentsAsTheyWere) {
  EXPECT_EQ(text("(sum(i), count(span_make(i, nullif(i, 3)))) FROM range(5) t(i)"), "(10, 4)");
}

TEST_F(SpanFunctions, LengthIsEndMinusBegin) {
  EXPECT_EQ(text("span_len(span_make(3, 10))"), "7");
  EXPECT_EQ(text("span_len(span_make(3, 10, 0, 'byte', false))"), "7");
  EXPECT_EQ(text("span_len(span_make(10, 3))"), "-7");
  EXPECT_EQ(text("span_len(NULL)"), "NULL");
  EXPECT_NE(fault("span_len(span_make(-9223372036854775808, 1))").find("exceeds BIGINT"),
            std::string::npos);
}

TEST_F(SpanFunctions, TouchingSpansOverlapWithAnInclusiveEndOnly) {
  EXPECT_EQ(text("span_overlaps(span_make(0, 5), span_make(5, 9))"), "false");
  EXPECT_EQ(text("span_overlaps(span_make(0, 5, 0, 'byte', false), span_make(5, 9))"), "true");
  EXPECT_EQ(text("span_overlaps(span_make(5, 9), span_make(0, 5, 0, 'byte', false))"), "true");
}

TEST_F(SpanFunctions, AnInclusiveEndReachesOneFurther) {
  EXPECT_EQ(text("span_contains(span_make(0, 5), span_make(0, 5, 0, 'byte', false))"), "false");
  EXPECT_EQ(text("span_contains(span_make(0, 4, 0, 'byte', false), span_make(0, 5))"), "true");
  EXPECT_EQ(text("span_contains(span_make(0, 9223372036854775807, 0, 'byte', false), "
                 "span_make(0, 9223372036854775807))"),
            "true");
}

TEST_F(SpanFunctions, ContainsItself) {
  EXPECT_EQ(text("span_contains(span_make(2, 4), span_make(2, 4))"), "true");
  EXPECT_EQ(text("span_contains(span_make(2, 2), span_make(2, 2))"), "true");
}

TEST_F(SpanFunctions, WorkOnColumnsWithNullsAndFiltersAndUnions) {
  connection().Query(
      "CREATE TABLE spans AS SELECT i, CASE WHEN i % 5 = 4 THEN NULL ELSE span_make(i, i + 10) END "
      "AS s FROM range(5000) t(i)");
  EXPECT_EQ(text("sum(span_len(s)) FROM spans WHERE i % 3 = 0"), "13340");
  EXPECT_EQ(text("count(*) FROM spans a JOIN spans b ON span_contains(a.s, b.s) "
                 "WHERE a.i < 100 AND b.i < 100"),
            "80");
}

TEST_F(SpanFunctions, TakeSpansWithOtherFieldsAndIntegerTypes) {
  EXPECT_EQ(text("span_len({'col': 'x', 'BEND': 9::SMALLINT, 'bstart': 2::INTEGER})"), "7");
  EXPECT_EQ(text("span_len({'bstart': 1, 'bend': NULL::BIGINT})"), "NULL");
}

TEST_F(SpanFunctions, WhatIsNoSpanIsRefused) {
  EXPECT_NE(fault("span_len(1)").find("is no span but INTEGER"), std::string::npos);
  EXPECT_NE(fault("span_len({'a': 1})").find("has no bstart and bend"), std::string::npos);
  EXPECT_NE(fault("span_make(1)").find("No function matches"), std::string::npos);
}

}  // namespace
}  // namespace duck
