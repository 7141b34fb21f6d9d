#include "apps/codeanatomy/json_numbers.h"

#include <gtest/gtest.h>

#include <string>

namespace apps {
namespace {

TEST(JsonNumbers, BecomeStringsWhereJsonHasNoWord) {
  const std::string given =
      R"({"a":NaN,"b":-Infinity,"c":[Infinity,-1,-0.5e-3,null,true],"NaN":"NaN -Infinity"}
{"\"":NaN,"\\":NaN,"x":"\\\"NaN","y":{"z":-1}}
)";
  const std::string wanted =
      R"({"a":"NaN","b":"-Infinity","c":["Infinity",-1,-0.5e-3,null,true],"NaN":"NaN -Infinity"}
{"\"":"NaN","\\":"NaN","x":"\\\"NaN","y":{"z":-1}}
)";
  EXPECT_EQ(JsonNumbers().rewrite(given), wanted);
  JsonNumbers byte_by_byte;
  std::string found;
  for (const char& byte : given) found += byte_by_byte.rewrite({&byte, 1});
  EXPECT_EQ(found, wanted);
}

}  // namespace
}  // namespace apps
