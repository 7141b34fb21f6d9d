#include "apps/codeanatomy/report_output.h"

#include <map>

#include "apps/codeanatomy/text_file.h"

namespace apps {

void add_report_format_option(CLI::App& command, ReportFormat& format) {
  const std::map<std::string, ReportFormat> formats = {{"text", ReportFormat::kText},
                                                       {"json", ReportFormat::kJson}};
  command.add_option("--format", format, "text or json")
      ->transform(CLI::Transformer(formats))
      ->option_text("FORMAT");
}

void write_report(ReportFormat format, const std::string& text,
                  const nlohmann::ordered_json& json) {
  write_standard_output(format == ReportFormat::kJson ? json.dump(2) + "\n" : text);
}

}  // namespace apps
