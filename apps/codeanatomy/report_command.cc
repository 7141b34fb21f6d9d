#include <memory>

#include "apps/codeanatomy/commands.h"
#include "apps/codeanatomy/text_file.h"
#include "apps/codeanatomy/written_files.h"
#include "engine/report/html_report.h"

namespace apps {
namespace {

struct ReportOptions {
  std::string result_file;
  std::string html_file;
};

}  // namespace

void add_report_command(CLI::App& program, ChosenCommand& chosen) {
  const auto options = std::make_shared<ReportOptions>();
  CLI::App* command =
      program.add_subcommand("report", "Write the report of a finished run, for people");
  command->add_option("RESULT.json", options->result_file, "What run --result has written")
      ->required();
  command
      ->add_option("-o,--output", options->html_file,
                   "The HTML file to write; - is standard output")
      ->required()
      ->type_name("FILE.html");
  command->callback([options, &chosen] {
    chosen = [options](const std::stop_token&) {
      check_written_files({{"--output", options->html_file}},
                          {{"the result", options->result_file}});
      const std::string html = engine::html_report(read_text_file(options->result_file));
      write_text_file(options->html_file, html);
    };
  });
}

}  // namespace apps
