#include "apps/codeanatomy/extraction.h"

#include <fmt/format.h>

#include <atomic>

#include "apps/codeanatomy/error_line.h"
#include "apps/codeanatomy/message.h"
#include "apps/codeanatomy/written_tables.h"
#include "base/quantity.h"

namespace apps {
namespace {

// A tree may have thousands of odd files.
constexpr std::size_t kMostWarnings = 20;

std::string counts_text(const extract::ExtractProgress& progress) {
  return fmt::format("{}, {}, {}", base::counted_text(progress.files, "file"),
                     base::size_text(progress.bytes), base::counted_text(progress.nodes, "node"));
}

void print_warnings(const extract::ExtractResult& result) {
  const auto& warnings = result.warnings;
  for (std::size_t i = 0; i < warnings.size() && i < kMostWarnings; ++i) {
    tell("{}\n",
         one_line(fmt::format("warning[{}] extract: {}", warnings[i].code, warnings[i].message)));
  }
  if (warnings.size() > kMostWarnings) {
    tell("… and {} more warnings\n", base::count_text(std::ssize(warnings) - kMostWarnings));
  }
}

}  // namespace

extract::ExtractResult run_extraction(const ExtractionRequest& request, ProgressMode progress,
                                      const std::stop_token& stop) {
  std::atomic<bool> stopped = false;
  const std::stop_callback on_stop(stop, [&] { stopped = true; });
  extract::ExtractProgress last;
  extract::ExtractResult result;
  {
    ProgressDisplay display(progress);
    display.begin("extract");
    result = extract::extract({.source_directory = request.source_directory,
                               .output_directory = request.output_directory,
                               .threads = request.threads,
                               .on_progress =
                                   [&](const extract::ExtractProgress& now) {
                                     last = now;
                                     display.update("extract " + counts_text(now));
                                   },
                               .stop = &stopped});
    display.end("extract", counts_text(last), Work{last.nodes, "node"});
  }
  print_warnings(result);
  return result;
}

std::string extracted_tables_text(const extract::ExtractResult& result) {
  std::vector<WrittenTable> tables;
  for (const extract::ExtractedTable& table : result.tables) {
    tables.push_back({.name = table.name,
                      .rows = table.rows,
                      .files = table.files,
                      .bytes = table.bytes,
                      .version = table.version,
                      .location = table.location});
  }
  return written_tables_text("table", tables, result.elapsed_ms * 1000);
}

}  // namespace apps
