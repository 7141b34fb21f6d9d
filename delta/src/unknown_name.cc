#include "delta/src/unknown_name.h"

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/near_text.h"

namespace delta {
namespace {

constexpr std::array<std::string_view, 10> kActions = {
    "add", "remove",         "cdc",     "protocol",           "metaData",
    "txn", "domainMetadata", "sidecar", "checkpointMetadata", "commitInfo"};

// Those that an action can lack without being refused for it, and that its meaning depends on.
constexpr std::array<std::pair<std::string_view, std::string_view>, 23> kFields = {{
    {"add", "partitionValues"},
    {"add", "size"},
    {"add", "stats"},
    {"add", "stats_parsed"},
    {"add", "dataChange"},
    {"add", "modificationTime"},
    {"add", "deletionVector"},
    {"add", "baseRowId"},
    {"add", "defaultRowCommitVersion"},
    {"remove", "dataChange"},
    {"remove", "deletionTimestamp"},
    {"remove", "deletionVector"},
    {"deletionVector", "offset"},
    {"deletionVector", "sizeInBytes"},
    {"deletionVector", "cardinality"},
    {"cdc", "partitionValues"},
    {"metaData", "partitionColumns"},
    {"metaData", "configuration"},
    {"metaData", "createdTime"},
    {"protocol", "readerFeatures"},
    {"protocol", "writerFeatures"},
    {"domainMetadata", "configuration"},
    {"domainMetadata", "removed"},
}};

[[noreturn]] void refuse(std::string_view name, std::string_view known) {
  throw std::invalid_argument("'" + std::string(name) + "' is '" + std::string(known) +
                              "' with a damaged byte");
}

}  // namespace

void check_unknown_action(std::string_view name) {
  for (const std::string_view known : kActions) {
    if (base::differ_in_one_byte(name, known)) refuse(name, known);
  }
}

void check_unknown_field(std::string_view parent, std::string_view name) {
  for (const auto& [action, known] : kFields) {
    if (action == parent && base::differ_in_one_byte(name, known)) refuse(name, known);
  }
}

}  // namespace delta
