#include <gtest/gtest.h>

#include "base/error.h"
#include "engine/spec/spec.h"
#include "engine/spec/spec_sample.h"

namespace engine {
namespace {

using nlohmann::json;
using Pointer = json::json_pointer;

base::Error error_of(const std::string& text) {
  try {
    parse_spec(text);
  } catch (const base::Error& error) {
    return error;
  }
  return {base::Stage::kRuntime, "NO_ERROR", "the spec was accepted"};
}

base::Error error_of(const json& spec) { return error_of(spec.dump()); }

// The sample with the value at `pointer` replaced.
json changed(const std::string& pointer, const json& value) {
  auto spec = sample_spec();
  spec[Pointer(pointer)] = value;
  return spec;
}

void expect_fault(const json& spec, const std::string& path, const std::string& words) {
  const auto error = error_of(spec);
  EXPECT_EQ(error.code(), "INVALID_SPEC_JSON") << error.message();
  EXPECT_EQ(error.stage(), base::Stage::kValidation);
  ASSERT_TRUE(error.details().contains("path"));
  EXPECT_EQ(error.details().at("path"), path);
  EXPECT_NE(error.message().find(path), std::string::npos) << error.message();
  EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
}

TEST(SpecParser, ReadsEveryPartOfASpec) {
  const auto spec = parse_spec(sample_spec().dump());
  EXPECT_EQ(spec.version, 4);
  ASSERT_EQ(spec.view_definitions.size(), 2U);
  const auto& filter = std::get<Filter>(spec.view_definitions[0].transform);
  EXPECT_EQ(filter.predicate, "x > 1");
  EXPECT_EQ(spec.view_definitions[1].output_schema.at("x"), "Int64");
  EXPECT_EQ(spec.output_targets[0].materialization_mode, MaterializationMode::kOverwrite);
  EXPECT_EQ(spec.find_view("b"), &spec.view_definitions[1]);
  EXPECT_EQ(spec.find_view("calls"), nullptr);
  EXPECT_EQ(spec.find_input("calls"), &spec.input_relations[0]);
}

TEST(SpecParser, FillsInDefaultsInTheCanonicalForm) {
  const auto canonical = json::parse(canonical_json(parse_spec(sample_spec().dump())));
  EXPECT_EQ(canonical.at("input_relations")[0].at("version_pin"), nullptr);
  EXPECT_EQ(canonical.at("output_targets")[0].at("write_metadata"), json::object());
  EXPECT_EQ(canonical.at(Pointer("/runtime/tracing/record_metrics")), true);
  EXPECT_EQ(canonical.at("maintenance"), nullptr);
  EXPECT_FALSE(canonical.contains("spec_hash"));
}

TEST(SpecParser, HashesTheSameSpecInAnyOrderAndLayoutTheSame) {
  const auto hash = parse_spec(sample_spec().dump()).spec_hash;
  EXPECT_EQ(hash, parse_spec(sample_spec().dump(2)).spec_hash);
  auto reordered = nlohmann::ordered_json::object();
  const auto sample = sample_spec();
  std::vector<std::string> keys;
  for (const auto& [key, value] : sample.items()) keys.push_back(key);
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) reordered[*key] = sample[*key];
  EXPECT_EQ(hash, parse_spec(reordered.dump()).spec_hash);
  EXPECT_EQ(hash, parse_spec(changed("/runtime", json::object()).dump()).spec_hash);
  EXPECT_NE(hash, parse_spec(changed("/version", 5).dump()).spec_hash);
}

TEST(SpecParser, KeepsRuleParametersAsTheyCame) {
  auto text = sample_spec().dump();
  const std::string empty = R"("rule_intents":[])";
  text.replace(text.find(empty), empty.size(),
               R"("rule_intents":[{"name":"r","class":"Safety","params":
                  {"b":-0,"a":1.0,"b":[18446744073709551615,18446744073709551616,1e2,-0.0]}}])");
  EXPECT_NE(canonical_json(parse_spec(text))
                .find(R"("params":{"a":1.0,"b":[18446744073709551615,1.8446744073709552e+19,)"
                      R"(100.0,-0.0]})"),
            std::string::npos);
}

TEST(SpecParser, TurnsAnIntegerIntoAFloatWhereAFloatStands) {
  const auto spec = changed("/typed_parameters", json::parse(R"([
      {"target": {"kind": "PlaceholderPos", "position": 1},
       "value": {"value": 5, "type": "Float64"}}])"));
  EXPECT_NE(canonical_json(parse_spec(spec.dump())).find(R"("value":5.0)"), std::string::npos);
}

TEST(SpecParser, NamesAnUnknownFieldWithItsPath) {
  expect_fault(changed("/view_definitions/1/transform/colums", "x"),
               "$.view_definitions[1].transform.colums", "unknown field");
  expect_fault(changed("/extra field", 1), R"($["extra field"])", "unknown field");
  expect_fault(changed("/runtime", {{"tracing", {{"enabeld", true}}}}), "$.runtime.tracing.enabeld",
               "unknown field");
}

TEST(SpecParser, NamesAMissingFieldWithItsPath) {
  auto spec = sample_spec();
  spec["view_definitions"][1]["transform"].erase("columns");
  expect_fault(spec, "$.view_definitions[1].transform.columns", "is missing");
  spec = sample_spec();
  spec["view_definitions"][0]["transform"].erase("kind");
  expect_fault(spec, "$.view_definitions[0].transform.kind", "is missing");
  expect_fault(changed("/cache_policy", json::object()), "$.cache_policy.min_fanout", "is missing");
}

TEST(SpecParser, RefusesARepeatedField) {
  auto text = sample_spec().dump();
  text.insert(1, R"("version": 4,)");
  const auto error = error_of(text);
  EXPECT_EQ(error.details().at("path"), "$.version");
  EXPECT_NE(error.message().find("repeated"), std::string::npos);
}

TEST(SpecParser, RefusesARepeatedKeyOfAMap) {
  auto text = changed("/view_definitions/1/output_schema/columns", {{"x", "Int64"}}).dump();
  const std::string column = R"("columns":{"x":"Int64")";
  text.insert(text.find(column) + column.size(), R"(,"x":"Utf8")");
  const auto error = error_of(text);
  EXPECT_EQ(error.details().at("path"), "$.view_definitions[1].output_schema.columns.x");
  EXPECT_NE(error.message().find("repeated"), std::string::npos);
}

TEST(SpecParser, TakesAnyKeysInFreeMaps) {
  const auto spec =
      parse_spec(changed("/output_targets/0/write_metadata", {{"any key", "1"}, {"", "2"}}).dump());
  EXPECT_EQ(spec.output_targets[0].write_metadata.size(), 2U);
}

TEST(SpecParser, NamesAWrongTypeWithItsPath) {
  expect_fault(changed("/input_relations/0/version_pin", "x"), "$.input_relations[0].version_pin",
               "expected an integer, found a string");
  expect_fault(changed("/input_relations/0/version_pin", 1.0), "$.input_relations[0].version_pin",
               "expected an integer, found a number");
  expect_fault(changed("/view_definitions", json::object()), "$.view_definitions",
               "expected an array, found an object");
  expect_fault(changed("/output_targets/0/partition_by", {1}),
               "$.output_targets[0].partition_by[0]", "expected a string, found an integer");
  expect_fault(changed("/input_relations/0/requires_lineage", nullptr),
               "$.input_relations[0].requires_lineage", "expected a boolean, found null");
  expect_fault(json::array(), "$", "expected an object, found an array");
}

TEST(SpecParser, RefusesNumbersOutOfRange) {
  expect_fault(changed("/output_targets/0/max_commit_retries", -1),
               "$.output_targets[0].max_commit_retries", "expected an integer from 0");
  expect_fault(changed("/output_targets/0/max_commit_retries", 1LL << 32),
               "$.output_targets[0].max_commit_retries", "found 4294967296");
  expect_fault(changed("/input_relations/0/version_pin", 1ULL << 63),
               "$.input_relations[0].version_pin", "9223372036854775807");
  expect_fault(changed("/version", 1LL << 32), "$.version", "4294967295");
}

TEST(SpecParser, NamesAnUnknownEnumValueAndTheKnownOnes) {
  expect_fault(changed("/rulepack_profile", "default"), "$.rulepack_profile",
               R"("default" is not one of Default, LowLatency, Replay, Strict)");
  expect_fault(changed("/view_definitions/0/transform/kind", "Nope"),
               "$.view_definitions[0].transform.kind", R"("Nope" is not one of Normalize, Relate)");
  expect_fault(changed("/runtime", {{"tracing", {{"otlp_protocol", "http"}}}}),
               "$.runtime.tracing.otlp_protocol", "http/protobuf, http/json, grpc");
}

TEST(SpecParser, RefusesSpanColumnsThatAreNotAPair) {
  const json normalize = {{"kind", "Normalize"},
                          {"source", "calls"},
                          {"id_columns", json::array()},
                          {"span_columns", {"bstart"}},
                          {"text_columns", json::array()}};
  expect_fault(changed("/view_definitions/0/transform", normalize),
               "$.view_definitions[0].transform.span_columns", "two columns");
}

TEST(SpecParser, RanksAnUnknownFieldBeforeAWrongTypeBeforeTheVersion) {
  auto spec = changed("/version", 3);
  EXPECT_EQ(error_of(spec).code(), "SPEC_VERSION_UNSUPPORTED");
  spec["rulepack_profile"] = 1;
  expect_fault(spec, "$.rulepack_profile", "expected a string");
  spec["zebra"] = 1;
  expect_fault(spec, "$.zebra", "unknown field");
}

TEST(SpecParser, RefusesOldVersionsAndEmptySpecsByCode) {
  EXPECT_EQ(error_of(changed("/version", -1)).code(), "SPEC_VERSION_UNSUPPORTED");
  EXPECT_EQ(error_of(changed("/view_definitions", json::array())).code(),
            "SPEC_MISSING_VIEW_DEFINITIONS");
  EXPECT_EQ(error_of(changed("/output_targets", json::array())).code(),
            "SPEC_MISSING_OUTPUT_TARGETS");
  EXPECT_EQ(error_of(changed("/parameter_templates", json::array())).code(),
            "LEGACY_PARAMETER_TEMPLATES_UNSUPPORTED");
}

TEST(SpecParser, SaysWhereTheRuntimeObjectOfACommandLineIsWrong) {
  EXPECT_TRUE(parse_runtime(R"({"compliance_capture": true})").compliance_capture);
  try {
    parse_runtime(R"({"tuner_mode": "on"})", "$.runtime");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.details().at("path"), "$.runtime.tuner_mode");
  }
}

}  // namespace
}  // namespace engine
