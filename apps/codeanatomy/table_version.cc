#include "apps/codeanatomy/table_version.h"

#include "base/error.h"
#include "delta/history.h"
#include "delta/value.h"

namespace apps {
namespace {

delta::Timestamp parse_time(const std::string& text) {
  try {
    const auto type = delta::DataType::primitive(delta::TypeKind::kTimestamp);
    const delta::Value value = delta::parse_partition_value(text, type);
    if (const auto* const time = std::get_if<delta::Timestamp>(&value)) return *time;
  } catch (const base::Error&) {
    // Told below in the words of the command line.
  }
  throw base::Error(base::Stage::kValidation, "USAGE",
                    "--timestamp: '" + text + "' is no time such as 2024-02-29T12:00:00Z");
}

}  // namespace

void TableVersion::add_to(CLI::App& command) {
  auto* const by_version =
      command.add_option("--version", version, "As it was at this version")->type_name("N");
  command
      .add_option("--timestamp", timestamp, "As it was at this time, such as 2024-02-29T12:00:00Z")
      ->type_name("T")
      ->excludes(by_version);
}

std::shared_ptr<const delta::Snapshot> TableVersion::snapshot(duck::Database& database,
                                                              const std::string& path) const {
  if (timestamp.empty()) return database.snapshot(path, version);
  const auto latest = database.snapshot(path, std::nullopt);
  return database.snapshot(path, delta::version_as_of(*latest, parse_time(timestamp)).version);
}

}  // namespace apps
