#include "apps/codeanatomy/written_tables.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include "apps/codeanatomy/text_table.h"
#include "base/quantity.h"

namespace apps {
namespace {

std::int64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

std::string written_tables_text(const std::string& kind, const std::vector<WrittenTable>& tables,
                                std::int64_t elapsed_us) {
  using Align = TextTable::Align;
  TextTable text({{kind},
                  {"rows", Align::kRight},
                  {"files", Align::kRight},
                  {"size", Align::kRight},
                  {"version", Align::kRight},
                  {"location"}});
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  for (const WrittenTable& table : tables) {
    text.add_row({table.name, base::count_text(table.rows), base::count_text(table.files),
                  base::size_text(table.bytes), std::to_string(table.version), table.location});
    rows += table.rows;
    bytes += table.bytes;
  }
  return text.to_string() +
         fmt::format("{} {}{}, {} rows, {} in {}, peak memory {}\n", tables.size(), kind,
                     tables.size() == 1 ? "" : "s", base::count_text(rows), base::size_text(bytes),
                     base::duration_text(elapsed_us), base::size_text(peak_memory_bytes()));
}

}  // namespace apps
