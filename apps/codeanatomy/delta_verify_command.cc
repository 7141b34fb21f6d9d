#include <fmt/format.h>

#include <memory>
#include <optional>

#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/error_line.h"
#include "apps/codeanatomy/text_file.h"
#include "base/error.h"
#include "base/quantity.h"
#include "duck/table_verification.h"

namespace apps {
namespace {

struct VerifyOptions {
  std::string path;
  std::optional<std::int64_t> version;
};

void run(const VerifyOptions& options) {
  duck::Database database({});
  const duck::VerifiedTable table = duck::verify_table(database, options.path, options.version);
  for (const duck::TableFault& fault : table.faults) {
    write_standard_output(one_line(fault.place + ": " + fault.what) + "\n");
  }
  const auto faults = static_cast<std::int64_t>(table.faults.size());
  if (faults > 0) {
    throw base::Error(base::Stage::kRuntime, "DELTA_TABLE_FAULTY",
                      fmt::format("{} in version {} of {}", base::counted_text(faults, "fault"),
                                  table.version, options.path),
                      {{"path", options.path}});
  }
  write_standard_output(fmt::format("version {}: {}, no faults\n", table.version,
                                    base::counted_text(table.files, "file")));
}

}  // namespace

void add_delta_verify_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App* command = delta.add_subcommand(
      "verify", "Check log, files, statistics and deletion vectors against each other");
  command->add_option("PATH", options->path, "The table's folder")->required();
  command->add_option("--version", options->version, "As it was at this version")->type_name("N");
  command->callback(
      [options, &chosen] { chosen = [options](const std::stop_token&) { run(*options); }; });
}

}  // namespace apps
