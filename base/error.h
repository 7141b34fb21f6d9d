// The one exception type of the project. It is made where the fault is known and turned into an
// exit status, a JSON object or a Python exception at the edges only.
#pragma once

#include <exception>
#include <map>
#include <string>
#include <string_view>

namespace base {

// Where in a run the fault lies. The wire names are those of contract/results.md.
enum class Stage { kValidation, kCompilation, kCompliance, kMaterialization, kRuntime };

// "validation", "compilation", "compliance", "materialization" or "runtime".
std::string_view to_string(Stage stage);

// A fault with a stable code. `message` is one line for a person and names the thing and the
// place; `details` holds the same facts for a program (keys such as "path", "table", "version").
// An error at Stage::kValidation or kCompilation says that the request is wrong (exit status 2),
// any other that the run failed (exit status 1).
class Error : public std::exception {
 public:
  using Details = std::map<std::string, std::string>;

  Error(Stage stage, std::string code, std::string message, Details details = {});

  Stage stage() const { return stage_; }
  const std::string& code() const { return code_; }
  const std::string& message() const { return message_; }
  const Details& details() const { return details_; }

  // The message alone.
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  Stage stage_;
  std::string code_;
  std::string message_;
  Details details_;
};

}  // namespace base
