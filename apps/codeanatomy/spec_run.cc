#include "apps/codeanatomy/spec_run.h"

#include <utility>

#include "apps/codeanatomy/message.h"
#include "apps/codeanatomy/run_summary.h"
#include "apps/codeanatomy/text_file.h"
#include "engine/executor/pipeline.h"
#include "engine/report/html_report.h"

namespace apps {

FinishedRun run_spec(const engine::Spec& spec, const SessionOptions& session, ProgressMode progress,
                     const std::stop_token& stop) {
  engine::validate_spec(spec);
  ProgressDisplay display(progress);
  const engine::RunControl control = {
      .on_progress = [&](const engine::RunProgress& step) { display.show(step); }, .stop = stop};
  engine::ExecutionContext context =
      engine::prepare_execution_context(spec, session.profile, session.overrides(), control);
  engine::RunResult result = engine::run_pipeline(spec, context, control);
  return {.result = std::move(result), .journal = std::move(context.journal)};
}

void RunFiles::check(const std::vector<NamedFile>& read) const {
  check_written_files({{"--result", result}, {"--report", report}}, read);
  if (!result.empty()) check_writable(result);
  if (!report.empty()) check_writable(report);
}

void report_run(FinishedRun& run, const RunFiles& files) {
  using Json = nlohmann::ordered_json;
  const engine::RunResult& result = run.result;
  tell("{}", warnings_text(result.warnings));
  const std::string table = outputs_text(result);
  if (files.result == "-") {
    tell("{}", table);
  } else {
    write_standard_output(table);
  }
  const std::string json = to_json(result).dump(2, ' ', false, Json::error_handler_t::replace);
  if (!files.result.empty()) write_text_file(files.result, json + "\n");
  if (!files.report.empty()) write_text_file(files.report, engine::html_report(json));
  run.journal.close();
}

}  // namespace apps
