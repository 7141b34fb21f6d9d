#include "apps/codeanatomy/error_line.h"

#include <nlohmann/json.hpp>

namespace apps {

std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    const bool is_c1 = byte == 0xc2 && next >= 0x80 && next < 0xa0;
    line += byte < 0x20 || byte == 0x7f || is_c1 ? ' ' : text[i];
    if (is_c1) ++i;
  }
  return line;
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
