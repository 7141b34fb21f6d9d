#include "engine/executor/run_identity.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

TableRegistration input(const std::string& name, std::int64_t version) {
  TableRegistration table;
  table.name = name;
  table.version = version;
  table.identity = provider_identity(name, "/tables/" + name, version, false);
  return table;
}

TEST(RunIdentity, IsThatOfSpecInputsAndTags) {
  const base::Digest spec = base::blake3("spec");
  const std::string run = run_identity(spec, {input("a", 1), input("b", 2)}, {});
  EXPECT_EQ(run.size(), 64U);
  EXPECT_EQ(run, run_identity(spec, {input("a", 1), input("b", 2)}, {}));
  EXPECT_NE(run, run_identity(base::blake3("other"), {input("a", 1), input("b", 2)}, {}));
  EXPECT_NE(run, run_identity(spec, {input("a", 1), input("b", 3)}, {}));
  EXPECT_NE(run, run_identity(spec, {input("a", 1)}, {}));
  EXPECT_NE(run, run_identity(spec, {input("a", 1), input("b", 2)}, {{"attempt", "2"}}));
}

}  // namespace
}  // namespace engine
