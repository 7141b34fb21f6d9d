#include "delta/invalid_property.h"

#include "base/error.h"

namespace delta {

void throw_invalid_property(const std::string& property, const std::string& value,
                            const std::string& wrong) {
  throw base::Error(
      base::Stage::kRuntime, "DELTA_PROPERTY_INVALID",
      "the table property " + property + " has the value '" + value + "', which is " + wrong,
      {{"property", property}, {"value", value}});
}

}  // namespace delta
