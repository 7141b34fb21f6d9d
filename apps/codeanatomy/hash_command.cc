#include <memory>

#include "apps/codeanatomy/commands.h"
#include "apps/codeanatomy/text_file.h"
#include "base/hash.h"
#include "engine/spec/spec.h"

namespace apps {

void add_hash_command(CLI::App& program, ChosenCommand& chosen) {
  const auto file = std::make_shared<std::string>();
  CLI::App* command =
      program.add_subcommand("hash", "Print a spec's hash; checks only the spec's form");
  command->add_option("SPEC.json", *file, "The spec")->required();
  command->callback([file, &chosen] {
    chosen = [file](const std::stop_token&) {
      const engine::Spec spec = engine::parse_spec(read_text_file(*file));
      write_standard_output(base::to_hex(spec.spec_hash) + "\n");
    };
  });
}

}  // namespace apps
