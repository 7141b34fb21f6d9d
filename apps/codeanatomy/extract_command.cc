#include <memory>

#include "apps/codeanatomy/commands.h"
#include "apps/codeanatomy/extraction.h"
#include "apps/codeanatomy/session_options.h"
#include "apps/codeanatomy/text_file.h"

namespace apps {
namespace {

struct ExtractCommandOptions {
  ExtractionRequest request;
  ProgressMode progress = ProgressMode::kAuto;
};

}  // namespace

void add_extract_command(CLI::App& program, ChosenCommand& chosen) {
  const auto options = std::make_shared<ExtractCommandOptions>();
  CLI::App* command =
      program.add_subcommand("extract", "Write the syntax facts of Python sources to Delta tables");
  command->add_option("DIR", options->request.source_directory, "The folder with the sources")
      ->required();
  command->add_option("--out", options->request.output_directory, "The folder for the tables")
      ->required()
      ->type_name("DIR");
  command
      ->add_option("--threads", options->request.threads, "How many threads; one a core by default")
      ->check(CLI::Range(1, 4096))
      ->option_text("N");
  add_progress_option(*command, options->progress);
  command->callback([options, &chosen] {
    chosen = [options](const std::stop_token& stop) {
      write_standard_output(
          extracted_tables_text(run_extraction(options->request, options->progress, stop)));
    };
  });
}

}  // namespace apps
