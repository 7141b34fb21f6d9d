// The style sheet of reports: style.css.
#pragma once

#include <string_view>

namespace engine {

std::string_view report_style();

}  // namespace engine
