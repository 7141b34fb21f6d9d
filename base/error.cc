#include "base/error.h"

#include <utility>

namespace base {

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::kValidation:
      return "validation";
    case Stage::kCompilation:
      return "compilation";
    case Stage::kCompliance:
      return "compliance";
    case Stage::kMaterialization:
      return "materialization";
    case Stage::kRuntime:
      return "runtime";
  }
  return "runtime";
}

Error::Error(Stage stage, std::string code, std::string message, Details details)
    : stage_(stage),
      code_(std::move(code)),
      message_(std::move(message)),
      details_(std::move(details)) {}

}  // namespace base
