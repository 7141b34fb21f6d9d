#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <thread>

#include "apps/codeanatomy/commands.h"
#include "apps/codeanatomy/extraction.h"
#include "apps/codeanatomy/machine_memory.h"
#include "apps/codeanatomy/message.h"
#include "apps/codeanatomy/session_options.h"
#include "apps/codeanatomy/shipped_spec.h"
#include "apps/codeanatomy/spec_run.h"
#include "apps/codeanatomy/text_file.h"
#include "base/error.h"
#include "duck/sql_text.h"

namespace apps {
namespace {

namespace fs = std::filesystem;

struct BuildOptions {
  std::string source_directory;
  std::string output_directory;
  RunFiles files;
  // Grouping a big graph's edges takes more memory than the medium profile grants.
  SessionOptions session = {.profile = "large"};
  ProgressMode progress = ProgressMode::kAuto;
};

// The shipped spec with its tables in `folder`.
engine::Spec spec_in(const fs::path& folder) {
  engine::Spec spec = engine::parse_spec(std::string(python_cpg_spec()));
  for (engine::InputRelation& input : spec.input_relations) {
    input.delta_location = (folder / input.delta_location).string();
  }
  for (engine::OutputTarget& output : spec.output_targets) {
    output.delta_location = (folder / output.delta_location.value_or(output.table_name)).string();
  }
  return spec;
}

// A query to begin with, for a shell.
std::string next_step(const fs::path& folder) {
  const std::string table = duck::quote_string((folder / "cpg_nodes").string());
  return fmt::format(
      "Query them:\n  codeanatomy sql \"SELECT node_kind, count(*) AS nodes FROM delta_scan({}) "
      "GROUP BY ALL ORDER BY ALL\"\n",
      table);
}

// One thread a core and no more than three quarters of the memory unless the user says otherwise:
// the profile's numbers are for bigger machines.
SessionOptions session_of(const BuildOptions& options) {
  SessionOptions session = options.session;
  const std::int64_t most = machine_memory() / 4 * 3;
  if (session.database.memory_limit.empty() &&
      engine::environment_profile(session.profile).memory_limit_bytes > most) {
    session.database.memory_limit = std::to_string(most);
  }
  if (session.database.threads == 0) {
    session.database.threads = std::max(1U, std::thread::hardware_concurrency());
  }
  return session;
}

// The run over what was extracted, which stays when this is interrupted.
FinishedRun run_graph(const engine::Spec& spec, const SessionOptions& session,
                      ProgressMode progress, const std::stop_token& stop) {
  try {
    return run_spec(spec, session, progress, stop);
  } catch (const base::Error& error) {
    if (error.code() != "INTERRUPTED") throw;
    throw base::Error(
        error.stage(), error.code(),
        "interrupted; the sources are extracted, none of the graph's tables has changed",
        error.details());
  }
}

void build(const BuildOptions& options, const std::stop_token& stop) {
  options.files.check();
  const fs::path folder = options.output_directory;
  const engine::Spec spec = spec_in(folder);
  const SessionOptions session = session_of(options);
  // What is wrong with the request is told before anything is written.
  engine::configure_session(engine::environment_profile(session.profile), spec.runtime_profile,
                            session.overrides());
  const ExtractionRequest request = {.source_directory = options.source_directory,
                                     .output_directory = (folder / "input").string(),
                                     .threads = static_cast<int>(session.database.threads)};
  const extract::ExtractResult extracted = run_extraction(request, options.progress, stop);
  const auto print = [&](const std::string& text) {
    options.files.result == "-" ? tell("{}", text) : write_standard_output(text);
  };
  print(extracted_tables_text(extracted) + "\n");
  FinishedRun finished = run_graph(spec, session, options.progress, stop);
  report_run(finished, options.files);
  print("\n" + next_step(folder));
}

}  // namespace

void add_build_command(CLI::App& program, ChosenCommand& chosen) {
  const auto options = std::make_shared<BuildOptions>();
  CLI::App* command =
      program.add_subcommand("build", "Extract Python sources and make their code property graph");
  command->add_option("DIR", options->source_directory, "The folder with the sources")->required();
  command
      ->add_option("--out", options->output_directory,
                   "The folder for the graph's tables; what is extracted goes to DIR/input")
      ->required()
      ->type_name("DIR");
  command
      ->add_option("--result", options->files.result,
                   "Write the RunResult as JSON; - is standard output")
      ->type_name("FILE");
  command->add_option("--report", options->files.report, "Write a report of the run for people")
      ->type_name("FILE.html");
  options->session.add_to(*command);
  add_progress_option(*command, options->progress);
  command->callback([options, &chosen] {
    chosen = [options](const std::stop_token& stop) { build(*options, stop); };
  });
}

}  // namespace apps
