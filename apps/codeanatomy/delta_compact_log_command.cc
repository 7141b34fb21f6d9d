#include <fmt/format.h>

#include <memory>
#include <optional>

#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/report_output.h"
#include "base/quantity.h"
#include "delta/log_compaction.h"
#include "duck/database.h"

namespace apps {
namespace {

struct CompactLogArguments {
  std::string path;
  std::optional<std::int64_t> first_version;
  std::optional<std::int64_t> last_version;
  ReportFormat format = ReportFormat::kText;
};

std::string versions_of(const delta::LogCompactionResult& result) {
  return fmt::format("versions {} to {}", result.first_version, result.last_version);
}

std::string text_of(const delta::LogCompactionResult& result) {
  if (result.first_version >= result.last_version) {
    return fmt::format("version {}: fewer than two commits after the last checkpoint\n",
                       result.last_version);
  }
  if (!result.written) return versions_of(result) + " have a log compaction already\n";
  return fmt::format("{}: log compaction of {}, {}\n", versions_of(result),
                     base::counted_text(result.actions, "action"), base::size_text(result.bytes));
}

nlohmann::ordered_json json_of(const delta::LogCompactionResult& result) {
  nlohmann::ordered_json json = {
      {"first_version", result.first_version},
      {"last_version", result.last_version},
      {"written", result.written},
      {"path", result.path.empty() ? nlohmann::ordered_json(nullptr)
                                   : nlohmann::ordered_json(result.path)}};
  if (result.written) {
    json["actions"] = result.actions;
    json["bytes"] = result.bytes;
  }
  return json;
}

// Without a first version, the commits that readers open after the checkpoint: there may be none
// to speak of.
delta::LogCompactionResult compact(const CompactLogArguments& arguments,
                                   const delta::Snapshot& snapshot, const std::stop_token& stop) {
  if (arguments.first_version) {
    return delta::compact_log(snapshot, *arguments.first_version, stop);
  }
  const std::int64_t first = snapshot.checkpoint_version().value_or(-1) + 1;
  if (first < snapshot.version()) return delta::compact_log(snapshot, first, stop);
  return {.first_version = first, .last_version = snapshot.version()};
}

void run(const CompactLogArguments& arguments, const std::stop_token& stop) {
  duck::Database database({});
  const auto snapshot = database.snapshot(arguments.path, arguments.last_version);
  const delta::LogCompactionResult result = compact(arguments, *snapshot, stop);
  write_report(arguments.format, text_of(result), json_of(result));
}

}  // namespace

void add_delta_compact_log_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto arguments = std::make_shared<CompactLogArguments>();
  CLI::App* command = delta.add_subcommand(
      "compact-log", "Write several commits into one file that readers open in their place");
  command->add_option("PATH", arguments->path, "The table's folder")->required();
  command
      ->add_option("--from", arguments->first_version,
                   "The first version; that after the last checkpoint when not given")
      ->type_name("N")
      ->check(not_negative());
  command
      ->add_option("--to", arguments->last_version,
                   "The last version; the table's latest when not given")
      ->type_name("N")
      ->check(not_negative());
  add_report_format_option(*command, arguments->format);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const std::stop_token& stop) { run(*arguments, stop); };
  });
}

}  // namespace apps
