// Which identifiers are references, and in which context.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "extract/facts_of_test_source.h"

namespace extract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> references(std::string_view python) {
  return TestFacts(python).references();
}

TEST(References, AreLoadedInExpressions) {
  EXPECT_THAT(references("a + b[c]\n"), ElementsAre("load a", "load b", "load c"));
}

TEST(References, AreStoredByAssignment) {
  EXPECT_THAT(references("a = b = c\n"), ElementsAre("store a", "store b", "load c"));
}

TEST(References, AreStoredByUnpacking) {
  EXPECT_THAT(references("a, (b, [*c]) = d\n"),
              ElementsAre("store a", "store b", "store c", "load d"));
}

TEST(References, AreStoredByAugmentedAssignmentAsPythonsAstSays) {
  EXPECT_THAT(references("a += b\n"), ElementsAre("store a", "load b"));
}

TEST(References, AreStoredByAnnotatedAssignmentAndTheAnnotationIsLoaded) {
  EXPECT_THAT(references("a: list[b] = c\nd: e.f\n"),
              ElementsAre("store a", "load list", "load b", "load c", "store d", "load e"));
}

TEST(References, AreStoredByTheWalrus) {
  EXPECT_THAT(references("if (a := b): pass\n"), ElementsAre("store a", "load b"));
}

TEST(References, AreStoredByForWithAndExcept) {
  EXPECT_THAT(references("for a, b in c: pass\n"), ElementsAre("store a", "store b", "load c"));
  EXPECT_THAT(references("with a as b, c as (d, e): pass\n"),
              ElementsAre("load a", "store b", "load c", "store d", "store e"));
  EXPECT_THAT(references("try: pass\nexcept (A, B) as e: pass\n"),
              ElementsAre("load A", "load B", "store e"));
}

TEST(References, AreStoredByComprehensions) {
  EXPECT_THAT(references("[a for a, *b in c if d]\n"),
              ElementsAre("load a", "store a", "store b", "load c", "load d"));
}

TEST(References, AreStoredByParametersAndDefaultsAreLoaded) {
  EXPECT_THAT(references("def f(a, b=c, *d, e: g = h, **i) -> j: pass\n"),
              ElementsAre("store a", "store b", "load c", "store d", "store e", "load g", "load h",
                          "store i", "load j"));
  EXPECT_THAT(references("lambda x, *y, z=w: x\n"),
              ElementsAre("store x", "store y", "store z", "load w", "load x"));
}

TEST(References, AreTheObjectsOfAttributesAndSubscriptsThatAreAssigned) {
  EXPECT_THAT(references("a.b = c\nd[e] = f\n"),
              ElementsAre("load a", "load c", "load d", "load e", "load f"));
}

TEST(References, AreDeleted) {
  EXPECT_THAT(references("del a, (b, [c]), d.e, f[g]\n"),
              ElementsAre("del a", "del b", "del c", "load d", "load f", "load g"));
}

TEST(References, AreNotAttributesOrKeywords) {
  EXPECT_THAT(references("a.b.c(d=e)\n"), ElementsAre("load a", "load e"));
}

TEST(References, AreNotTheNamesOfDefinitions) {
  EXPECT_THAT(references("def f(): pass\nclass C(B, metaclass=M): pass\n"),
              ElementsAre("load B", "load M"));
}

TEST(References, AreNotGlobalOrNonlocalDeclarations) {
  EXPECT_THAT(references("def f():\n  global a\n  nonlocal b\n"), IsEmpty());
}

TEST(References, AreLoadedInDecoratorsAndFormattedStrings) {
  EXPECT_THAT(references("@a.b(c)\ndef f(): pass\n"), ElementsAre("load a", "load c"));
  EXPECT_THAT(references("f'{a!r:>{b}} {c}'\n"), ElementsAre("load a", "load b", "load c"));
}

TEST(References, AreStoredByBareNamesInMatchPatterns) {
  EXPECT_THAT(references("match a:\n  case b: pass\n"), ElementsAre("load a", "store b"));
  EXPECT_THAT(references("match a:\n  case [b, *c] | {'k': d, **e}: pass\n"),
              ElementsAre("load a", "store b", "store c", "store d", "store e"));
  EXPECT_THAT(references("match a:\n  case int() as b if c: pass\n"),
              ElementsAre("load a", "load int", "store b", "load c"));
}

TEST(References, AreLoadedByDottedNamesAndClassesInMatchPatterns) {
  EXPECT_THAT(references("match a:\n  case B.c: pass\n"), ElementsAre("load a", "load B"));
  EXPECT_THAT(references("match a:\n  case B(c, d=e, f=G.h): pass\n"),
              ElementsAre("load a", "load B", "store c", "store e", "load G"));
}

TEST(References, AreStoredByTypeParametersAndAliases) {
  EXPECT_THAT(references("def f[T: int, *U](a: T): pass\n"),
              ElementsAre("store T", "load int", "store U", "store a", "load T"));
  EXPECT_THAT(references("type A = b\n"), ElementsAre("store A", "load b"));
}

// The grammar takes these for type alias statements.
TEST(References, AreLoadedWhereTypeIsCalledInATarget) {
  EXPECT_THAT(references("type(a).b = c\n"), ElementsAre("load type", "load a", "load c"));
  EXPECT_THAT(references("type(a)[b] = c\n"),
              ElementsAre("load type", "load a", "load b", "load c"));
  EXPECT_THAT(references("type(a).b[c].d = e.f\n"),
              ElementsAre("load type", "load a", "load c", "load e"));
}

TEST(References, AreLoadedWhereAnItemOfTypeIsStored) {
  EXPECT_THAT(references("type[a] = b\n"), ElementsAre("load type", "load a", "load b"));
  EXPECT_THAT(references("type[a][b] = c\n"),
              ElementsAre("load type", "load a", "load b", "load c"));
}

TEST(References, ToTypeSpanTheName) {
  const TestFacts facts("type (a).b = c\n");
  EXPECT_THAT(facts.batch().references.bstart, ElementsAre(0, 6, 13));
  EXPECT_THAT(facts.batch().references.bend, ElementsAre(4, 7, 14));
}

TEST(References, MayBeSoftKeywords) {
  EXPECT_THAT(references("match = type(case)\n"),
              ElementsAre("store match", "load type", "load case"));
}

}  // namespace
}  // namespace extract
