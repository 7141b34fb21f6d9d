// The specs that come with the program.
#pragma once

#include <string_view>

namespace apps {

// specs/python-cpg.json, as it was when the program was built. Its locations are relative to the
// folder of a build.
std::string_view python_cpg_spec();

}  // namespace apps
