// What a command of maintenance tells, for people or for programs.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace apps {

enum class ReportFormat { kText, kJson };

// --format text|json
void add_report_format_option(CLI::App& command, ReportFormat& format);

// Writes one of the two to standard output; `text` ends with a line feed, if it is not empty.
void write_report(ReportFormat format, const std::string& text, const nlohmann::ordered_json& json);

}  // namespace apps
