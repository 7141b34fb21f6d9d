#include "engine/executor/output_locations.h"

#include "base/error.h"
#include "delta/store.h"

namespace engine {
namespace {

[[noreturn]] void refuse(const std::string& table, const std::string& path,
                         const std::string& message) {
  throw base::Error(base::Stage::kValidation, "INVALID_SPEC",
                    "output '" + table + "' at " + path + ": " + message,
                    {{"output", table}, {"path", path}});
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name != "_delta_log" &&
         name.find_first_of(std::string("/\0", 2)) == std::string::npos;
}

std::string location_of(const Spec& spec, const OutputTarget& target, const std::string& path) {
  if (target.delta_location) return *target.delta_location;
  if (const InputRelation* input = spec.find_input(target.table_name)) return input->delta_location;
  if (is_plain_name(target.table_name)) return "./" + target.table_name;
  refuse(target.table_name, path, "has no delta_location, and its name is no folder's name");
}

}  // namespace

std::map<std::string, std::string> output_locations(const Spec& spec) {
  std::map<std::string, std::string> by_table;
  std::map<std::string, std::string> table_at;
  for (std::size_t i = 0; i < spec.output_targets.size(); ++i) {
    const OutputTarget& target = spec.output_targets[i];
    const std::string path = "$.output_targets[" + std::to_string(i) + "].delta_location";
    std::string location;
    try {
      location = delta::normalize_location(location_of(spec, target, path));
    } catch (const base::Error& error) {
      if (error.code() == "INVALID_SPEC") throw;
      refuse(target.table_name, path, error.message());
    }
    const auto [other, is_new] = table_at.emplace(location, target.table_name);
    if (!is_new) {
      refuse(target.table_name, path,
             "is written to " + location + ", as output '" + other->second + "' is");
    }
    by_table[target.table_name] = location;
  }
  return by_table;
}

}  // namespace engine
