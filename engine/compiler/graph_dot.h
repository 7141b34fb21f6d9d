// What a run reads, computes and writes, as a picture.
#pragma once

#include <string>

#include "engine/compiler/compile.h"

namespace engine {

// The run's tasks in Graphviz' dot language: inputs, views (shared ones with a double border),
// outputs.
std::string graph_dot(const Spec& spec, const CompiledSpec& compiled);

}  // namespace engine
