#include "apps/codeanatomy/spec_run.h"

#include <cstdio>
#include <utility>

#include "apps/codeanatomy/message.h"
#include "apps/codeanatomy/run_summary.h"
#include "apps/codeanatomy/text_file.h"
#include "engine/executor/pipeline.h"

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

void report_run(FinishedRun& run, const std::string& result_file) {
  const engine::RunResult& result = run.result;
  tell("{}", warnings_text(result.warnings));
  const std::string table = outputs_text(result);
  if (result_file == "-") {
    tell("{}", table);
  } else {
    write_standard_output(table);
  }
  if (!result_file.empty()) {
    using Json = nlohmann::ordered_json;
    write_text_file(result_file,
                    to_json(result).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  }
  run.journal.close();
}

}  // namespace apps
