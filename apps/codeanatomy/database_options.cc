#include "apps/codeanatomy/database_options.h"

#include "base/quantity.h"

namespace apps {

void DatabaseOptions::add_to(CLI::App& command, const std::string& default_threads,
                             const std::string& default_memory_limit) {
  command.add_option("--threads", threads, "How many threads instead of " + default_threads)
      ->check(CLI::Range(1, 4096))
      ->option_text("N");
  command
      .add_option("--memory-limit", memory_limit,
                  "When operators begin to spill, such as 2GiB, instead of " + default_memory_limit)
      ->type_name("SIZE");
  command
      .add_option("--temp-directory", temp_directory,
                  "Where operators spill; the system's folder by default")
      ->type_name("DIR");
}

std::int64_t DatabaseOptions::memory_limit_bytes() const {
  return memory_limit.empty() ? 0 : base::parse_size(memory_limit);
}

duck::DatabaseConfig DatabaseOptions::config(std::int64_t default_memory_limit_bytes) const {
  return {.threads = static_cast<int>(threads),
          .memory_limit_bytes =
              memory_limit.empty() ? default_memory_limit_bytes : memory_limit_bytes(),
          .temp_directory = temp_directory};
}

}  // namespace apps
