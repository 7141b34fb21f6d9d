// The execution spec, version 4, as values: contract/spec-v4.md. Field names follow the contract's.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/hash.h"

namespace engine {

struct InputRelation {
  std::string logical_name;
  std::string delta_location;
  bool requires_lineage = false;
  std::optional<std::int64_t> version_pin;
};

struct SpanColumns {
  std::string start;
  std::string end;
};

struct Normalize {
  std::string source;
  std::vector<std::string> id_columns;
  std::optional<SpanColumns> span_columns;
  std::vector<std::string> text_columns;
};

enum class JoinType { kInner, kLeft, kRight, kFull, kSemi, kAnti };

struct JoinKeyPair {
  std::string left_key;
  std::string right_key;
};

struct Relate {
  std::string left;
  std::string right;
  JoinType join_type = JoinType::kInner;
  std::vector<JoinKeyPair> join_keys;
};

struct Union {
  std::vector<std::string> sources;
  std::optional<std::string> discriminator_column;
  bool distinct = false;
};

struct Project {
  std::string source;
  std::vector<std::string> columns;
};

struct Filter {
  std::string source;
  std::string predicate;
};

struct Aggregation {
  std::string column;
  std::string function;
  std::string alias;
};

struct Aggregate {
  std::string source;
  std::vector<std::string> group_by;
  std::vector<Aggregation> aggregations;
};

struct IncrementalCdf {
  std::string source;
  std::optional<std::int64_t> starting_version;
  std::optional<std::int64_t> ending_version;
  std::optional<std::string> starting_timestamp;
  std::optional<std::string> ending_timestamp;
};

struct Metadata {
  std::string source;
};

struct FileManifest {
  std::string source;
};

struct DerivedColumn {
  std::string name;
  std::string expression;
};

struct Derive {
  std::string source;
  std::vector<DerivedColumn> columns;
};

enum class CpgOutputKind { kNodes, kEdges, kProps, kPropsMap, kEdgesBySrc, kEdgesByDst };

struct CpgEmit {
  CpgOutputKind output_kind = CpgOutputKind::kNodes;
  std::vector<std::string> sources;
};

using Transform = std::variant<Normalize, Relate, Union, Project, Filter, Aggregate, IncrementalCdf,
                               Metadata, FileManifest, Derive, CpgEmit>;

// The names a transform reads, in the order the spec gives them.
std::vector<std::string> sources_of(const Transform& transform);
// "Normalize", "Relate", ….
std::string kind_of(const Transform& transform);

struct ViewDefinition {
  std::string name;
  std::string view_kind;
  std::vector<std::string> view_dependencies;
  Transform transform;
  std::map<std::string, std::string> output_schema;  // column → Arrow type name
};

struct JoinEdge {
  std::string left_relation;
  std::string right_relation;
  JoinType join_type = JoinType::kInner;
  std::vector<std::string> left_keys;
  std::vector<std::string> right_keys;
};

struct JoinConstraint {
  std::string name;
  std::string constraint_type;
  std::vector<std::string> relations;
  std::vector<std::string> columns;
};

struct JoinGraph {
  std::vector<JoinEdge> edges;
  std::vector<JoinConstraint> constraints;
};

enum class MaterializationMode { kAppend, kOverwrite };

struct OutputTarget {
  std::string table_name;
  std::optional<std::string> delta_location;
  std::string source_view;
  std::vector<std::string> columns;  // empty: all
  MaterializationMode materialization_mode = MaterializationMode::kOverwrite;
  std::vector<std::string> partition_by;
  std::map<std::string, std::string> write_metadata;
  std::optional<std::uint32_t> max_commit_retries;
};

enum class RuleClass { kSemanticIntegrity, kDeltaScanAware, kCostShape, kSafety };

struct RuleIntent {
  std::string name;
  RuleClass rule_class = RuleClass::kSafety;
  nlohmann::json params;
};

enum class RulepackProfile { kDefault, kLowLatency, kReplay, kStrict };
enum class TunerMode { kOff, kObserve, kApply };
enum class PushdownEnforcementMode { kWarn, kStrict, kDisabled };
enum class ExtensionGovernanceMode { kStrictAllowlist, kWarnOnUnregistered, kPermissive };
enum class TracingPreset { kMaximal, kMaximalNoData, kProductionLean };
enum class RuleMode { kDisabled, kPhaseOnly, kFull };
enum class PreviewRedactionMode { kNone, kDenyList, kAllowList };
enum class OtlpProtocol { kHttpProtobuf, kHttpJson, kGrpc };

struct ExportPolicy {
  std::string traces_sampler = "parentbased_always_on";
  std::optional<double> traces_sampler_arg;
  std::uint64_t bsp_max_queue_size = 2048;
  std::uint64_t bsp_max_export_batch_size = 512;
  std::uint64_t bsp_schedule_delay_ms = 5000;
  std::uint64_t bsp_export_timeout_ms = 30000;

  bool operator==(const ExportPolicy&) const = default;
};

struct TracingConfig {
  bool enabled = false;
  bool record_metrics = true;
  RuleMode rule_mode = RuleMode::kDisabled;
  bool plan_diff = false;
  std::uint64_t preview_limit = 0;
  PreviewRedactionMode preview_redaction_mode = PreviewRedactionMode::kNone;
  std::vector<std::string> preview_redacted_columns;
  std::string preview_redaction_token = "[REDACTED]";
  std::uint64_t preview_max_width = 96;
  std::uint64_t preview_max_row_height = 4;
  std::uint64_t preview_min_compacted_col_width = 10;
  bool instrument_object_store = false;
  std::optional<std::string> otlp_endpoint;
  std::optional<OtlpProtocol> otlp_protocol;
  std::optional<std::string> otel_service_name;
  std::map<std::string, std::string> otel_resource_attributes;
  std::map<std::string, std::string> custom_span_fields;
  ExportPolicy export_policy;

  bool operator==(const TracingConfig&) const = default;
};

struct RuntimeConfig {
  bool compliance_capture = false;
  TunerMode tuner_mode = TunerMode::kOff;
  bool capture_substrait = false;
  bool capture_optimizer_lab = false;
  bool capture_delta_codec = false;
  PushdownEnforcementMode pushdown_enforcement_mode = PushdownEnforcementMode::kWarn;
  ExtensionGovernanceMode extension_governance_mode = ExtensionGovernanceMode::kPermissive;
  bool enable_tracing = false;
  bool enable_rule_tracing = false;
  bool enable_plan_preview = false;
  bool enable_function_factory = false;
  bool enable_domain_planner = false;
  bool enable_relation_planner = false;
  std::map<std::string, std::string> lineage_tags;
  std::optional<TracingPreset> tracing_preset;
  TracingConfig tracing;
};

// The preset, the explicit object and the three switches put together as the contract says.
TracingConfig effective_tracing(const RuntimeConfig& runtime);

struct DateValue {
  std::string text;  // "YYYY-MM-DD"
};
struct TimestampValue {
  std::string text;  // ISO 8601 without zone
};
struct NullValue {
  std::string data_type;
};
using ParameterValue =
    std::variant<std::string, std::int64_t, double, bool, DateValue, TimestampValue, NullValue>;

struct PlaceholderPos {
  std::uint32_t position = 1;
};
struct FilterEq {
  std::optional<std::string> base_table;
  std::string filter_column;
};

struct TypedParameter {
  std::optional<std::string> label;
  std::variant<PlaceholderPos, FilterEq> target;
  ParameterValue value;
};

struct PriorityOverride {
  std::string rule_name;
  std::int32_t priority = 0;
};

struct RuleOverlay {
  std::vector<RuleIntent> additional_intents;
  std::vector<std::string> exclude_rules;
  std::vector<PriorityOverride> priority_overrides;
  bool explain_per_rule = false;
};

enum class CacheAction { kForceCache, kNeverCache };

struct CacheOverride {
  std::string view_name;
  CacheAction action = CacheAction::kForceCache;
};

struct CachePolicy {
  std::uint64_t min_fanout = 2;
  std::optional<std::uint64_t> min_estimated_rows;
  std::optional<std::uint64_t> cache_memory_budget;  // bytes
  bool use_historical_metrics = false;
  std::vector<CacheOverride> overrides;
};

struct CompactPolicy {
  std::uint64_t target_file_size = 536870912;  // bytes
};

struct VacuumPolicy {
  std::uint64_t retention_hours = 168;
  bool require_protocol_check = true;
  bool dry_run_first = false;
};

struct ConstraintSpec {
  std::string name;
  std::string expression;
};

struct MaintenanceSchedule {
  std::vector<std::string> target_tables;  // empty: all
  std::optional<CompactPolicy> compact;
  std::optional<VacuumPolicy> vacuum;
  bool checkpoint = false;
  bool metadata_cleanup = false;
  std::vector<ConstraintSpec> constraints;
  std::uint64_t max_parallel_tables = 1;
  bool require_table_quiescence = false;
};

struct RuntimeProfile {
  std::string profile_name;
  std::uint64_t target_partitions = 8;
  std::uint64_t batch_size = 8192;
  std::uint64_t planning_concurrency = 0;
  std::uint64_t meta_fetch_concurrency = 0;
  std::uint64_t memory_pool_bytes = 0;
  std::uint64_t max_temp_directory_bytes = 0;
  bool repartition_joins = true;
  bool repartition_aggregations = true;
  bool repartition_windows = true;
  bool repartition_sorts = true;
  bool repartition_file_scans = true;
  std::uint64_t repartition_file_min_size = 0;
  bool parquet_pruning = true;
  bool pushdown_filters = true;
  bool enable_page_index = true;
  std::uint64_t metadata_size_hint = 0;
  std::optional<std::uint64_t> max_predicate_cache_size;
  std::uint64_t list_files_cache_limit = 0;
  std::optional<std::string> list_files_cache_ttl;
  std::uint64_t metadata_cache_limit = 0;
  bool collect_statistics = true;
  std::uint64_t optimizer_max_passes = 3;
  bool skip_failed_rules = false;
  bool filter_null_join_keys = true;
  bool enable_dynamic_filter_pushdown = true;
  bool enable_join_dynamic_filter_pushdown = true;
  bool enable_aggregate_dynamic_filter_pushdown = true;
  bool enable_topk_dynamic_filter_pushdown = true;
  bool enable_sort_pushdown = true;
  bool allow_symmetric_joins_without_pruning = true;
  bool enable_recursive_ctes = true;
  bool enable_ident_normalization = true;
  bool show_statistics = false;
  bool show_schema = false;
};

struct Spec {
  std::int64_t version = 4;
  std::vector<InputRelation> input_relations;
  std::vector<ViewDefinition> view_definitions;
  JoinGraph join_graph;
  std::vector<OutputTarget> output_targets;
  std::vector<RuleIntent> rule_intents;
  RulepackProfile rulepack_profile = RulepackProfile::kDefault;
  RuntimeConfig runtime;
  std::vector<TypedParameter> typed_parameters;
  std::optional<RuleOverlay> rule_overlay;
  std::optional<RuntimeProfile> runtime_profile;
  std::optional<CachePolicy> cache_policy;
  std::optional<MaintenanceSchedule> maintenance;

  // Of the spec as parsed; what is changed afterwards does not change it.
  base::Digest spec_hash{};

  const InputRelation* find_input(const std::string& name) const;
  const ViewDefinition* find_view(const std::string& name) const;
};

// Parses and checks the form: syntax, fields, types, version, presence of views and outputs.
// Throws base::Error at Stage::kValidation: INVALID_SPEC_JSON (details["path"] is the JSON path,
// "$.view_definitions[2].transform.kind"), SPEC_VERSION_UNSUPPORTED,
// SPEC_MISSING_VIEW_DEFINITIONS, SPEC_MISSING_OUTPUT_TARGETS,
// LEGACY_PARAMETER_TEMPLATES_UNSUPPORTED.
Spec parse_spec(const std::string& json);

// The runtime object alone, as the command line and Python replace it. `path` begins the JSON
// paths in errors.
RuntimeConfig parse_runtime(const std::string& json, const std::string& path = "$");

// The canonical form: every default filled in, compact, keys sorted by code point.
std::string canonical_json(const Spec& spec);

// Checks what the form cannot: duplicates, dependencies, sources, cycles, in the contract's order.
// Output and partition columns are checked where views' columns are known, in the compiler.
// Throws base::Error INVALID_SPEC with details["path"] and the offender's name.
void validate_spec(const Spec& spec);

}  // namespace engine
