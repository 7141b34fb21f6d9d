#include "apps/codeanatomy/run_summary.h"

#include <fmt/format.h>

#include "apps/codeanatomy/error_line.h"
#include "apps/codeanatomy/written_tables.h"

namespace apps {

std::string outputs_text(const engine::RunResult& result) {
  std::vector<WrittenTable> tables;
  for (const engine::MaterializationResult& output : result.outputs) {
    tables.push_back({.name = output.table_name,
                      .rows = output.rows_written,
                      .files = output.files_added,
                      .bytes = output.bytes_written,
                      .version = output.delta_version,
                      .location = output.delta_location});
  }
  return written_tables_text("output", tables, result.completed_at_us - result.started_at_us);
}

std::string warnings_text(const std::vector<engine::RunWarning>& warnings) {
  std::string text;
  for (const engine::RunWarning& warning : warnings) {
    text += one_line(fmt::format("warning[{}] {}: {}", to_string(warning.code),
                                 to_string(warning.stage), warning.message)) +
            "\n";
  }
  return text;
}

}  // namespace apps
