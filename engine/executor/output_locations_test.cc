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

TEST(OutputLocations, RefuseTwoSpellingsOfOneFolder) {
  const auto root = std::filesystem::temp_directory_path() / "codeanatomy-output-locations";
  std::filesystem::create_directories(root / "a");
  if (!std::filesystem::exists(root / "link")) {
    std::filesystem::create_directory_symlink(root / "a", root / "link");
  }
  Spec spec;
  spec.output_targets = {target("a", (root / "a/t").string()),
                         target("b", (root / "link/./t/").string())};
  const std::string path = refusal(spec);
  std::filesystem::remove_all(root);
  EXPECT_EQ(path, "$.output_targets[1].delta_location");
}

TEST(OutputLocations, RefuseAnOutputInsideAnotherOne) {
  Spec spec;
  spec.output_targets = {target("a", "/data/x"), target("b", "/data/x/y")};
  EXPECT_EQ(refusal(spec), "$.output_targets[1].delta_location");
  spec.output_targets = {target("a", "/data/x/y"), target("b", "/data/x")};
  EXPECT_EQ(refusal(spec), "$.output_targets[1].delta_location");
  spec.output_targets = {target("a", "s3://bucket/x/y"), target("b", "s3a://bucket/x")};
  EXPECT_EQ(refusal(spec), "$.output_targets[1].delta_location");
  spec.output_targets = {target("a", "/data/x"), target("b", "/data/xy")};
  EXPECT_EQ(refusal(spec), "not refused");
}

TEST(OutputLocations, RefuseAnOutputInsideOrAroundAnInput) {
  Spec spec;
  spec.input_relations = {{.logical_name = "in", .delta_location = "/data/in"}};
  spec.output_targets = {target("a", "/data/in/a")};
  EXPECT_EQ(refusal(spec), "$.output_targets[0].delta_location");
  spec.output_targets = {target("a", "/data")};
  EXPECT_EQ(refusal(spec), "$.output_targets[0].delta_location");
  spec.output_targets = {target("a", "/data/in/")};
  EXPECT_EQ(refusal(spec), "not refused");
}

TEST(OutputLocations, NameBothTablesThatLieInsideEachOther) {
  Spec spec;
  spec.output_targets = {target("a", "/data/x"), target("b", "/data/x/y")};
  try {
    output_locations(spec);
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_NE(error.message().find("output 'a' at /data/x"), std::string::npos);
    EXPECT_NE(error.message().find("output 'b'"), std::string::npos);
  }
}

TEST(OutputLocations, RefuseALocationThatNoStoreServes) {
  Spec spec;
  for (const std::string& location : {std::string("gopher://data/x"), std::string("a\0b", 3)}) {
    spec.output_targets = {target("a", location)};
    EXPECT_EQ(refusal(spec), "$.output_targets[0].delta_location");
  }
}

}  // namespace
}  // namespace engine
