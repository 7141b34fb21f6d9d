#include "engine/executor/output_locations.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/error.h"

namespace engine {
namespace {

OutputTarget target(const std::string& name, std::optional<std::string> location = std::nullopt) {
  OutputTarget target;
  target.table_name = name;
  target.delta_location = std::move(location);
  return target;
}

std::string refusal(const Spec& spec) {
  try {
    output_locations(spec);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "INVALID_SPEC");
    EXPECT_EQ(error.stage(), base::Stage::kValidation);
    return error.details().at("path");
  }
  return "not refused";
}

TEST(OutputLocations, AreAbsoluteAndRelativeToTheCurrentFolder) {
  Spec spec;
  spec.output_targets = {target("a", "/data/a/"), target("b", "out/b")};
  const auto locations = output_locations(spec);
  EXPECT_EQ(locations.at("a"), "/data/a");
  EXPECT_EQ(locations.at("b"), (std::filesystem::current_path() / "out/b").string());
}

TEST(OutputLocations, FallBackOnTheInputOfTheSameName) {
  Spec spec;
  spec.input_relations = {{.logical_name = "a", .delta_location = "/data/in"}};
  spec.output_targets = {target("a")};
  EXPECT_EQ(output_locations(spec).at("a"), "/data/in");
}

TEST(OutputLocations, FallBackOnTheTablesNameInTheCurrentFolder) {
  Spec spec;
  spec.output_targets = {target("a")};
  EXPECT_EQ(output_locations(spec).at("a"), (std::filesystem::current_path() / "a").string());
}

TEST(OutputLocations, RefuseANameThatNamesNoFolder) {
  Spec spec;
  spec.output_targets = {target("fine"), target("../a")};
  EXPECT_EQ(refusal(spec), "$.output_targets[1].delta_location");
}

TEST(OutputLocations, RefuseTwoOutputsInOneFolder) {
  Spec spec;
  spec.output_targets = {target("a", "/data/x"), target("b", "file:///data/x/")};
  EXPECT_EQ(refusal(spec), "$.output_targets[1].delta_location");
}

TEST(OutputLocations, RefuseALocationThatNoStoreServes) {
  Spec spec;
  spec.output_targets = {target("a", "gopher://data/x")};
  EXPECT_EQ(refusal(spec), "$.output_targets[0].delta_location");
}

}  // namespace
}  // namespace engine
