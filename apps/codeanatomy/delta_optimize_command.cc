#include <fmt/format.h>

#include <memory>
#include <vector>

#include "apps/codeanatomy/column_list.h"
#include "apps/codeanatomy/database_options.h"
#include "apps/codeanatomy/delta_commands.h"
#include "apps/codeanatomy/message.h"
#include "apps/codeanatomy/report_output.h"
#include "base/quantity.h"
#include "duck/table_optimize.h"

namespace apps {
namespace {

// Sorting takes this much before it spills to disk.
constexpr std::int64_t kMemoryBytes = 2LL << 30;

struct OptimizeArguments {
  std::string path;
  std::string target_size;
  std::vector<std::string> zorder;
  DatabaseOptions database;
  ReportFormat format = ReportFormat::kText;
};

std::string text_of(const duck::TableOptimizeReport& report) {
  if (!report.version) return "nothing to do\n";
  std::string text = fmt::format(
      "version {}: {}, {}, became {}, {}\n", *report.version,
      base::counted_text(report.files_removed, "file"), base::size_text(report.bytes_removed),
      base::counted_text(report.files_added, "file"), base::size_text(report.bytes_added));
  if (report.deletion_vectors_removed > 0) {
    text += fmt::format("without {}\n",
                        base::counted_text(report.deletion_vectors_removed, "deletion vector"));
  }
  return text;
}

nlohmann::ordered_json json_of(const duck::TableOptimizeReport& report) {
  nlohmann::ordered_json json = {{"version", nullptr},
                                 {"files_removed", report.files_removed},
                                 {"bytes_removed", report.bytes_removed},
                                 {"files_added", report.files_added},
                                 {"bytes_added", report.bytes_added},
                                 {"rows", report.rows},
                                 {"bins", report.bins},
                                 {"deletion_vectors_removed", report.deletion_vectors_removed}};
  if (report.version) json["version"] = *report.version;
  return json;
}

void run(const OptimizeArguments& arguments, const std::stop_token& stop) {
  duck::TableOptimizeOptions options{
      .location = arguments.path, .zorder_by = arguments.zorder, .stop = stop};
  if (!arguments.target_size.empty()) {
    options.target_file_bytes = base::parse_size(arguments.target_size);
  }
  duck::Database database(arguments.database.config(kMemoryBytes));
  const duck::TableOptimizeReport report = duck::optimize_table(database, options);
  tell_warnings(report.warnings);
  write_report(arguments.format, text_of(report), json_of(report));
}

}  // namespace

void add_delta_optimize_command(CLI::App& delta, ChosenCommand& chosen) {
  const auto arguments = std::make_shared<OptimizeArguments>();
  CLI::App* command =
      delta.add_subcommand("optimize", "Rewrite small files and deleted rows into larger files");
  command->add_option("PATH", arguments->path, "The table's folder")->required();
  command
      ->add_option("--target-size", arguments->target_size,
                   "The size of the files, such as 128MiB; by default what the table says, "
                   "else 512MiB")
      ->option_text("SIZE");
  add_column_list_option(*command, "--zorder", arguments->zorder,
                         "Columns by whose values rows are to lie together");
  arguments->database.add_to(*command, "one a core", "2GiB");
  add_report_format_option(*command, arguments->format);
  command->callback([arguments, &chosen] {
    chosen = [arguments](const std::stop_token& stop) { run(*arguments, stop); };
  });
}

}  // namespace apps
