// One action of the log, from JSON: PROTOCOL.md, "Actions".
#pragma once

#include <simdjson.h>

#include <string_view>

#include "delta/src/action_selection.h"
#include "delta/src/action_sink.h"

namespace delta {

// Gives the action `name` with the fields of `value` to `sink`, if it is among the selected ones.
// Fields that are not known are passed over. False when there is no action of that name.
//
// Throws std::invalid_argument for a field of another type than the protocol's and for one that is
// missing, simdjson::simdjson_error and nlohmann::json::exception for what is no JSON: the caller
// knows the file and the line.
bool parse_action(std::string_view name, simdjson::ondemand::value value, ActionSelection selection,
                  ActionSink& sink);

}  // namespace delta
