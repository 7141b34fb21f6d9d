#include <gtest/gtest.h>

#include "base/error.h"
#include "engine/spec/spec.h"
#include "engine/spec/spec_sample.h"

namespace engine {
namespace {

using nlohmann::json;

json view(const std::string& name, const std::string& source,
          const std::vector<std::string>& dependencies = {}) {
  return {{"name", name},
          {"view_kind", "project"},
          {"view_dependencies", dependencies},
          {"transform", {{"kind", "Project"}, {"source", source}, {"columns", {"x"}}}},
          {"output_schema", {{"columns", json::object()}}}};
}

void expect_fault(const json& spec, const std::string& path, const std::string& words) {
  try {
    validate_spec(parse_spec(spec.dump()));
    ADD_FAILURE() << "the spec was accepted";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "INVALID_SPEC");
    EXPECT_EQ(error.stage(), base::Stage::kValidation);
    EXPECT_EQ(error.details().at("path"), path);
    EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
  }
}

TEST(SpecValidation, AcceptsASoundSpec) {
  EXPECT_NO_THROW(validate_spec(parse_spec(sample_spec().dump())));
}

TEST(SpecValidation, NamesADuplicateView) {
  auto spec = sample_spec();
  spec["view_definitions"].push_back(view("a", "calls"));
  expect_fault(spec, "$.view_definitions[2].name", R"(two views named "a")");
}

TEST(SpecValidation, TakesAViewNamedAsAnInputForADuplicate) {
  auto spec = sample_spec();
  spec["view_definitions"].push_back(view("calls", "a"));
  expect_fault(spec, "$.view_definitions[2].name", R"(both named "calls")");
}

TEST(SpecValidation, NamesADuplicateInput) {
  auto spec = sample_spec();
  spec["input_relations"].push_back(spec["input_relations"][0]);
  expect_fault(spec, "$.input_relations[1].logical_name", R"(two inputs named "calls")");
}

TEST(SpecValidation, RefusesNamesThatAreEmptyOrHaveControlCharacters) {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"input_relations", "logical_name"},
      {"view_definitions", "name"},
      {"output_targets", "table_name"}};
  for (const auto& [list, field] : names) {
    for (const char* bad : {"", "a\nb", "\t", "a\x7f", "a\xc2\x85"}) {
      auto spec = sample_spec();
      spec[list][0][field] = bad;
      expect_fault(spec, "$." + list + "[0]." + field,
                   *bad == '\0' ? "is empty" : "has a control character");
    }
  }
}

TEST(SpecValidation, TakesNamesInAnyScript) {
  for (const char* name : {" ", "a b", "\"", "été", "図", "😀", "\xc2\xa0"}) {
    auto spec = sample_spec();
    spec["output_targets"][0]["table_name"] = name;
    EXPECT_NO_THROW(validate_spec(parse_spec(spec.dump()))) << name;
  }
}

TEST(SpecValidation, NamesADependencyThatIsNoView) {
  auto spec = sample_spec();
  spec["view_definitions"][1]["view_dependencies"] = {"a", "nowhere"};
  expect_fault(spec, "$.view_definitions[1].view_dependencies[1]", R"("nowhere")");
  spec["view_definitions"][1]["view_dependencies"] = {"calls"};
  expect_fault(spec, "$.view_definitions[1].view_dependencies[0]", "is an input, not a view");
}

TEST(SpecValidation, NamesASourceThatIsNeitherViewNorInput) {
  auto spec = sample_spec();
  spec["view_definitions"][0]["transform"]["source"] = "nowhere";
  expect_fault(spec, "$.view_definitions[0].transform.source", R"(reads "nowhere")");
  spec["view_definitions"][0]["transform"] = {{"kind", "Relate"},
                                              {"left", "calls"},
                                              {"right", "nowhere"},
                                              {"join_type", "Inner"},
                                              {"join_keys", json::array()}};
  expect_fault(spec, "$.view_definitions[0].transform.right", R"(reads "nowhere")");
  spec["view_definitions"][0]["transform"] = {{"kind", "Union"},
                                              {"sources", {"calls", "nowhere"}},
                                              {"discriminator_column", nullptr},
                                              {"distinct", false}};
  expect_fault(spec, "$.view_definitions[0].transform.sources[1]", R"(reads "nowhere")");
}

TEST(SpecValidation, NamesADuplicateOutput) {
  auto spec = sample_spec();
  spec["output_targets"].push_back(spec["output_targets"][0]);
  expect_fault(spec, "$.output_targets[1].table_name", R"(two outputs named "out")");
}

TEST(SpecValidation, NamesAnOutputOfAnUnknownView) {
  auto spec = sample_spec();
  spec["output_targets"][0]["source_view"] = "nowhere";
  expect_fault(spec, "$.output_targets[0].source_view", R"(from "nowhere")");
}

TEST(SpecValidation, NamesTheViewsOfACycle) {
  auto spec = sample_spec();
  spec["view_definitions"] = {view("b", "c"), view("c", "d"), view("d", "b"), view("e", "c")};
  spec["view_definitions"][0]["name"] = "b";
  expect_fault(spec, "$.view_definitions[0]", "b → c → d → b");
  spec["view_definitions"] = {view("b", "b")};
  expect_fault(spec, "$.view_definitions[0]", "b → b");
}

TEST(SpecValidation, FindsACycleThroughDeclaredDependencies) {
  auto spec = sample_spec();
  spec["view_definitions"][0]["view_dependencies"] = {"b"};
  expect_fault(spec, "$.view_definitions[0]", "a → b → a");
}

TEST(SpecValidation, ChecksInTheContractsOrder) {
  auto spec = sample_spec();
  spec["view_definitions"] = {view("b", "c"), view("c", "b")};
  spec["output_targets"][0]["source_view"] = "nowhere";
  expect_fault(spec, "$.output_targets[0].source_view", "nowhere");
  spec["output_targets"].push_back(spec["output_targets"][0]);
  expect_fault(spec, "$.output_targets[1].table_name", "two outputs");
  spec["view_definitions"].push_back(view("d", "nothing"));
  expect_fault(spec, "$.view_definitions[2].transform.source", "nothing");
  spec["view_definitions"].push_back(view("e", "b", {"nobody"}));
  expect_fault(spec, "$.view_definitions[3].view_dependencies[0]", "nobody");
  spec["view_definitions"].push_back(view("b", "c"));
  expect_fault(spec, "$.view_definitions[4].name", "two views");
}

TEST(SpecValidation, WalksALongChainOfViews) {
  auto spec = sample_spec();
  spec["view_definitions"] = {view("b", "calls")};
  std::string previous = "b";
  for (int i = 0; i < 5'000; ++i) {
    auto name = "v" + std::to_string(i);
    spec["view_definitions"].push_back(view(name, previous));
    previous = std::move(name);
  }
  EXPECT_NO_THROW(validate_spec(parse_spec(spec.dump())));
}

}  // namespace
}  // namespace engine
