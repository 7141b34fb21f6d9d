// The fields of the objects that say how a run goes, not what it computes: runtime, rule overlay,
// cache policy, maintenance and runtime profile. See spec_fields.h.
#pragma once

#include "engine/spec/spec_fields.h"

namespace engine {

void fields(auto& archive, Is<ExportPolicy> auto& policy) {
  archive.optional("traces_sampler", policy.traces_sampler);
  archive.optional("traces_sampler_arg", policy.traces_sampler_arg);
  archive.optional("bsp_max_queue_size", policy.bsp_max_queue_size);
  archive.optional("bsp_max_export_batch_size", policy.bsp_max_export_batch_size);
  archive.optional("bsp_schedule_delay_ms", policy.bsp_schedule_delay_ms);
  archive.optional("bsp_export_timeout_ms", policy.bsp_export_timeout_ms);
}

void fields(auto& archive, Is<TracingConfig> auto& tracing) {
  archive.optional("enabled", tracing.enabled);
  // True is the value only where the whole object is absent.
  archive.optional("record_metrics", tracing.record_metrics, false);
  archive.optional("rule_mode", tracing.rule_mode);
  archive.optional("plan_diff", tracing.plan_diff);
  archive.optional("preview_limit", tracing.preview_limit);
  archive.optional("preview_redaction_mode", tracing.preview_redaction_mode);
  archive.optional("preview_redacted_columns", tracing.preview_redacted_columns);
  archive.optional("preview_redaction_token", tracing.preview_redaction_token);
  archive.optional("preview_max_width", tracing.preview_max_width);
  archive.optional("preview_max_row_height", tracing.preview_max_row_height);
  archive.optional("preview_min_compacted_col_width", tracing.preview_min_compacted_col_width);
  archive.optional("instrument_object_store", tracing.instrument_object_store);
  archive.optional("otlp_endpoint", tracing.otlp_endpoint);
  archive.optional("otlp_protocol", tracing.otlp_protocol);
  archive.optional("otel_service_name", tracing.otel_service_name);
  archive.optional("otel_resource_attributes", tracing.otel_resource_attributes);
  archive.optional("custom_span_fields", tracing.custom_span_fields);
  archive.optional("export_policy", tracing.export_policy);
}

void fields(auto& archive, Is<RuntimeConfig> auto& runtime) {
  archive.optional("compliance_capture", runtime.compliance_capture);
  archive.optional("tuner_mode", runtime.tuner_mode);
  archive.optional("capture_substrait", runtime.capture_substrait);
  archive.optional("capture_optimizer_lab", runtime.capture_optimizer_lab);
  archive.optional("capture_delta_codec", runtime.capture_delta_codec);
  archive.optional("pushdown_enforcement_mode", runtime.pushdown_enforcement_mode);
  archive.optional("extension_governance_mode", runtime.extension_governance_mode);
  archive.optional("enable_tracing", runtime.enable_tracing);
  archive.optional("enable_rule_tracing", runtime.enable_rule_tracing);
  archive.optional("enable_plan_preview", runtime.enable_plan_preview);
  archive.optional("enable_function_factory", runtime.enable_function_factory);
  archive.optional("enable_domain_planner", runtime.enable_domain_planner);
  archive.optional("enable_relation_planner", runtime.enable_relation_planner);
  archive.optional("lineage_tags", runtime.lineage_tags);
  archive.optional("tracing_preset", runtime.tracing_preset);
  archive.optional("tracing", runtime.tracing);
}

void fields(auto& archive, Is<PriorityOverride> auto& priority) {
  archive.required("rule_name", priority.rule_name);
  archive.required("priority", priority.priority);
}

void fields(auto& archive, Is<RuleOverlay> auto& overlay) {
  archive.required("additional_intents", overlay.additional_intents);
  archive.required("exclude_rules", overlay.exclude_rules);
  archive.required("priority_overrides", overlay.priority_overrides);
  archive.required("explain_per_rule", overlay.explain_per_rule);
}

void fields(auto& archive, Is<CacheOverride> auto& cache) {
  archive.required("view_name", cache.view_name);
  archive.required("action", cache.action);
}

void fields(auto& archive, Is<CachePolicy> auto& policy) {
  archive.required("min_fanout", policy.min_fanout);
  archive.required("min_estimated_rows", policy.min_estimated_rows);
  archive.required("cache_memory_budget", policy.cache_memory_budget);
  archive.required("use_historical_metrics", policy.use_historical_metrics);
  archive.required("overrides", policy.overrides);
}

void fields(auto& archive, Is<CompactPolicy> auto& compact) {
  archive.optional("target_file_size", compact.target_file_size);
}

void fields(auto& archive, Is<VacuumPolicy> auto& vacuum) {
  archive.required("retention_hours", vacuum.retention_hours);
  archive.optional("require_protocol_check", vacuum.require_protocol_check);
  archive.optional("dry_run_first", vacuum.dry_run_first);
}

void fields(auto& archive, Is<ConstraintSpec> auto& constraint) {
  archive.required("name", constraint.name);
  archive.required("expression", constraint.expression);
}

void fields(auto& archive, Is<MaintenanceSchedule> auto& maintenance) {
  archive.optional("target_tables", maintenance.target_tables);
  archive.optional("compact", maintenance.compact);
  archive.optional("vacuum", maintenance.vacuum);
  archive.optional("checkpoint", maintenance.checkpoint);
  archive.optional("metadata_cleanup", maintenance.metadata_cleanup);
  archive.optional("constraints", maintenance.constraints);
  archive.optional("max_parallel_tables", maintenance.max_parallel_tables);
  archive.optional("require_table_quiescence", maintenance.require_table_quiescence);
}

void fields(auto& archive, Is<RuntimeProfile> auto& profile) {
  archive.required("profile_name", profile.profile_name);
  archive.required("target_partitions", profile.target_partitions);
  archive.required("batch_size", profile.batch_size);
  archive.required("planning_concurrency", profile.planning_concurrency);
  archive.required("meta_fetch_concurrency", profile.meta_fetch_concurrency);
  archive.required("memory_pool_bytes", profile.memory_pool_bytes);
  archive.required("max_temp_directory_bytes", profile.max_temp_directory_bytes);
  archive.required("repartition_joins", profile.repartition_joins);
  archive.required("repartition_aggregations", profile.repartition_aggregations);
  archive.required("repartition_windows", profile.repartition_windows);
  archive.required("repartition_sorts", profile.repartition_sorts);
  archive.required("repartition_file_scans", profile.repartition_file_scans);
  archive.required("repartition_file_min_size", profile.repartition_file_min_size);
  archive.required("parquet_pruning", profile.parquet_pruning);
  archive.required("pushdown_filters", profile.pushdown_filters);
  archive.required("enable_page_index", profile.enable_page_index);
  archive.required("metadata_size_hint", profile.metadata_size_hint);
  archive.required("max_predicate_cache_size", profile.max_predicate_cache_size);
  archive.required("list_files_cache_limit", profile.list_files_cache_limit);
  archive.required("list_files_cache_ttl", profile.list_files_cache_ttl);
  archive.required("metadata_cache_limit", profile.metadata_cache_limit);
  archive.required("collect_statistics", profile.collect_statistics);
  archive.required("optimizer_max_passes", profile.optimizer_max_passes);
  archive.required("skip_failed_rules", profile.skip_failed_rules);
  archive.required("filter_null_join_keys", profile.filter_null_join_keys);
  archive.required("enable_dynamic_filter_pushdown", profile.enable_dynamic_filter_pushdown);
  archive.required("enable_join_dynamic_filter_pushdown",
                   profile.enable_join_dynamic_filter_pushdown);
  archive.required("enable_aggregate_dynamic_filter_pushdown",
                   profile.enable_aggregate_dynamic_filter_pushdown);
  archive.required("enable_topk_dynamic_filter_pushdown",
                   profile.enable_topk_dynamic_filter_pushdown);
  archive.required("enable_sort_pushdown", profile.enable_sort_pushdown);
  archive.required("allow_symmetric_joins_without_pruning",
                   profile.allow_symmetric_joins_without_pruning);
  archive.required("enable_recursive_ctes", profile.enable_recursive_ctes);
  archive.required("enable_ident_normalization", profile.enable_ident_normalization);
  archive.required("show_statistics", profile.show_statistics);
  archive.required("show_schema", profile.show_schema);
}

}  // namespace engine
