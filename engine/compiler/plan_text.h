// A plan for people to read.
#pragma once

#include <string>

#include "engine/compiler/plan.h"

namespace engine {

// One line a node, inputs indented below: "Filter kind = 'call'". The text is the same for equal
// plans.
std::string plan_text(const Plan& plan);

}  // namespace engine
