#include <fmt/format.h>

#include <iterator>
#include <memory>

#include "apps/codeanatomy/commands.h"
#include "apps/codeanatomy/message.h"
#include "apps/codeanatomy/run_summary.h"
#include "apps/codeanatomy/session_options.h"
#include "apps/codeanatomy/text_file.h"
#include "base/quantity.h"
#include "engine/executor/pipeline.h"

namespace apps {
namespace {

struct ValidateOptions {
  std::string spec_file;
  SessionOptions session;
};

void validate(const ValidateOptions& options, const std::stop_token& stop) {
  const engine::Spec spec = engine::parse_spec(read_text_file(options.spec_file));
  engine::validate_spec(spec);
  engine::ExecutionContext context = engine::prepare_execution_context(
      spec, options.session.profile, options.session.overrides(), {.stop = stop});
  const engine::CompiledSpec compiled = engine::check_run(spec, context);
  tell("{}{}", warnings_text(context.warnings), warnings_text(compiled.warnings));
  write_standard_output(fmt::format("{} is valid: {}, {}, {}\n", options.spec_file,
                                    base::counted_text(std::ssize(spec.input_relations), "input"),
                                    base::counted_text(std::ssize(spec.view_definitions), "view"),
                                    base::counted_text(std::ssize(spec.output_targets), "output")));
}

}  // namespace

void add_validate_command(CLI::App& program, ChosenCommand& chosen) {
  const auto options = std::make_shared<ValidateOptions>();
  CLI::App* command =
      program.add_subcommand("validate", "Check a spec, its inputs included, without running it");
  command->add_option("SPEC.json", options->spec_file, "The spec")->required();
  options->session.add_to(*command);
  command->callback([options, &chosen] {
    chosen = [options](const std::stop_token& stop) { validate(*options, stop); };
  });
}

}  // namespace apps
