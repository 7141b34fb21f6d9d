"""The form of a spec as contract/spec-v4.md tells it, its canonical form, and random specs.

Written from the contract's text, without a look at the engine's own code: what both agree on is
what the contract says.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

REQUIRED = object()


@dataclass(frozen=True)
class Form:
    """What a JSON value must be: how one is made, and how it is filled in."""

    make: Callable[[random.Random], Any]
    fill: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True)
class Pairs:
    """A JSON object as it is written: in this order."""

    pairs: tuple[tuple[str, Any], ...]


TEXTS = [
    "",
    "a",
    "x y",
    "tab\t",
    'q"',
    "a\\b",
    "\n",
    "\x00",
    "\x1f",
    "\x7f",
    "ü",
    "日本",
    "😀",
    "ﬁ",
    "/",
]


def text(r: random.Random) -> str:
    return r.choice(TEXTS) + r.choice(["", str(r.randrange(100))])


def integer(low: int, high: int) -> Form:
    edges = [n for n in (low, high, 0, 1, 2**31, 2**53 + 1) if low <= n <= high]
    return Form(lambda r: r.choice(edges) if r.random() < 0.5 else r.randint(low, min(high, 999)))


def floating(r: random.Random) -> Any:
    if r.random() < 0.2:
        return r.randrange(-1000, 1000)
    if r.random() < 0.5:
        return r.choice([0.0, -0.0, 0.1, 1e16, 1e15, 123456.0, 1e-5, 1e-6, 1e300, 1.5e-7, 1 / 3])
    return round(r.uniform(-1e6, 1e6), 3)


def anything(r: random.Random, depth: int = 0) -> Any:
    kind = r.randrange(5 if depth > 2 else 7)
    if kind == 5:
        return [anything(r, depth + 1) for _ in range(r.randrange(4))]
    if kind == 6:
        return Pairs(tuple((text(r), anything(r, depth + 1)) for _ in range(r.randrange(4))))
    whole = r.choice([0, -1, 2**53 + 1, 2**63, 2**64 - 1, -(2**63), 2**64, 10**30])
    return [None, r.random() < 0.5, whole, floating(r), text(r)][kind]


def as_plain(value: Any) -> Any:
    """A value without forms: of a key that is repeated, the last value."""
    if isinstance(value, Pairs):
        return {key: as_plain(member) for key, member in value.pairs}
    if isinstance(value, list):
        return [as_plain(element) for element in value]
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**64:
        return float(value)
    return value


TEXT = Form(text)
BOOL = Form(lambda r: r.random() < 0.5)
U64 = integer(0, 2**64 - 1)
U32 = integer(0, 2**32 - 1)
I64 = integer(-(2**63), 2**63 - 1)
FLOAT = Form(floating, float)
JSON = Form(anything, as_plain)


def one_of(*names: str) -> Form:
    return Form(lambda r: r.choice(names))


def many(form: Form, least: int = 0) -> Form:
    return Form(
        lambda r: [form.make(r) for _ in range(least + r.randrange(3))],
        lambda values: [form.fill(value) for value in values],
    )


def or_null(form: Form) -> Form:
    return Form(
        lambda r: None if r.random() < 0.4 else form.make(r),
        lambda value: None if value is None else form.fill(value),
    )


def mapping(form: Form) -> Form:
    def make(r: random.Random) -> Pairs:
        keys = {text(r) for _ in range(r.randrange(4))}
        return Pairs(tuple((key, form.make(r)) for key in keys))

    return Form(make, lambda value: {key: form.fill(member) for key, member in value.pairs})


def as_object(**fields: tuple[Form, Any]) -> Form:
    """Fields by name, each with its form and its default or REQUIRED."""

    def make(r: random.Random) -> Pairs:
        pairs = [
            (name, form.make(r))
            for name, (form, default) in fields.items()
            if default is REQUIRED or r.random() < 0.5
        ]
        r.shuffle(pairs)
        return Pairs(tuple(pairs))

    def fill(value: Pairs) -> dict[str, Any]:
        given = dict(value.pairs)
        return {
            name: form.fill(given[name]) if name in given else default
            for name, (form, default) in fields.items()
        }

    return Form(make, fill)


def tagged(tag: str, forms: dict[str, Form]) -> Form:
    def make(r: random.Random) -> Pairs:
        name = r.choice(list(forms))
        pairs = [*forms[name].make(r).pairs, (tag, name)]
        r.shuffle(pairs)
        return Pairs(tuple(pairs))

    def fill(value: Pairs) -> dict[str, Any]:
        name = dict(value.pairs)[tag]
        return {tag: name} | forms[name].fill(value)

    return Form(make, fill)


def need(form: Form) -> tuple[Form, Any]:
    return form, REQUIRED


JOIN_TYPE = one_of("Inner", "Left", "Right", "Full", "Semi", "Anti")
SOURCE = need(TEXT)
NAMES = need(many(TEXT))

TRANSFORM = tagged(
    "kind",
    {
        "Normalize": as_object(
            source=SOURCE,
            id_columns=NAMES,
            span_columns=need(or_null(Form(lambda r: [text(r), text(r)]))),
            text_columns=NAMES,
        ),
        "Relate": as_object(
            left=SOURCE,
            right=SOURCE,
            join_type=need(JOIN_TYPE),
            join_keys=need(many(as_object(left_key=need(TEXT), right_key=need(TEXT)), least=1)),
        ),
        "Union": as_object(
            sources=NAMES, discriminator_column=need(or_null(TEXT)), distinct=need(BOOL)
        ),
        "Project": as_object(source=SOURCE, columns=NAMES),
        "Filter": as_object(source=SOURCE, predicate=need(TEXT)),
        "Aggregate": as_object(
            source=SOURCE,
            group_by=NAMES,
            aggregations=need(
                many(as_object(column=need(TEXT), function=need(TEXT), alias=need(TEXT)))
            ),
        ),
        "IncrementalCdf": as_object(
            source=SOURCE,
            starting_version=(or_null(I64), None),
            ending_version=(or_null(I64), None),
            starting_timestamp=(or_null(TEXT), None),
            ending_timestamp=(or_null(TEXT), None),
        ),
        "Metadata": as_object(source=SOURCE),
        "FileManifest": as_object(source=SOURCE),
        "Derive": as_object(
            source=SOURCE,
            columns=need(many(as_object(name=need(TEXT), expression=need(TEXT)), least=1)),
        ),
        "CpgEmit": as_object(
            output_kind=need(
                one_of("Nodes", "Edges", "Props", "PropsMap", "EdgesBySrc", "EdgesByDst")
            ),
            sources=(many(TEXT), []),
        ),
    },
)

RULE_INTENT = as_object(
    name=need(TEXT),
    **{"class": need(one_of("SemanticIntegrity", "DeltaScanAware", "CostShape", "Safety"))},
    params=need(JSON),
)

EXPORT_POLICY_DEFAULTS = {
    "traces_sampler": "parentbased_always_on",
    "traces_sampler_arg": None,
    "bsp_max_queue_size": 2048,
    "bsp_max_export_batch_size": 512,
    "bsp_schedule_delay_ms": 5000,
    "bsp_export_timeout_ms": 30000,
}
EXPORT_POLICY = as_object(
    traces_sampler=(TEXT, EXPORT_POLICY_DEFAULTS["traces_sampler"]),
    traces_sampler_arg=(or_null(FLOAT), None),
    bsp_max_queue_size=(U64, 2048),
    bsp_max_export_batch_size=(U64, 512),
    bsp_schedule_delay_ms=(U64, 5000),
    bsp_export_timeout_ms=(U64, 30000),
)

TRACING_FIELDS: dict[str, tuple[Form, Any]] = {
    "enabled": (BOOL, False),
    # False when a tracing object is given without it, true when the whole object is absent.
    "record_metrics": (BOOL, False),
    "rule_mode": (one_of("Disabled", "PhaseOnly", "Full"), "Disabled"),
    "plan_diff": (BOOL, False),
    "preview_limit": (U32, 0),
    "preview_redaction_mode": (one_of("None", "DenyList", "AllowList"), "None"),
    "preview_redacted_columns": (many(TEXT), []),
    "preview_redaction_token": (TEXT, "[REDACTED]"),
    "preview_max_width": (U32, 96),
    "preview_max_row_height": (U32, 4),
    "preview_min_compacted_col_width": (U32, 10),
    "instrument_object_store": (BOOL, False),
    "otlp_endpoint": (or_null(TEXT), None),
    "otlp_protocol": (or_null(one_of("http/protobuf", "http/json", "grpc")), None),
    "otel_service_name": (or_null(TEXT), None),
    "otel_resource_attributes": (mapping(TEXT), {}),
    "custom_span_fields": (mapping(TEXT), {}),
    "export_policy": (EXPORT_POLICY, EXPORT_POLICY_DEFAULTS),
}
TRACING_DEFAULTS = {name: default for name, (_, default) in TRACING_FIELDS.items()} | {
    "record_metrics": True
}

SWITCHES = [
    "compliance_capture",
    "capture_substrait",
    "capture_optimizer_lab",
    "capture_delta_codec",
    "enable_tracing",
    "enable_rule_tracing",
    "enable_plan_preview",
    "enable_function_factory",
    "enable_domain_planner",
    "enable_relation_planner",
]
GOVERNANCE = one_of("strict_allowlist", "warn_on_unregistered", "permissive")
RUNTIME_FIELDS: dict[str, tuple[Form, Any]] = {
    **dict.fromkeys(SWITCHES, (BOOL, False)),
    "tuner_mode": (one_of("Off", "Observe", "Apply"), "Off"),
    "pushdown_enforcement_mode": (one_of("warn", "strict", "disabled"), "warn"),
    "extension_governance_mode": (GOVERNANCE, "permissive"),
    "lineage_tags": (mapping(TEXT), {}),
    "tracing_preset": (or_null(one_of("Maximal", "MaximalNoData", "ProductionLean")), None),
    "tracing": (as_object(**TRACING_FIELDS), TRACING_DEFAULTS),
}
RUNTIME_DEFAULTS = {name: default for name, (_, default) in RUNTIME_FIELDS.items()}

PROFILE_FLAGS = [
    "repartition_joins", "repartition_aggregations", "repartition_windows", "repartition_sorts",
    "repartition_file_scans", "parquet_pruning", "pushdown_filters", "enable_page_index",
    "collect_statistics", "skip_failed_rules", "filter_null_join_keys",
    "enable_dynamic_filter_pushdown", "enable_join_dynamic_filter_pushdown",
    "enable_aggregate_dynamic_filter_pushdown", "enable_topk_dynamic_filter_pushdown",
    "enable_sort_pushdown", "allow_symmetric_joins_without_pruning", "enable_recursive_ctes",
    "enable_ident_normalization", "show_statistics", "show_schema",
]  # fmt: skip
PROFILE_NUMBERS = [
    "target_partitions", "batch_size", "planning_concurrency", "meta_fetch_concurrency",
    "memory_pool_bytes", "max_temp_directory_bytes", "repartition_file_min_size",
    "metadata_size_hint", "list_files_cache_limit", "metadata_cache_limit",
    "optimizer_max_passes",
]  # fmt: skip
RUNTIME_PROFILE = as_object(
    profile_name=need(TEXT),
    max_predicate_cache_size=need(or_null(U32)),
    list_files_cache_ttl=need(or_null(TEXT)),
    **{name: need(BOOL) for name in PROFILE_FLAGS},
    **{name: need(U32) for name in PROFILE_NUMBERS},
)

DATE = Form(lambda r: f"2024-02-{r.randint(1, 29):02}")
TIMESTAMP = Form(
    lambda r: f"2024-02-29T01:02:{r.randint(0, 59):02}{r.choice(['', '.5', '.123456'])}"
)
TYPED_PARAMETER = as_object(
    label=(or_null(TEXT), None),
    target=need(
        tagged(
            "kind",
            {
                "PlaceholderPos": as_object(position=need(integer(1, 2**32 - 1))),
                "FilterEq": as_object(base_table=(or_null(TEXT), None), filter_column=need(TEXT)),
            },
        )
    ),
    value=need(
        tagged(
            "type",
            {
                "Utf8": as_object(value=need(TEXT)),
                "Int64": as_object(value=need(I64)),
                "Float64": as_object(value=need(FLOAT)),
                "Boolean": as_object(value=need(BOOL)),
                "Date": as_object(value=need(DATE)),
                "Timestamp": as_object(value=need(TIMESTAMP)),
                "Null": as_object(value=need(as_object(data_type=need(TEXT)))),
            },
        )
    ),
)

MAINTENANCE = as_object(
    target_tables=(many(TEXT), []),
    compact=(or_null(as_object(target_file_size=(U64, 536870912))), None),
    vacuum=(
        or_null(
            as_object(
                retention_hours=need(U32),
                require_protocol_check=(BOOL, True),
                dry_run_first=(BOOL, False),
            )
        ),
        None,
    ),
    checkpoint=(BOOL, False),
    metadata_cleanup=(BOOL, False),
    constraints=(many(as_object(name=need(TEXT), expression=need(TEXT))), []),
    max_parallel_tables=(U32, 1),
    require_table_quiescence=(BOOL, False),
)

SPEC = as_object(
    version=need(integer(4, 2**32 - 1)),
    input_relations=need(
        many(
            as_object(
                logical_name=need(TEXT),
                delta_location=need(TEXT),
                requires_lineage=(BOOL, False),
                version_pin=(or_null(I64), None),
            )
        )
    ),
    view_definitions=need(
        many(
            as_object(
                name=need(TEXT),
                view_kind=need(TEXT),
                view_dependencies=NAMES,
                transform=need(TRANSFORM),
                output_schema=need(as_object(columns=need(mapping(TEXT)))),
            ),
            least=1,
        )
    ),
    join_graph=need(
        as_object(
            edges=need(
                many(
                    as_object(
                        left_relation=need(TEXT),
                        right_relation=need(TEXT),
                        join_type=need(JOIN_TYPE),
                        left_keys=NAMES,
                        right_keys=NAMES,
                    )
                )
            ),
            constraints=need(
                many(
                    as_object(
                        name=need(TEXT), constraint_type=need(TEXT), relations=NAMES, columns=NAMES
                    )
                )
            ),
        )
    ),
    output_targets=need(
        many(
            as_object(
                table_name=need(TEXT),
                delta_location=(or_null(TEXT), None),
                source_view=need(TEXT),
                columns=NAMES,
                materialization_mode=(one_of("Append", "Overwrite"), "Overwrite"),
                partition_by=(many(TEXT), []),
                write_metadata=(mapping(TEXT), {}),
                max_commit_retries=(or_null(U32), None),
            ),
            least=1,
        )
    ),
    rule_intents=need(many(RULE_INTENT)),
    rulepack_profile=need(one_of("Default", "LowLatency", "Replay", "Strict")),
    runtime=(as_object(**RUNTIME_FIELDS), RUNTIME_DEFAULTS),
    typed_parameters=(many(TYPED_PARAMETER), []),
    rule_overlay=(
        or_null(
            as_object(
                additional_intents=need(many(RULE_INTENT)),
                exclude_rules=NAMES,
                priority_overrides=need(
                    many(
                        as_object(rule_name=need(TEXT), priority=need(integer(-(2**31), 2**31 - 1)))
                    )
                ),
                explain_per_rule=need(BOOL),
            )
        ),
        None,
    ),
    runtime_profile=(or_null(RUNTIME_PROFILE), None),
    cache_policy=(
        or_null(
            as_object(
                min_fanout=need(U32),
                min_estimated_rows=need(or_null(U64)),
                cache_memory_budget=need(or_null(U64)),
                use_historical_metrics=need(BOOL),
                overrides=need(
                    many(
                        as_object(
                            view_name=need(TEXT), action=need(one_of("ForceCache", "NeverCache"))
                        )
                    )
                ),
            )
        ),
        None,
    ),
    maintenance=(or_null(MAINTENANCE), None),
)


def random_spec(r: random.Random) -> Pairs:
    return SPEC.make(r)


def json_text(value: Any, r: random.Random) -> str:
    """The value in one of the ways that JSON can be written in: with spaces, with escapes."""
    space = r.choice(["", "", " ", "\n\t"])
    if isinstance(value, Pairs):
        members = [f"{json_text(k, r)}{space}:{space}{json_text(v, r)}" for k, v in value.pairs]
        return "{" + space + f",{space}".join(members) + space + "}"
    if isinstance(value, list):
        return "[" + space + f",{space}".join(json_text(element, r) for element in value) + "]"
    if isinstance(value, str):
        written = json.dumps(value, ensure_ascii=r.random() < 0.5)
        return written.replace("/", "\\/") if r.random() < 0.2 else written
    return json.dumps(value)


def number_text(value: float) -> str:
    """The shortest digits that read back, without an exponent from 1e-5 up to 1e16."""
    sign, digits, power = Decimal(repr(value)).normalize().as_tuple()
    figures = "".join(map(str, digits))
    point = len(figures) + int(power)  # how many figures are before it
    if value == 0:
        body = "0.0"
    elif not -5 <= point - 1 < 16:
        rest = f".{figures[1:]}" if len(figures) > 1 else ""
        body = f"{figures[0]}{rest}e{'+' if point > 1 else ''}{point - 1}"
    elif point <= 0:
        body = "0." + "0" * -point + figures
    else:
        body = f"{figures[:point].ljust(point, '0')}.{figures[point:] or '0'}"
    return "-" * sign + body


def compact(value: Any) -> str:
    """The canonical bytes: keys by code point, no spaces, nothing escaped but what must be."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{compact(k)}:{compact(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    if isinstance(value, float):
        return number_text(value)
    return json.dumps(value, ensure_ascii=False)


def canonical(spec: Pairs) -> str:
    return compact(SPEC.fill(spec))


@dataclass
class Places:
    """Where the objects of a spec are, with the JSON paths of their fields."""

    found: list[tuple[tuple[str | int, ...], Pairs]] = field(default_factory=list)

    def walk(self, value: Any, at: tuple[str | int, ...] = ()) -> None:
        if at and at[-1] == "params":
            return
        members: Iterable[tuple[str | int, Any]] = ()
        if isinstance(value, Pairs):
            self.found.append((at, value))
            members = value.pairs
        elif isinstance(value, list):
            members = enumerate(value)
        for key, member in members:
            self.walk(member, (*at, key))


def replaced(value: Any, at: tuple[str | int, ...], by: Any) -> Any:
    """The value with what is at that place replaced."""
    if not at:
        return by
    if isinstance(value, Pairs):
        return Pairs(
            tuple((k, replaced(v, at[1:], by) if k == at[0] else v) for k, v in value.pairs)
        )
    return [replaced(v, at[1:], by) if i == at[0] else v for i, v in enumerate(value)]


def path_text(at: Iterable[str | int]) -> str:
    result = "$"
    for step in at:
        if isinstance(step, int):
            result += f"[{step}]"
        elif step.isascii() and step.isidentifier():
            result += f".{step}"
        else:
            result += f"[{compact(step)}]"
    return result
