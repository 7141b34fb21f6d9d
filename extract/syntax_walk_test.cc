#include "extract/syntax_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "extract/facts_of_test_source.h"
#include "extract/python_parser.h"

namespace extract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Nodes, ArePreorderOrdinalsWithParentFieldAndDepth) {
  const TestFacts facts("f(a)\n");
  EXPECT_THAT(facts.nodes(), ElementsAre("module",                 //
                                         " expression_statement",  //
                                         "  call",                 //
                                         "   identifier function",
                                         "   argument_list arguments",  //
                                         "    identifier"));
  const NodeRows& rows = facts.batch().nodes;
  EXPECT_THAT(rows.node_id, ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_THAT(rows.parent_id.values, ElementsAre(0, 0, 1, 2, 2, 4));
  EXPECT_THAT(rows.parent_id.valid, ElementsAre(0, 1, 1, 1, 1, 1));
  EXPECT_THAT(rows.bstart, ElementsAre(0, 0, 0, 0, 1, 2));
  EXPECT_THAT(rows.bend, ElementsAre(5, 4, 4, 1, 4, 3));
}

TEST(Nodes, KnowTheirFieldInAMatchBlock) {
  EXPECT_THAT(TestFacts("match a:\n  case 1:\n    b\n").nodes(),
              testing::Contains("   case_clause alternative"));
}

TEST(Nodes, IncludeComments) {
  EXPECT_THAT(TestFacts("# x\n").nodes(), ElementsAre("module", " comment"));
}

TEST(Nodes, OfAnEmptyFileAreTheModuleAlone) {
  const TestFacts facts("");
  EXPECT_THAT(facts.nodes(), ElementsAre("module"));
  EXPECT_THAT(facts.batch().nodes.bend, ElementsAre(0));
}

TEST(Nodes, CountBytesNotCharacters) {
  const TestFacts facts("\xC3\xA9 = 1\n");
  EXPECT_THAT(facts.batch().references.bend, ElementsAre(2));
}

TEST(Nodes, StartBehindAByteOrderMark) {
  const TestFacts facts("\xEF\xBB\xBFx = 1\n");
  EXPECT_THAT(facts.references(), ElementsAre("store x"));
  EXPECT_THAT(facts.batch().references.bstart, ElementsAre(3));
  EXPECT_THAT(facts.batch().errors.bstart, IsEmpty());
}

TEST(Definitions, AreFunctionsClassesAndMethods) {
  EXPECT_THAT(TestFacts("def f(): pass\n"
                        "async def g(): pass\n"
                        "class C:\n"
                        "  def m(self): pass\n")
                  .definitions(),
              ElementsAre("function f", "function g", "class C", "method C.m"));
}

TEST(Definitions, InADecoratedOrConditionalPartOfAClassBodyAreMethods) {
  EXPECT_THAT(TestFacts("class C:\n"
                        "  @property\n"
                        "  def a(self): pass\n"
                        "  if X:\n"
                        "    def b(self): pass\n"
                        "  try:\n"
                        "    pass\n"
                        "  finally:\n"
                        "    def c(self): pass\n")
                  .definitions(),
              ElementsAre("class C", "method C.a", "method C.b", "method C.c"));
}

TEST(Definitions, AreNamedByTheChainOfDefinitionsAroundThem) {
  EXPECT_THAT(TestFacts("class Outer:\n"
                        "  def method(self):\n"
                        "    def inner():\n"
                        "      class Local:\n"
                        "        def m(self): pass\n"
                        "  class Nested:\n"
                        "    def n(self): pass\n"
                        "def f(): pass\n")
                  .definitions(),
              ElementsAre("class Outer", "method Outer.method", "function Outer.method.inner",
                          "class Outer.method.inner.Local", "method Outer.method.inner.Local.m",
                          "class Outer.Nested", "method Outer.Nested.n", "function f"));
}

TEST(Definitions, SpanFromTheKeywordWithoutDecorators) {
  const TestFacts facts("@d\ndef f(): pass\n");
  EXPECT_THAT(facts.batch().definitions.bstart, ElementsAre(3));
  EXPECT_THAT(facts.batch().definitions.bend, ElementsAre(16));
}

TEST(Definitions, EndAfterCommentsThatAreIndentedAsTheirBodies) {
  const TestFacts facts("class A:\n  def f(self):\n    pass\n    # of f\n  # of A\n# of none\n");
  EXPECT_THAT(facts.batch().definitions.bend, ElementsAre(52, 43));
}

TEST(Calls, AreNamedByANameOrAnAttributeChainOnAName) {
  EXPECT_THAT(TestFacts("f()\nos.path.join(a)\nawait g()\n").callees(),
              ElementsAre("f", "os.path.join", "g"));
}

TEST(Calls, OnAnotherExpressionAreNamedByTheAttributesAfterADot) {
  EXPECT_THAT(TestFacts("super().__init__()\n"
                        "', '.join(x)\n"
                        "a[0].b.c()\n")
                  .callees(),
              ElementsAre(".__init__", "super", ".join", ".b.c"));
}

TEST(Calls, OfAnotherExpressionHaveNoName) {
  EXPECT_THAT(TestFacts("f()()\nx[0]()\n(lambda: 1)()\n").callees(),
              ElementsAre("NULL", "f", "NULL", "NULL"));
}

TEST(Calls, AreNamedThroughParentheses) {
  EXPECT_THAT(TestFacts("(f)()\n(a.b).c()\n").callees(), ElementsAre("f", "a.b.c"));
}

TEST(Calls, AreNamedWithoutWhiteSpaceAndComments) {
  EXPECT_THAT(TestFacts("(a\n  .b  # one\n  .c())\n").callees(), ElementsAre("a.b.c"));
}

TEST(Calls, OfALongAttributeChainDoNotExhaustTheStack) {
  std::string chain = "a";
  for (int i = 0; i < 20000; ++i) chain += ".b";
  EXPECT_THAT(TestFacts(chain + "()\n").callees(), ElementsAre(chain));
}

TEST(Calls, SpanTheWholeExpression) {
  const TestFacts facts("x = f(1)\n");
  EXPECT_THAT(facts.batch().calls.bstart, ElementsAre(4));
  EXPECT_THAT(facts.batch().calls.bend, ElementsAre(8));
}

// The grammar takes these for type alias statements.
TEST(Calls, OfTypeInATargetSpanTheNameAndTheArguments) {
  const TestFacts facts("type(a).b = c\ntype (a)(b).c = d(e)\ntype()[0] = 1\ntype[a] = b\n");
  EXPECT_THAT(facts.callees(), ElementsAre("type", "type", "NULL", "d", "type"));
  const CallRows& rows = facts.batch().calls;
  EXPECT_THAT(rows.bstart, ElementsAre(0, 14, 19, 30, 35));
  EXPECT_THAT(rows.bend, ElementsAre(7, 22, 25, 34, 41));
  for (const std::size_t call : {0, 1, 4}) {
    const auto node = static_cast<std::size_t>(rows.node_id[call]);
    EXPECT_THAT(facts.batch().nodes.kind[node],
                testing::AnyOf("parenthesized_expression", "tuple"));
    EXPECT_EQ(facts.batch().nodes.bend[node], rows.bend[call]);
  }
}

TEST(Calls, OnWhatACallOfTypeInATargetGivesAreNamedByTheAttributes) {
  EXPECT_THAT(TestFacts("type(a.b).c(d).e = f\n").callees(), ElementsAre("type", ".c"));
}

TEST(ScopeDeclarations, AreTheNamesOfGlobalAndNonlocalStatements) {
  const TestFacts facts("def f():\n  global a, b\n  def g():\n    nonlocal c\n");
  EXPECT_THAT(facts.scope_declarations(), ElementsAre("global a", "global b", "nonlocal c"));
  EXPECT_THAT(facts.batch().scope_declarations.bstart, ElementsAre(18, 21, 47));
  EXPECT_THAT(facts.batch().scope_declarations.bend, ElementsAre(19, 22, 48));
}

TEST(Imports, GiveOneRowForEachModule) {
  EXPECT_THAT(TestFacts("import a, b.c as d\n").imports(),
              ElementsAre("a|NULL|NULL", "b.c|NULL|d"));
}

TEST(Imports, FromAModuleGiveOneRowForEachName) {
  EXPECT_THAT(TestFacts("from a.b import c, d as e\nfrom m import (x, y,)\n").imports(),
              ElementsAre("a.b|c|NULL", "a.b|d|e", "m|x|NULL", "m|y|NULL"));
}

TEST(Imports, KeepTheDotsOfARelativeModule) {
  EXPECT_THAT(TestFacts("from . import a\nfrom ..x import y as z\nfrom . . w import v\n").imports(),
              ElementsAre(".|a|NULL", "..x|y|z", "..w|v|NULL"));
}

TEST(Imports, OfEverythingAreNamedByTheStar) {
  EXPECT_THAT(TestFacts("from . import *\n").imports(), ElementsAre(".|*|NULL"));
}

TEST(Imports, FromTheFutureAreImportsToo) {
  EXPECT_THAT(TestFacts("from __future__ import annotations as a, division\n").imports(),
              ElementsAre("__future__|annotations|a", "__future__|division|NULL"));
}

TEST(Imports, AreFoundInsideBlocksAndFunctions) {
  EXPECT_THAT(TestFacts("try:\n"
                        "  import a\n"
                        "except ImportError:\n"
                        "  a = None\n"
                        "def f():\n"
                        "  if x:\n"
                        "    from b import c\n")
                  .imports(),
              ElementsAre("a|NULL|NULL", "b|c|NULL"));
}

TEST(Imports, SpanTheirOwnPartOfTheStatement) {
  const TestFacts facts("import a, b as c\n");
  EXPECT_THAT(facts.batch().imports.bstart, ElementsAre(7, 10));
  EXPECT_THAT(facts.batch().imports.bend, ElementsAre(8, 16));
}

TEST(Imports, AreNoReferences) {
  EXPECT_THAT(TestFacts("import a.b as c\nfrom .d import e as f, g\n").references(), IsEmpty());
}

TEST(Errors, AreTheNodesThatTheParserCouldNotPlace) {
  const TestFacts facts("x = = 1\n");
  const ErrorRows& rows = facts.batch().errors;
  ASSERT_THAT(rows.node_id.values, ElementsAre(testing::Gt(0)));
  EXPECT_EQ(facts.batch().nodes.kind[static_cast<std::size_t>(rows.node_id.values[0])], "ERROR");
}

TEST(Errors, NameTheParentOfATokenThatIsMissing) {
  const TestFacts facts("def f(:\n  pass\n");
  const ErrorRows& rows = facts.batch().errors;
  ASSERT_THAT(rows.node_id.values, testing::SizeIs(1));
  EXPECT_EQ(rows.bstart[0], rows.bend[0]);
  EXPECT_EQ(facts.batch().nodes.kind[static_cast<std::size_t>(rows.node_id.values[0])],
            "parameters");
}

TEST(Errors, LeaveTheRestOfTheFileReadable) {
  EXPECT_THAT(TestFacts("def f():\n  x = )\n\ndef g():\n  h()\n").callees(), ElementsAre("h"));
}

TEST(Errors, AreNotThereInGoodCode) {
  EXPECT_THAT(TestFacts("def f(a, /, *, b: int = 1) -> None: ...\n").batch().errors.bstart,
              IsEmpty());
}

TEST(Walk, GoesDownAnyDepthOfNesting) {
  const int depth = 20000;
  const TestFacts facts(std::string(depth, '[') + std::string(depth, ']') + "\n");
  EXPECT_THAT(facts.batch().nodes.depth, testing::Contains(depth + 1));
}

TEST(Walk, ReadsLatin1NamesInAFileThatDeclaresThem) {
  const TestFacts facts(
      "# -*- coding: latin-1 -*-\nstra\xDF"
      "e = 1\n");
  EXPECT_THAT(facts.references(), ElementsAre("store stra\xC3\x9F"
                                              "e"));
  EXPECT_THAT(facts.batch().references.bend, ElementsAre(32));
}

TEST(Walk, FlushesWheneverThatManyNodesAreThere) {
  FactBatch batch;
  SourceContent content;
  const std::string python = "a\nb\nc\n";
  content.bytes.assign(python.begin(), python.end());
  SourceText& source = batch.add_source("test.py", content);
  std::vector<std::size_t> sizes;
  SyntaxWalk walk(batch, 3, [&] {
    sizes.push_back(batch.nodes.node_id.size());
    batch.clear_rows();
  });
  walk.add_facts(source, *PythonParser(nullptr).parse(source));
  EXPECT_THAT(sizes, ElementsAre(3, 3));
  EXPECT_THAT(batch.nodes.node_id, ElementsAre(6));
}

}  // namespace
}  // namespace extract
