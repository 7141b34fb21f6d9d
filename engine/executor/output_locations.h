// Where a spec's outputs go.
#pragma once

#include <map>
#include <string>

#include "engine/spec/spec.h"

namespace engine {

// Each output's folder by table name, absolute. A relative delta_location is relative to the
// current directory. Without delta_location an output goes to the table of the input of the same
// name, else to the folder <table_name> in the current directory.
// An output may be written to a table that the same run reads: it is read at its version before.
// Throws base::Error INVALID_SPEC at Stage::kValidation (details path, output) when two outputs
// share a folder, also by way of links; when an output lies inside another one or inside an input,
// or has an input inside it, since a vacuum of the outer table would take the inner one's files;
// when a location is served by no store, or when a table name that has to name a folder is no plain
// name.
std::map<std::string, std::string> output_locations(const Spec& spec);

}  // namespace engine
