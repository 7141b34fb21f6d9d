#include "engine/session/profile_knobs.h"

#include <cstdint>
#include <string_view>

namespace engine {
namespace {

std::string knob_text(bool value) { return value ? "true" : "false"; }
std::string knob_text(std::uint64_t value) { return std::to_string(value); }
template <typename Value>
std::string knob_text(const std::optional<Value>& value) {
  if (!value) return "null";
  if constexpr (std::is_same_v<Value, std::string>) {
    return *value;
  } else {
    return knob_text(*value);
  }
}

class IgnoredKnobs {
 public:
  explicit IgnoredKnobs(const RuntimeProfile& profile) : profile_(profile) {}

  template <typename Value>
  void check(std::string_view name, Value RuntimeProfile::* knob) {
    if (profile_.*knob == neutral_.*knob) return;
    warnings_.push_back({WarningCode::kReservedProfileKnobIgnored,
                         WarningStage::kRuntimeProfile,
                         "runtime_profile." + std::string(name) +
                             " has no counterpart in this engine and is ignored",
                         {{"knob", std::string(name)},
                          {"profile_name", profile_.profile_name},
                          {"value", knob_text(profile_.*knob)}}});
  }

  std::vector<RunWarning> take() { return std::move(warnings_); }

 private:
  const RuntimeProfile& profile_;
  const RuntimeProfile neutral_;
  std::vector<RunWarning> warnings_;
};

}  // namespace

std::set<std::string> optimizers_switched_off(const RuntimeProfile& profile) {
  std::set<std::string> optimizers;
  if (!profile.pushdown_filters) optimizers.insert("filter_pushdown");
  if (!profile.enable_dynamic_filter_pushdown || !profile.enable_join_dynamic_filter_pushdown) {
    optimizers.insert("join_filter_pushdown");
  }
  return optimizers;
}

std::vector<RunWarning> ignored_knobs(const RuntimeProfile& profile) {
  using Profile = RuntimeProfile;
  IgnoredKnobs knobs(profile);
  knobs.check("batch_size", &Profile::batch_size);
  knobs.check("planning_concurrency", &Profile::planning_concurrency);
  knobs.check("meta_fetch_concurrency", &Profile::meta_fetch_concurrency);
  knobs.check("repartition_joins", &Profile::repartition_joins);
  knobs.check("repartition_aggregations", &Profile::repartition_aggregations);
  knobs.check("repartition_windows", &Profile::repartition_windows);
  knobs.check("repartition_sorts", &Profile::repartition_sorts);
  knobs.check("repartition_file_scans", &Profile::repartition_file_scans);
  knobs.check("repartition_file_min_size", &Profile::repartition_file_min_size);
  knobs.check("parquet_pruning", &Profile::parquet_pruning);
  knobs.check("enable_page_index", &Profile::enable_page_index);
  knobs.check("metadata_size_hint", &Profile::metadata_size_hint);
  knobs.check("max_predicate_cache_size", &Profile::max_predicate_cache_size);
  knobs.check("list_files_cache_limit", &Profile::list_files_cache_limit);
  knobs.check("list_files_cache_ttl", &Profile::list_files_cache_ttl);
  knobs.check("metadata_cache_limit", &Profile::metadata_cache_limit);
  knobs.check("collect_statistics", &Profile::collect_statistics);
  knobs.check("optimizer_max_passes", &Profile::optimizer_max_passes);
  knobs.check("skip_failed_rules", &Profile::skip_failed_rules);
  knobs.check("filter_null_join_keys", &Profile::filter_null_join_keys);
  knobs.check("enable_aggregate_dynamic_filter_pushdown",
              &Profile::enable_aggregate_dynamic_filter_pushdown);
  knobs.check("enable_topk_dynamic_filter_pushdown", &Profile::enable_topk_dynamic_filter_pushdown);
  knobs.check("enable_sort_pushdown", &Profile::enable_sort_pushdown);
  knobs.check("allow_symmetric_joins_without_pruning",
              &Profile::allow_symmetric_joins_without_pruning);
  knobs.check("enable_recursive_ctes", &Profile::enable_recursive_ctes);
  knobs.check("enable_ident_normalization", &Profile::enable_ident_normalization);
  knobs.check("show_statistics", &Profile::show_statistics);
  knobs.check("show_schema", &Profile::show_schema);
  return knobs.take();
}

}  // namespace engine
