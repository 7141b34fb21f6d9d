#include <fmt/format.h>

#include <memory>
#include <optional>

#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/message.h"
#include "apps/codeanatomy/report_output.h"
#include "base/quantity.h"
#include "delta/vacuum.h"
#include "duck/database.h"

namespace apps {
namespace {

struct VacuumArguments {
  std::string path;
  std::optional<std::int64_t> retention_hours;
  bool dry_run = false;
  bool lite = false;
  ReportFormat format = ReportFormat::kText;
};

std::string text_of(const delta::VacuumReport& report, bool dry_run) {
  std::string text;
  if (dry_run) {
    for (const std::string& file : report.files) text += file + "\n";
  }
  const std::string files =
      base::counted_text(static_cast<std::int64_t>(report.files.size()), "file");
  const std::string size = base::size_text(report.bytes);
  text += dry_run ? fmt::format("dry run: {}, {}, would go", files, size)
                  : fmt::format("removed {}, {}, and {}", files, size,
                                base::counted_text(report.folders, "empty folder"));
  text += fmt::format("; kept for {}\n", base::counted_text(report.retention_hours, "hour"));
  if (!report.note.empty()) text += "note: " + report.note + "\n";
  return text;
}

nlohmann::ordered_json json_of(const delta::VacuumReport& report, bool dry_run) {
  return {{"dry_run", dry_run},        {"retention_hours", report.retention_hours},
          {"files", report.files},     {"bytes", report.bytes},
          {"folders", report.folders}, {"duration_ms", report.duration_ms},
          {"note", report.note}};
}

void run(const VacuumArguments& arguments, const std::stop_token& stop) {
  duck::Database database({});
  const auto snapshot = database.snapshot(arguments.path, std::nullopt);
  const delta::VacuumReport report =
      delta::vacuum(snapshot, {.retention_hours = arguments.retention_hours,
                               .dry_run = arguments.dry_run,
                               .lite = arguments.lite,
                               .stop = stop});
  tell_warnings(report.warnings);
  write_report(arguments.format, text_of(report, arguments.dry_run),
               json_of(report, arguments.dry_run));
}

}  // namespace

void add_delta_vacuum_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto arguments = std::make_shared<VacuumArguments>();
  CLI::App* command =
      delta.add_subcommand("vacuum", "Remove data files that no version in reach needs");
  command->add_option("PATH", arguments->path, "The table's folder")->required();
  command
      ->add_option("--retention-hours", arguments->retention_hours,
                   "Keep what was needed since then; the table's own retention by default, "
                   "168 at least")
      ->check(not_negative())
      ->option_text("N");
  command->add_flag("--dry-run", arguments->dry_run, "Remove nothing, list the files");
  command->add_flag("--lite", arguments->lite, "Look in the log alone, not in the folder");
  add_report_format_option(*command, arguments->format);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const std::stop_token& stop) { run(*arguments, stop); };
  });
}

}  // namespace apps
