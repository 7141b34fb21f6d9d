#include <fmt/format.h>

#include <memory>

#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/message.h"
#include "apps/codeanatomy/report_output.h"
#include "base/quantity.h"
#include "delta/checkpoint.h"
#include "duck/database.h"

namespace apps {
namespace {

struct CheckpointArguments {
  std::string path;
  ReportFormat format = ReportFormat::kText;
};

std::string text_of(const delta::CheckpointResult& result) {
  if (!result.written) return fmt::format("version {} has a checkpoint already\n", result.version);
  return fmt::format("version {}: checkpoint of {}, {}, {}\n", result.version,
                     base::counted_text(result.actions, "action"),
                     base::counted_text(result.live_files, "live file"),
                     base::size_text(result.bytes));
}

nlohmann::ordered_json json_of(const delta::CheckpointResult& result) {
  nlohmann::ordered_json json = {
      {"version", result.version}, {"written", result.written}, {"path", result.path}};
  if (result.written) {
    json["actions"] = result.actions;
    json["live_files"] = result.live_files;
    json["bytes"] = result.bytes;
  }
  return json;
}

void run(const CheckpointArguments& arguments, const std::stop_token& stop) {
  duck::Database database({});
  const auto snapshot = database.snapshot(arguments.path, std::nullopt);
  const delta::CheckpointResult result = delta::write_checkpoint(*snapshot, {.stop = stop});
  tell_warnings(result.warnings);
  write_report(arguments.format, text_of(result), json_of(result));
}

}  // namespace

void add_delta_checkpoint_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto arguments = std::make_shared<CheckpointArguments>();
  CLI::App* command =
      delta.add_subcommand("checkpoint", "Write a checkpoint of the table's latest version");
  command->add_option("PATH", arguments->path, "The table's folder")->required();
  add_report_format_option(*command, arguments->format);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const std::stop_token& stop) { run(*arguments, stop); };
  });
}

}  // namespace apps
