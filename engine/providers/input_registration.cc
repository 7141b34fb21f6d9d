#include "engine/providers/input_registration.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"

namespace engine {
namespace {

bool is_wrong_request(const std::string& cause) {
  constexpr std::array<std::string_view, 5> kCauses = {
      "DELTA_TABLE_NOT_FOUND", "DELTA_VERSION_NOT_FOUND", "DELTA_STORE_UNSUPPORTED",
      "DELTA_STORE_NOT_FOUND", "DELTA_STORE_NOT_A_DIRECTORY"};
  return std::ranges::find(kCauses, cause) != kCauses.end();
}

[[noreturn]] void fail(const InputRelation& input, const base::Error& cause) {
  base::Error::Details details = cause.details();
  details["input"] = input.logical_name;
  details["location"] = input.delta_location;
  details["cause"] = cause.code();
  throw base::Error(
      is_wrong_request(cause.code()) ? base::Stage::kValidation : base::Stage::kRuntime,
      "PREPARE_EXECUTION_CONTEXT_FAILED", "input '" + input.logical_name + "': " + cause.message(),
      std::move(details));
}

RunWarning drift(const TableRegistration& table, const std::string& what,
                 std::map<std::string, std::string> context) {
  context["table_name"] = table.name;
  return {WarningCode::kDeltaCompatibilityDrift, WarningStage::kPreflight,
          "input '" + table.name + "' " + what, std::move(context)};
}

bool is_preview(const std::string& feature) {
  return feature.ends_with("-preview") || feature.ends_with("-dev");
}

// What a reader of the same table may understand otherwise, or not yet.
void add_warnings(const TableRegistration& table, std::vector<RunWarning>& warnings) {
  const DeltaCompatibility& compatibility = table.compatibility;
  if (compatibility.column_mapping_mode) {
    warnings.push_back(drift(table, "maps its columns by " + *compatibility.column_mapping_mode,
                             {{"column_mapping_mode", *compatibility.column_mapping_mode}}));
  }
  for (const std::string& feature : compatibility.reader_features) {
    if (!is_preview(feature)) continue;
    warnings.push_back(
        drift(table, "needs the preview feature " + feature, {{"reader_feature", feature}}));
  }
}

TableRegistration open(const InputRelation& input, duck::Database& database) {
  TableRegistration table;
  table.name = input.logical_name;
  table.requires_lineage = input.requires_lineage;
  table.location = delta::normalize_location(input.delta_location);
  table.snapshot = database.snapshot(table.location, input.version_pin);
  table.version = table.snapshot->version();
  table.schema_hash = schema_hash(table.snapshot->schema());
  table.identity =
      provider_identity(table.name, table.location, table.version, table.requires_lineage);
  table.compatibility = compatibility_of(*table.snapshot);
  table.rows = known_rows(*table.snapshot);
  return table;
}

}  // namespace

RegisteredInputs register_inputs(const std::vector<InputRelation>& inputs,
                                 duck::Database& database) {
  std::vector<InputRelation> by_name = inputs;
  std::ranges::sort(by_name, {}, &InputRelation::logical_name);
  RegisteredInputs registered;
  for (const InputRelation& input : by_name) {
    try {
      registered.tables.push_back(open(input, database));
      database.register_table(input.logical_name, registered.tables.back().snapshot);
    } catch (const base::Error& error) {
      fail(input, error);
    }
    add_warnings(registered.tables.back(), registered.warnings);
  }
  return registered;
}

}  // namespace engine
