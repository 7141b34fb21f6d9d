#include <limits>

#include "base/canonical_json.h"
#include "base/error.h"
#include "engine/spec/field_reader.h"
#include "engine/spec/field_writer.h"
#include "engine/spec/runtime_fields.h"
#include "engine/spec/spec.h"

namespace engine {
namespace {

constexpr std::int64_t kLeastVersion = 4;
constexpr std::int64_t kGreatestVersion = std::numeric_limits<std::uint32_t>::max();

[[noreturn]] void refuse(const char* code, const std::string& path, const std::string& message) {
  throw base::Error(base::Stage::kValidation, code, path + ": " + message, {{"path", path}});
}

void refuse_parameter_templates(const JsonNode& root) {
  const auto* object = std::get_if<JsonObject>(&root.value);
  if (object == nullptr) return;
  constexpr std::string_view kField = "parameter_templates";
  if (std::ranges::find(*object, kField, &JsonField::name) == object->end()) return;
  refuse("LEGACY_PARAMETER_TEMPLATES_UNSUPPORTED", field_path("$", kField),
         "parameter templates are no longer supported; use typed_parameters");
}

template <class T>
T read_document(const JsonNode& root, const std::string& path) {
  T value;
  Faults faults;
  FieldReader::read_object(root, path, faults, value);
  faults.raise();
  return value;
}

void check_version(std::int64_t version) {
  if (version > kGreatestVersion) {
    refuse("INVALID_SPEC_JSON", "$.version",
           "expected an integer up to " + std::to_string(kGreatestVersion) + ", found " +
               std::to_string(version));
  }
  if (version < kLeastVersion) {
    refuse("SPEC_VERSION_UNSUPPORTED", "$.version",
           "version " + std::to_string(version) + " of the spec is not supported; the least is " +
               std::to_string(kLeastVersion));
  }
}

}  // namespace

Spec parse_spec(const std::string& json) {
  const auto root = parse_json(json, "$");
  refuse_parameter_templates(root);
  auto spec = read_document<Spec>(root, "$");
  check_version(spec.version);
  if (spec.view_definitions.empty()) {
    refuse("SPEC_MISSING_VIEW_DEFINITIONS", "$.view_definitions", "a spec needs at least one view");
  }
  if (spec.output_targets.empty()) {
    refuse("SPEC_MISSING_OUTPUT_TARGETS", "$.output_targets", "a spec needs at least one output");
  }
  spec.spec_hash = base::blake3(canonical_json(spec));
  return spec;
}

RuntimeConfig parse_runtime(const std::string& json, const std::string& path) {
  return read_document<RuntimeConfig>(parse_json(json, path), path);
}

std::string canonical_json(const Spec& spec) {
  return base::canonical_json(FieldWriter::write(spec));
}

}  // namespace engine
