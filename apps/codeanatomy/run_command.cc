#include <cstdio>
#include <memory>

#include "apps/codeanatomy/commands.h"
#include "apps/codeanatomy/progress_display.h"
#include "apps/codeanatomy/run_summary.h"
#include "apps/codeanatomy/session_options.h"
#include "apps/codeanatomy/spec_run.h"
#include "apps/codeanatomy/text_file.h"

namespace apps {
namespace {

struct RunOptions {
  std::string spec_file;
  std::string runtime_file;
  RunFiles files;
  SessionOptions session;
  ProgressMode progress = ProgressMode::kAuto;
};

void run(const RunOptions& options, const std::stop_token& stop) {
  engine::Spec spec = engine::parse_spec(read_text_file(options.spec_file));
  if (!options.runtime_file.empty()) {
    spec.runtime = engine::parse_runtime(read_text_file(options.runtime_file));
  }
  options.files.check({{"the spec", options.spec_file}, {"--runtime", options.runtime_file}});
  FinishedRun finished = run_spec(spec, options.session, options.progress, stop);
  report_run(finished, options.files);
}

}  // namespace

void add_run_command(CLI::App& program, ChosenCommand& chosen) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App* command =
      program.add_subcommand("run", "Run a spec: read its inputs, write its outputs");
  command->add_option("SPEC.json", options->spec_file, "The spec")->required();
  command
      ->add_option("--result", options->files.result,
                   "Write the RunResult as JSON; - is standard output")
      ->type_name("FILE");
  command->add_option("--report", options->files.report, "Write a report of the run for people")
      ->type_name("FILE.html");
  command->add_option("--runtime", options->runtime_file, "Replace the spec's runtime by this one")
      ->type_name("FILE.json");
  options->session.add_to(*command);
  add_progress_option(*command, options->progress);
  command->callback([options, &chosen] {
    chosen = [options](const std::stop_token& stop) { run(*options, stop); };
  });
}

}  // namespace apps
