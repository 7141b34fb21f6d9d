"""The transforms of a spec as contract/spec-v4.md tells them, row by row over lists.

Written from the contract's text, slow and plain, to hold the engine's answers against. A transform
that the contract leaves open, or that would be refused, raises UnfitError.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from plain_functions import stable_id, stable_id_parts, utf8_normalize

Row = dict[str, Any]


class UnfitError(Exception):
    """The sources do not go together in this transform."""


@dataclass
class Relation:
    """Rows with the columns' types by their names, in order: int, str, float or struct."""

    types: dict[str, str]
    rows: list[Row] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        return list(self.types)

    def of_type(self, *types: str) -> list[str]:
        return [column for column, kind in self.types.items() if kind in types]


def new_columns(source: Relation, added: dict[str, str]) -> dict[str, str]:
    if any(name in source.types for name in added):
        raise UnfitError
    return source.types | added


def project(source: Relation, columns: list[str]) -> Relation:
    types = {column: source.types[column] for column in columns}
    return Relation(types, [{column: row[column] for column in columns} for row in source.rows])


def filtered(source: Relation, keeps: Callable[[Row], bool]) -> Relation:
    return Relation(source.types, [row for row in source.rows if keeps(row)])


def one_more(number: int | None) -> int | None:
    return None if number is None else number + 1


def derive(source: Relation, computed: dict[str, tuple[str, Callable[[Row], Any]]]) -> Relation:
    """A name that is there is replaced in place; every value is computed from the source's row."""
    types = source.types | {name: kind for name, (kind, _) in computed.items()}
    return Relation(
        types,
        [row | {name: value(row) for name, (_, value) in computed.items()} for row in source.rows],
    )


def union(sources: dict[str, Relation], order: list[str], tag: str | None, one: bool) -> Relation:
    """By name, missing columns null, columns sorted; `tag` holds the source's name."""
    types: dict[str, str] = {}
    for name in order:
        for column, kind in sources[name].types.items():
            if types.setdefault(column, kind) != kind:
                raise UnfitError
    if tag is not None:
        if tag in types:
            raise UnfitError
        types[tag] = "str"
    types = {column: types[column] for column in sorted(types)}
    rows = []
    for name in order:
        for row in sources[name].rows:
            united = {column: row.get(column) for column in types}
            rows.append(united if tag is None else united | {tag: name})
    if one:
        rows = list({json.dumps(row): row for row in rows}.values())
    return Relation(types, rows)


def in_byte_order(value: Any) -> Any:
    return value.encode() if isinstance(value, str) else value


AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "sum": sum,
    "avg": lambda values: sum(values) / len(values),
    "min": lambda values: min(values, key=in_byte_order),
    "max": lambda values: max(values, key=in_byte_order),
}


def aggregate(source: Relation, keys: list[str], wanted: list[dict[str, str]]) -> Relation:
    groups: dict[tuple[Any, ...], list[Row]] = {} if keys else {(): []}
    for row in source.rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    types = {key: source.types[key] for key in keys}
    for one in wanted:
        if one["alias"] in types:
            raise UnfitError
        kinds = {"count": "int", "avg": "float"}
        types[one["alias"]] = kinds.get(one["function"], source.types[one["column"]])
    rows = []
    for values_of_keys, members in groups.items():
        result = dict(zip(keys, values_of_keys, strict=True))
        for one in wanted:
            values = [row[one["column"]] for row in members if row[one["column"]] is not None]
            if one["function"] == "count":
                result[one["alias"]] = len(values)
            else:
                result[one["alias"]] = AGGREGATES[one["function"]](values) if values else None
        rows.append(result)
    return Relation(types, rows)


def normalize(
    view: str,
    source_name: str,
    source: Relation,
    ids: list[str],
    span: list[str] | None,
    texts: list[str],
) -> Relation:
    types = new_columns(source, {"entity_id": "str"})
    if span is not None:
        types = new_columns(Relation(types), {"span": "struct"})
    types = new_columns(Relation(types), {f"{text}_normalized": "str" for text in texts})

    def entity_id(row: Row) -> str | None:
        if not ids:
            return stable_id(view, source_name)
        if len(ids) == 1:
            value = row[ids[0]]
            return stable_id(view, None if value is None else str(value))
        return stable_id_parts(view, *(row[column] for column in ids))

    def span_of(row: Row) -> Row | None:
        start, end = (row[column] for column in span or [])
        if start is None or end is None:
            return None
        rest = {"line_base": 0, "col_unit": "byte", "end_exclusive": True}
        return {"bstart": start, "bend": end} | rest

    rows = []
    for row in source.rows:
        result = row | {"entity_id": entity_id(row)}
        if span is not None:
            result["span"] = span_of(row)
        rows.append(result | {f"{text}_normalized": utf8_normalize(row[text]) for text in texts})
    return Relation(types, rows)


def bound(pairs: Iterable[tuple[str, str]], end: str) -> tuple[str, str] | None:
    def names_it(name: str) -> bool:
        return name == end or name.endswith(f"_{end}")

    return next((pair for pair in pairs if all(map(names_it, pair))), None)


def relate(
    left: Relation, right_name: str, right: Relation, how: str, pairs: list[tuple[str, str]]
) -> Relation:
    start, end = bound(pairs, "bstart"), bound(pairs, "bend")
    spans = start is not None and end is not None
    if spans and how not in ("Inner", "Left"):
        raise UnfitError
    if any(left.types[a] != right.types[b] for a, b in pairs):
        raise UnfitError
    equal = [pair for pair in pairs if not (spans and pair in (start, end))]
    common = {a for a, b in equal if a == b}
    renamed = {
        column: f"{right_name}__{column}" if column in left.types else column
        for column in right.types
        if column not in common
    }
    types = new_columns(left, {renamed[column]: right.types[column] for column in renamed})
    if len(types) != len(left.types) + len(renamed):
        raise UnfitError

    def match(a: Row, b: Row) -> bool:
        if any(a[x] is None or a[x] != b[y] for x, y in equal):
            return False
        if not spans:
            return True
        outer, inner = (a[start[0]], a[end[0]]), (b[start[1]], b[end[1]])
        return None not in (*outer, *inner) and outer[0] <= inner[0] and inner[1] <= outer[1]

    if how in ("Semi", "Anti"):
        kept = [a for a in left.rows if any(match(a, b) for b in right.rows) == (how == "Semi")]
        return Relation(left.types, kept)
    rows: list[Row] = []
    matched: set[int] = set()
    for a in left.rows:
        found = [i for i, b in enumerate(right.rows) if match(a, b)]
        matched.update(found)
        rows += [a | {renamed[c]: right.rows[i][c] for c in renamed} for i in found]
        if not found and how in ("Left", "Full"):
            rows.append(a | dict.fromkeys(renamed.values()))
    if how in ("Right", "Full"):
        for i, b in enumerate(right.rows):
            if i not in matched:
                keys = {c: b[c] if c in common else None for c in left.types}
                rows.append(keys | {renamed[c]: b[c] for c in renamed})
    return Relation(types, rows)
