#include "engine/session/ignored_settings.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "engine/spec/field_reader.h"
#include "engine/spec/field_writer.h"
#include "engine/spec/runtime_fields.h"

namespace engine {
namespace {

using Json = nlohmann::json;

// What the contract has a code of its own for.
struct Capture {
  std::string_view path;
  WarningCode code;
  WarningStage stage;
  std::string_view what;
};
constexpr std::array kCaptures = {
    Capture{"$.runtime.compliance_capture", WarningCode::kPlanBundleRuntimeCaptureFailed,
            WarningStage::kCompliance, "compliance capture is"},
    Capture{"$.runtime.capture_substrait", WarningCode::kOptionalSubstraitCaptureFailed,
            WarningStage::kPlanBundle, "capture of Substrait plans is"},
    Capture{"$.runtime.capture_optimizer_lab", WarningCode::kComplianceOptimizerLabFailed,
            WarningStage::kCompliance, "capture of the optimizer's steps is"},
    Capture{"$.runtime.capture_delta_codec", WarningCode::kOptionalDeltaCodecCaptureFailed,
            WarningStage::kPlanBundle, "capture of plans by the Delta codec is"},
};

// Tags are written into every commit. Metrics are always recorded; a tracing object is without
// them unless it says so, so the field tells nothing of what was asked for.
bool has_effect(const std::string& path) {
  return path == "$.runtime.lineage_tags" || path == "$.runtime.tracing.record_metrics";
}

class IgnoredSettings {
 public:
  // Fields of objects are compared one by one.
  void compare(const std::string& path, const Json& given, const Json& neutral) {
    for (const auto& [name, value] : given.items()) {
      const std::string field = field_path(path, name);
      const Json& other = neutral.at(name);
      if (value == other || has_effect(field)) continue;
      const bool is_settings = name == "tracing" || name == "export_policy";
      if (is_settings) {
        compare(field, value, other);
      } else {
        add(field, value);
      }
    }
  }

  void add(const std::string& path, const Json& value) {
    const auto capture = std::ranges::find(kCaptures, path, &Capture::path);
    const bool is_capture = capture != kCaptures.end();
    warnings_.push_back(
        {is_capture ? capture->code : WarningCode::kRuntimeSettingIgnored,
         is_capture ? capture->stage : WarningStage::kPreflight,
         path + ": " +
             (is_capture ? std::string(capture->what) + " not available in this version"
                         : "the setting has no effect in this version"),
         {{"path", path}, {"value", value.dump(-1, ' ', false, Json::error_handler_t::replace)}}});
  }

  std::vector<RunWarning> take() { return std::move(warnings_); }

 private:
  std::vector<RunWarning> warnings_;
};

}  // namespace

std::vector<RunWarning> ignored_settings(const Spec& spec) {
  IgnoredSettings settings;
  settings.compare("$.runtime", FieldWriter::write(spec.runtime),
                   FieldWriter::write(RuntimeConfig()));
  if (spec.cache_policy && spec.cache_policy->cache_memory_budget) {
    settings.add("$.cache_policy.cache_memory_budget", *spec.cache_policy->cache_memory_budget);
  }
  if (spec.cache_policy && spec.cache_policy->use_historical_metrics) {
    settings.add("$.cache_policy.use_historical_metrics", true);
  }
  if (spec.rule_overlay && spec.rule_overlay->explain_per_rule) {
    settings.add("$.rule_overlay.explain_per_rule", true);
  }
  return settings.take();
}

}  // namespace engine
