#include "duck/query_profile.h"

#include <algorithm>
#include <atomic>
#include <duckdb/main/client_config.hpp>
#include <duckdb/main/client_context_state.hpp>
#include <duckdb/main/query_profiler.hpp>
#include <duckdb/storage/buffer_manager.hpp>

#include "duck/query_profile_internal.h"

namespace duck {
namespace {

using duckdb::ClientContext;
using duckdb::MetricType;

constexpr char kSamplerName[] = "codeanatomy_memory_sampler";
constexpr double kNanosPerSecond = 1e9;

// The greatest memory and temporary files that a statement was seen with. DuckDB's own peak adds
// up the values of its operators; this one looks whenever a thread begins or ends a piece of work.
class MemorySampler : public duckdb::ClientContextState {
 public:
  void QueryBegin(ClientContext& context) override {
    peak_memory_ = 0;
    peak_spilled_ = 0;
    sample(context);
  }
  void QueryEnd(ClientContext& context) override { sample(context); }
  void OnTaskStart(ClientContext& context) override { sample(context); }
  void OnTaskStop(ClientContext& context) override { sample(context); }

  std::int64_t peak_memory() const { return peak_memory_; }
  std::int64_t peak_spilled() const { return peak_spilled_; }

 private:
  static void raise(std::atomic<std::int64_t>& peak, duckdb::idx_t value) {
    const auto seen = static_cast<std::int64_t>(value);
    std::int64_t known = peak;
    while (known < seen && !peak.compare_exchange_weak(known, seen)) {
    }
  }

  void sample(ClientContext& context) {
    const auto& memory = duckdb::BufferManager::GetBufferManager(context);
    raise(peak_memory_, memory.GetUsedMemory());
    raise(peak_spilled_, memory.GetUsedSwap());
  }

  std::atomic<std::int64_t> peak_memory_ = 0;
  std::atomic<std::int64_t> peak_spilled_ = 0;
};

std::int64_t count(const duckdb::ProfilingInfo& info, MetricType metric) {
  const auto found = info.metrics.find(metric);
  if (found == info.metrics.end() || found->second.IsNull()) return 0;
  return static_cast<std::int64_t>(found->second.GetValue<std::uint64_t>());
}

std::int64_t nanos(const duckdb::ProfilingInfo& info, MetricType metric) {
  const auto found = info.metrics.find(metric);
  if (found == info.metrics.end() || found->second.IsNull()) return 0;
  return static_cast<std::int64_t>(found->second.GetValue<double>() * kNanosPerSecond);
}

OperatorProfile operator_profile(const duckdb::ProfilingNode& node) {
  const duckdb::ProfilingInfo& info = node.GetProfilingInfo();
  OperatorProfile profile;
  if (const auto name = info.metrics.find(MetricType::OPERATOR_NAME); name != info.metrics.end()) {
    profile.name = name->second.ToString();
    // Names of table functions come with padding for the drawing of trees.
    while (profile.name.ends_with(' ')) profile.name.pop_back();
  }
  if (info.metrics.contains(MetricType::EXTRA_INFO)) {
    using Details = duckdb::InsertionOrderPreservingMap<std::string>;
    for (const auto& [key, value] : info.GetMetricValue<Details>(MetricType::EXTRA_INFO)) {
      if (!value.empty()) profile.details[key] = value;
    }
  }
  profile.rows = count(info, MetricType::OPERATOR_CARDINALITY);
  profile.cpu_nanos = nanos(info, MetricType::OPERATOR_TIMING);
  profile.result_bytes = count(info, MetricType::RESULT_SET_SIZE);
  if (node.children.empty()) profile.rows_scanned = count(info, MetricType::OPERATOR_ROWS_SCANNED);
  for (const auto& child : node.children) profile.children.push_back(operator_profile(*child));
  return profile;
}

}  // namespace

void set_profiling(ClientContext& context, bool on) {
  auto& config = duckdb::ClientConfig::GetConfig(context);
  config.enable_profiler = on;
  if (!on) {
    context.registered_state->Remove(kSamplerName);
    return;
  }
  config.emit_profiler_output = false;
  config.profiler_print_format = duckdb::ProfilerPrintFormat::NO_OUTPUT;
  config.profiling_coverage = duckdb::ProfilingCoverage::ALL;
  for (const MetricType metric :
       {MetricType::CPU_TIME, MetricType::EXTRA_INFO, MetricType::LATENCY,
        MetricType::OPERATOR_CARDINALITY, MetricType::OPERATOR_NAME,
        MetricType::OPERATOR_ROWS_SCANNED, MetricType::OPERATOR_TIMING, MetricType::OPERATOR_TYPE,
        MetricType::RESULT_SET_SIZE, MetricType::SYSTEM_PEAK_TEMP_DIR_SIZE}) {
    config.profiler_settings.insert(metric);
  }
  context.registered_state->GetOrCreate<MemorySampler>(kSamplerName);
}

QueryProfile last_profile(ClientContext& context) {
  QueryProfile profile;
  duckdb::QueryProfiler::Get(context).GetRootUnderLock(
      [&](duckdb::optional_ptr<duckdb::ProfilingNode> root) {
        if (!root) return;
        const duckdb::ProfilingInfo& info = root->GetProfilingInfo();
        profile.elapsed_nanos = nanos(info, MetricType::LATENCY);
        profile.cpu_nanos = nanos(info, MetricType::CPU_TIME);
        profile.spilled_bytes = count(info, MetricType::SYSTEM_PEAK_TEMP_DIR_SIZE);
        if (root->children.size() == 1) {
          profile.root = operator_profile(*root->children[0]);
        } else {
          profile.root = operator_profile(*root);
        }
      });
  if (const auto sampler = context.registered_state->Get<MemorySampler>(kSamplerName)) {
    profile.peak_memory_bytes = sampler->peak_memory();
    profile.spilled_bytes = std::max(profile.spilled_bytes, sampler->peak_spilled());
  }
  return profile;
}

}  // namespace duck
