#include "engine/executor/lineage.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

LineageContext sample() {
  LineageContext lineage;
  lineage.envelope.contract.spec_hash = base::blake3("spec");
  lineage.rulepack_profile = "Default";
  lineage.run_started_at = "2026-11-22T09:42:05Z";
  lineage.lineage_tags = {{"team", "graph"}};
  return lineage;
}

TEST(CommitProperties, NameTheRun) {
  const auto properties = commit_properties(sample(), {});
  EXPECT_EQ(properties.at("codeanatomy.spec_hash"), base::to_hex(base::blake3("spec")));
  EXPECT_EQ(properties.at("codeanatomy.envelope_hash").size(), 64u);
  EXPECT_EQ(properties.at("codeanatomy.run_started_at"), "2026-11-22T09:42:05Z");
  EXPECT_EQ(properties.at("codeanatomy.lineage_tag.team"), "graph");
  EXPECT_EQ(properties.size(), 8u);
}

TEST(CommitProperties, NameTheRuntimeProfileWhenThereIsOne) {
  LineageContext lineage = sample();
  lineage.runtime_profile = "nightly";
  EXPECT_EQ(commit_properties(lineage, {}).at("codeanatomy.runtime_profile"), "nightly");
}

TEST(CommitProperties, HoldTheOutputsMetadataButKeepTheRunsOwn) {
  const auto properties =
      commit_properties(sample(), {{"owner", "me"}, {"codeanatomy.spec_hash", "forged"}});
  EXPECT_EQ(properties.at("owner"), "me");
  EXPECT_NE(properties.at("codeanatomy.spec_hash"), "forged");
}

}  // namespace
}  // namespace engine
