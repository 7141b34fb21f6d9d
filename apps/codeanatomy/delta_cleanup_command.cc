#include <fmt/format.h>

#include <memory>

#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/report_output.h"
#include "base/quantity.h"
#include "delta/log_cleanup.h"
#include "duck/database.h"

namespace apps {
namespace {

struct CleanupArguments {
  std::string path;
  ReportFormat format = ReportFormat::kText;
};

std::string text_of(const delta::LogCleanupReport& report) {
  std::string text =
      fmt::format("removed {} of the log, {}\n",
                  base::counted_text(static_cast<std::int64_t>(report.files.size()), "file"),
                  base::size_text(report.bytes));
  if (report.first_kept_version) {
    text +=
        fmt::format("it begins with the checkpoint of version {}\n", *report.first_kept_version);
  }
  if (!report.note.empty()) text += "note: " + report.note + "\n";
  return text;
}

nlohmann::ordered_json json_of(const delta::LogCleanupReport& report) {
  nlohmann::ordered_json json = {{"first_kept_version", nullptr},
                                 {"files", report.files},
                                 {"bytes", report.bytes},
                                 {"note", report.note}};
  if (report.first_kept_version) json["first_kept_version"] = *report.first_kept_version;
  return json;
}

void run(const CleanupArguments& arguments, const std::stop_token& stop) {
  duck::Database database({});
  const auto snapshot = database.snapshot(arguments.path, std::nullopt);
  const delta::LogCleanupReport report = delta::clean_up_log(*snapshot, {.stop = stop});
  write_report(arguments.format, text_of(report), json_of(report));
}

}  // namespace

void add_delta_cleanup_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto arguments = std::make_shared<CleanupArguments>();
  CLI::App* command = delta.add_subcommand(
      "cleanup", "Remove commits and checkpoints that the log no longer needs");
  command->add_option("PATH", arguments->path, "The table's folder")->required();
  add_report_format_option(*command, arguments->format);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const std::stop_token& stop) { run(*arguments, stop); };
  });
}

}  // namespace apps
