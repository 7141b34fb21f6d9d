#include "engine/executor/shared_view_lifetimes.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

CompiledOutput output(const std::string& name, std::vector<std::string> shared_views) {
  CompiledOutput output;
  output.target.table_name = name;
  output.shared_views = std::move(shared_views);
  return output;
}

std::vector<std::string> names(const std::vector<const SharedView*>& views) {
  std::vector<std::string> names;
  for (const SharedView* view : views) names.push_back(view->name);
  return names;
}

using Names = std::vector<std::string>;

// low is read by high through the view between, which is not shared; out_c reads low only.
CompiledSpec sample() {
  CompiledSpec compiled;
  compiled.shared_views = {{.name = "low"}, {.name = "high"}, {.name = "unused"}};
  compiled.outputs.push_back(output("out_a", {"high"}));
  compiled.outputs.push_back(output("out_b", {"high"}));
  compiled.outputs.push_back(output("out_c", {"low"}));
  compiled.outputs.push_back(output("out_d", {}));
  compiled.dependency_map = {{"low", {"input"}},    {"between", {"low"}}, {"high", {"between"}},
                             {"unused", {"input"}}, {"out_a", {"high"}},  {"out_b", {"high"}},
                             {"out_c", {"low"}}};
  compiled.schedule.execution_order = {"input", "low",   "between", "high",
                                       "out_d", "out_b", "out_a",   "out_c"};
  return compiled;
}

TEST(SharedViewLifetimes, OutputsRunInTheSchedulesOrder) {
  const CompiledSpec compiled = sample();
  Names order;
  for (const CompiledOutput* entry : outputs_in_order(compiled)) {
    order.push_back(entry->target.table_name);
  }
  EXPECT_EQ(order, (Names{"out_d", "out_b", "out_a", "out_c"}));
}

TEST(SharedViewLifetimes, ViewsAreFoundBelowViewsThatAreNotShared) {
  const auto reads = reads_of_shared_views(sample());
  EXPECT_EQ(reads.at("high"), std::set<std::string>{"low"});
  EXPECT_TRUE(reads.at("low").empty());
}

TEST(SharedViewLifetimes, EachViewIsComputedOnceBeforeItsFirstReader) {
  const CompiledSpec compiled = sample();
  const auto steps = plan_shared_views(compiled, outputs_in_order(compiled));
  EXPECT_EQ(names(steps[0].compute), Names{});
  EXPECT_EQ(names(steps[1].compute), (Names{"low", "high"}));
  EXPECT_EQ(names(steps[2].compute), Names{});
  EXPECT_EQ(names(steps[3].compute), Names{});
}

TEST(SharedViewLifetimes, EachViewIsLetGoAfterItsLastReader) {
  const CompiledSpec compiled = sample();
  const auto steps = plan_shared_views(compiled, outputs_in_order(compiled));
  EXPECT_EQ(names(steps[1].drop), Names{});
  EXPECT_EQ(names(steps[2].drop), Names{"high"});
  EXPECT_EQ(names(steps[3].drop), Names{"low"});
}

TEST(SharedViewLifetimes, AViewThatOnlyAnotherViewReadsGoesWhenThatOneIsComputed) {
  CompiledSpec compiled = sample();
  compiled.outputs[2].shared_views = {};
  const auto steps = plan_shared_views(compiled, outputs_in_order(compiled));
  EXPECT_EQ(names(steps[1].drop), Names{"low"});
}

}  // namespace
}  // namespace engine
