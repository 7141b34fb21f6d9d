#include "delta/schema.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace delta {
namespace {

// As Spark writes it.
constexpr const char* kEverything =
    R"({"type":"struct","fields":[)"
    R"({"name":"s","type":"string","nullable":true,"metadata":{}},)"
    R"({"name":"l","type":"long","nullable":false,"metadata":{"comment":"a \"b\""}},)"
    R"({"name":"i","type":"integer","nullable":true,"metadata":{}},)"
    R"({"name":"h","type":"short","nullable":true,"metadata":{}},)"
    R"({"name":"y","type":"byte","nullable":true,"metadata":{}},)"
    R"({"name":"f","type":"float","nullable":true,"metadata":{}},)"
    R"({"name":"d","type":"double","nullable":true,"metadata":{}},)"
    R"_({"name":"m","type":"decimal(38,18)","nullable":true,"metadata":{}},)_"
    R"({"name":"b","type":"boolean","nullable":true,"metadata":{}},)"
    R"({"name":"x","type":"binary","nullable":true,"metadata":{}},)"
    R"({"name":"t","type":"date","nullable":true,"metadata":{}},)"
    R"({"name":"p","type":"timestamp","nullable":true,"metadata":{}},)"
    R"({"name":"n","type":"timestamp_ntz","nullable":true,"metadata":{}},)"
    R"({"name":"v","type":"variant","nullable":true,"metadata":{}},)"
    R"({"name":"o","type":"void","nullable":true,"metadata":{}},)"
    R"({"name":"a","type":{"type":"array","elementType":{"type":"struct","fields":[)"
    R"({"name":"é","type":"long","nullable":true,"metadata":{"delta.columnMapping.id":9007199254740993}}]},)"
    R"("containsNull":false},"nullable":true,"metadata":{}},)"
    R"({"name":"k","type":{"type":"map","keyType":"string","valueType":"double","valueContainsNull":true},)"
    R"("nullable":true,"metadata":{}}]})";

TEST(SchemaTest, ReadsAndWritesEveryTypeAsSparkDoes) {
  EXPECT_EQ(to_json(parse_schema(kEverything)), kEverything);
}

TEST(SchemaTest, KnowsTheirParts) {
  const Schema schema = parse_schema(kEverything);
  EXPECT_EQ(schema.find("M")->type.precision(), 38);
  EXPECT_EQ(schema.find("m")->type.scale(), 18);
  EXPECT_FALSE(schema.find("l")->nullable);
  EXPECT_EQ(schema.find("none"), nullptr);
  const DataType& array = schema.find("a")->type;
  EXPECT_FALSE(array.contains_null());
  EXPECT_EQ(array.element().fields()[0].metadata["delta.columnMapping.id"], 9007199254740993);
  EXPECT_EQ(array.to_string(), "array<struct<é:long>>");
  EXPECT_EQ(schema.find("k")->type.to_string(), "map<string,double>");
  EXPECT_EQ(schema.find("m")->type.to_string(), "decimal(38,18)");
}

TEST(SchemaTest, ComparesByContent) {
  const Schema left = parse_schema(kEverything);
  Schema right = parse_schema(kEverything);
  EXPECT_EQ(left, right);
  right.fields[0].metadata["x"] = 1;
  EXPECT_NE(left, right);
}

TEST(SchemaTest, AcceptsDecimalsInEverySpelling) {
  const auto type = [](const std::string& name) {
    return parse_schema(R"({"type":"struct","fields":[{"name":"a","type":")" + name +
                        R"(","nullable":true}]})")
        .fields[0]
        .type;
  };
  EXPECT_EQ(type("decimal"), DataType::decimal(10, 0));
  EXPECT_EQ(type("decimal(5, 2)"), DataType::decimal(5, 2));
}

TEST(SchemaTest, AcceptsTypesOfSparksOwn) {
  const auto type = [](const std::string& json) {
    return parse_schema(R"({"type":"struct","fields":[{"name":"a","type":)" + json +
                        R"(,"nullable":true}]})")
        .fields[0]
        .type;
  };
  EXPECT_EQ(type(R"_("varchar(10)")_"), DataType::primitive(TypeKind::kString));
  EXPECT_EQ(type(R"_("char(3)")_"), DataType::primitive(TypeKind::kString));
  EXPECT_EQ(type(R"("null")"), DataType::primitive(TypeKind::kVoid));
  const std::string fields = R"([{"name":"size","type":"integer","nullable":true}])";
  EXPECT_EQ(type(R"({"type":"udt","class":"org.apache.spark.ml.linalg.VectorUDT",)"
                 R"("sqlType":{"type":"struct","fields":)" +
                 fields + "}}"),
            DataType::struct_of({{"size", DataType::primitive(TypeKind::kInteger)}}));
}

TEST(SchemaTest, RefusesWhatIsNoSchema) {
  for (const std::string type :
       {R"("foo")", R"_("decimal(39,1)")_", R"_("decimal(1,2)")_", R"_("decimal(1)")_",
        R"_("decimal(,)")_", "3", R"({"type":"set"})", R"({"type":"udt"})", R"({"type":"array"})",
        R"({"type":"array","elementType":"long"})",
        R"({"type":"map","keyType":"long","valueType":"long","valueContainsNull":1})",
        R"({"type":"struct","fields":3})"}) {
    const std::string text =
        R"({"type":"struct","fields":[{"name":"a","type":)" + type + R"(,"nullable":true}]})";
    EXPECT_THROW(parse_schema(text), base::Error) << text;
  }
  for (const char* text : {"", "[]", "{}", R"({"type":"long"})", R"({"type":"struct"})",
                           R"({"type":"struct","fields":[3]})",
                           R"({"type":"struct","fields":[{"type":"long","nullable":true}]})",
                           R"({"type":"struct","fields":[{"name":"a","type":"long"}]})"}) {
    EXPECT_THROW(parse_schema(text), base::Error) << text;
  }
}

TEST(SchemaTest, NamesTheColumnThatIsWrong) {
  try {
    parse_schema(
        R"({"type":"struct","fields":[{"name":"a","nullable":true,"type":{"type":"struct",)"
        R"("fields":[{"name":"b","type":"foo","nullable":true}]}}]})");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "DELTA_SCHEMA_INVALID");
    EXPECT_EQ(error.details().at("column"), "a.b");
  }
}

TEST(SchemaTest, RefusesBottomlessNesting) {
  std::string text = R"("long")";
  for (int i = 0; i < 5000; ++i) {
    text.insert(0, R"({"type":"array","containsNull":true,"elementType":)").append("}");
  }
  EXPECT_THROW(parse_schema(R"({"type":"struct","fields":[{"name":"a","nullable":true,"type":)" +
                            text + "}]}"),
               base::Error);
}

}  // namespace
}  // namespace delta
