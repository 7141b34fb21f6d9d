#include "apps/codeanatomy/error_line.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace apps {

std::string one_line(std::string text) {
  std::ranges::replace_if(text, [](char byte) { return byte == '\n' || byte == '\r'; }, ' ');
  return text;
}

std::string error_line(const base::Error& error) {
  return one_line("error[" + error.code() + "] " + std::string(base::to_string(error.stage())) +
                  ": " + error.message());
}

std::string error_json(const base::Error& error) {
  const nlohmann::ordered_json json = {{"code", error.code()},
                                       {"stage", base::to_string(error.stage())},
                                       {"message", error.message()},
                                       {"details", error.details()}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

int exit_status(const base::Error& error) {
  const bool is_wrong_request =
      error.stage() == base::Stage::kValidation || error.stage() == base::Stage::kCompilation;
  return is_wrong_request ? 2 : 1;
}

}  // namespace apps
