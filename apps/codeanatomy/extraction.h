// Extracting Python sources from the command line, as `extract` and `build` do.
#pragma once

#include <stop_token>
#include <string>

#include "apps/codeanatomy/progress_display.h"
#include "extract/extract.h"

namespace apps {

struct ExtractionRequest {
  std::string source_directory;
  std::string output_directory;
  int threads = 0;  // 0: one a core
};

// Extracts with progress on standard error, and the warnings there when it is done.
extract::ExtractResult run_extraction(const ExtractionRequest& request, ProgressMode progress,
                                      const std::stop_token& stop);

// The tables as text (written_tables.h).
std::string extracted_tables_text(const extract::ExtractResult& result);

}  // namespace apps
