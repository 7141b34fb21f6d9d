// Properties of a table as a caller may set them: PROTOCOL.md, "Table Properties" of the features,
// and the further keys that Delta's own writers know.
#pragma once

#include <map>
#include <string>

namespace delta {

// `properties` as they go into a table. A key that is Delta's in any case gets the spelling that
// readers look for, and its value is checked by what the key takes; keys that do not begin with
// "delta." are the caller's own. Pure, so safe from any thread. Throws base::Error
//   DELTA_PROPERTY_INVALID     (details["property"]) a value that the key does not take, a "delta."
//                              key that Delta has not, one that only the library sets, or one that
//                              is given in two spellings
//   DELTA_UNSUPPORTED_FEATURE  (details["feature"]) one that switches on what is not written
std::map<std::string, std::string> settable_properties(
    const std::map<std::string, std::string>& properties);

}  // namespace delta
