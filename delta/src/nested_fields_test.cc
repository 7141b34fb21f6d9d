#include "delta/src/nested_fields.h"

#include <gtest/gtest.h>

#include <string>

namespace delta {
namespace {

DataType of(TypeKind kind) { return DataType::primitive(kind); }

DataType with_field(const std::string& name) {
  return DataType::struct_of({{name, of(TypeKind::kLong)}});
}

Schema nested() {
  return {{{"a", DataType::struct_of({{"b", with_field("c")}})},
           {"d", DataType::array_of(with_field("e"), true)},
           {"f", DataType::map_of(with_field("g"), with_field("h"), true)}}};
}

TEST(NestedFieldsTest, AreVisitedOuterOnesFirst) {
  std::string names;
  each_field(nested().fields, [&](const StructField& field) { names += field.name; });
  EXPECT_EQ(names, "abcdefgh");
}

TEST(NestedFieldsTest, AreLookedForInEveryPart) {
  const DataType date = of(TypeKind::kDate);
  const DataType text = of(TypeKind::kString);
  for (const DataType& type :
       {date, DataType::array_of(date, true), DataType::map_of(date, text, true),
        DataType::map_of(text, DataType::struct_of({{"a", text}, {"b", date}}), true)}) {
    EXPECT_TRUE(contains_kind(type, TypeKind::kDate)) << type.to_string();
    EXPECT_FALSE(contains_kind(type, TypeKind::kVariant)) << type.to_string();
  }
}

}  // namespace
}  // namespace delta
