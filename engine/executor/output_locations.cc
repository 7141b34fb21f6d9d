#include "engine/executor/output_locations.h"

#include <vector>

#include "base/error.h"
#include "delta/store.h"
#include "delta/table_place.h"

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

// A table that the run reads or writes.
struct Place {
  std::string what;  // "output 'a'"
  std::string location;
  std::string resolved;
  bool is_output = false;
};

void check_apart(const Place& place, const Place& other, const std::string& table,
                 const std::string& path) {
  if (place.resolved == other.resolved) {
    if (!other.is_output) return;
    refuse(table, path, "is written to " + place.location + ", as " + other.what + " is");
  }
  const std::string outcome = ", and a vacuum of the outer table takes the inner one's files";
  if (delta::is_inside(place.resolved, other.resolved)) {
    refuse(table, path,
           place.location + " is inside " + other.what + " at " + other.location + outcome);
  }
  if (delta::is_inside(other.resolved, place.resolved)) {
    refuse(table, path,
           other.what + " at " + other.location + " is inside " + place.location + outcome);
  }
}

// Those whose location cannot be read are for whoever registers the inputs to name.
std::vector<Place> input_places(const Spec& spec) {
  std::vector<Place> places;
  for (const InputRelation& input : spec.input_relations) {
    try {
      std::string location = delta::normalize_location(input.delta_location);
      std::string resolved = delta::resolved_location(location);
      places.push_back(
          {"input '" + input.logical_name + "'", std::move(location), std::move(resolved)});
    } catch (const base::Error&) {
      continue;
    }
  }
  return places;
}

}  // namespace

std::map<std::string, std::string> output_locations(const Spec& spec) {
  std::map<std::string, std::string> by_table;
  std::vector<Place> places = input_places(spec);
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
    const Place place{.what = "output '" + target.table_name + "'",
                      .location = location,
                      .resolved = delta::resolved_location(location),
                      .is_output = true};
    for (const Place& other : places) check_apart(place, other, target.table_name, path);
    places.push_back(place);
    by_table[target.table_name] = location;
  }
  return by_table;
}

}  // namespace engine
