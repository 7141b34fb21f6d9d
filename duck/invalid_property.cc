#include "duck/invalid_property.h"

#include "base/error.h"

namespace duck {

void throw_invalid_property(const std::string& property, const std::string& value,
                            const std::string& wrong) {
  throw base::Error(
      base::Stage::kMaterialization, "DELTA_PROPERTY_INVALID",
      "the table property " + property + " has the value '" + value + "', which is " + wrong,
      {{"property", property}, {"value", value}});
}

}  // namespace duck
