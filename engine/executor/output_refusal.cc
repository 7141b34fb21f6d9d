#include "engine/executor/output_refusal.h"

#include <algorithm>

#include "base/ascii.h"

namespace engine {
namespace {

// Where the output names the column of the table or of its rows; empty when it takes all columns.
std::string column_field(const OutputTarget& target, const std::string& column) {
  const auto found = std::ranges::find_if(target.columns, [&](const std::string& name) {
    return base::equal_ignoring_case(name, column);
  });
  if (found != target.columns.end()) {
    return ".columns[" + std::to_string(found - target.columns.begin()) + "]";
  }
  return target.columns.empty() ? "" : ".columns";
}

}  // namespace

std::optional<std::string> refused_field(const base::Error& error, const OutputTarget& target,
                                         std::size_t index) {
  const std::string path = "$.output_targets[" + std::to_string(index) + "]";
  if (error.code() == "OUTPUT_LOCATION_INVALID") return path + ".delta_location";
  if (error.code() == "DELTA_APPEND_ONLY") return path + ".materialization_mode";
  if (error.code() != "OUTPUT_SCHEMA_MISMATCH" && error.code() != "DELTA_IDENTITY_NOT_EXPLICIT") {
    return std::nullopt;
  }
  const auto& details = error.details();
  if (details.contains("option")) return path + "." + details.at("option");
  const auto column = details.find("column");
  return column == details.end() ? path : path + column_field(target, column->second);
}

}  // namespace engine
