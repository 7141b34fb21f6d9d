#include "delta/src/type_change.h"

#include <gtest/gtest.h>

namespace delta {
namespace {

const DataType kLong = DataType::primitive(TypeKind::kLong);
const DataType kInteger = DataType::primitive(TypeKind::kInteger);

std::string change(const DataType& before, const DataType& after, bool allows_widening = false) {
  return changed_type({{{"a", before}}}, {{{"a", after}}}, allows_widening).value_or("none");
}

TEST(TypeChangeTest, IsFoundHoweverDeep) {
  EXPECT_EQ(change(kInteger, kLong), "a");
  EXPECT_EQ(change(DataType::decimal(5, 2), DataType::decimal(6, 2)), "a");
  EXPECT_EQ(change(DataType::struct_of({{"x", kInteger}}), DataType::struct_of({{"x", kLong}})),
            "a.x");
  EXPECT_EQ(change(DataType::array_of(kInteger, true), DataType::array_of(kLong, true)),
            "a.element");
  EXPECT_EQ(change(DataType::map_of(kInteger, kLong, true), DataType::map_of(kLong, kLong, true)),
            "a.key");
  EXPECT_EQ(change(DataType::map_of(kLong, kInteger, true), DataType::map_of(kLong, kLong, true)),
            "a.value");
}

TEST(TypeChangeTest, IsNoneWhereColumnsComeAndGo) {
  EXPECT_EQ(change(kLong, kLong), "none");
  EXPECT_EQ(change(DataType::primitive(TypeKind::kVoid), kLong), "none");
  EXPECT_EQ(change(DataType::struct_of({{"x", kLong}}),
                   DataType::struct_of({{"y", kInteger}, {"x", kLong}})),
            "none");
  EXPECT_FALSE(changed_type({{{"a", kLong}}}, {{{"b", kInteger}}}, false));
}

TEST(TypeChangeTest, IsNoneToAWiderTypeWhereThatIsAllowed) {
  EXPECT_EQ(change(kInteger, kLong, true), "none");
  EXPECT_EQ(change(DataType::array_of(kInteger, true), DataType::array_of(kLong, true), true),
            "none");
  EXPECT_EQ(change(kLong, kInteger, true), "a");
  EXPECT_EQ(change(DataType::decimal(5, 2), DataType::decimal(6, 4), true), "a");
}

}  // namespace
}  // namespace delta
