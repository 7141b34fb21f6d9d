"""Graphs of random transforms over random rows, against contract/spec-v4.md read anew."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import plain_transforms as plain
from plain_transforms import Relation, UnfitError

VIEWS = 8
MOST_ROWS = 2000
COLUMNS = ["path", "bstart", "bend", "k", "x y", "Ünï", "select", "v", "w_bstart", "w_bend"]
TEXTS = ["a", "b", " A  b", "é", "", "ﬁ"]
SQL_TYPES = {"int": "BIGINT", "str": "VARCHAR"}

# A transform's fields in the spec, and what it gives.
Made = tuple[dict[str, Any], Relation]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def run(codeanatomy: Path, folder: Path, *arguments: str) -> str:
    result = subprocess.run([codeanatomy, *arguments], cwd=folder, capture_output=True, timeout=120)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout.decode()


def random_relation(r: random.Random) -> Relation:
    types = {}
    for column in r.sample(COLUMNS, r.randint(2, 5)):
        is_bound = column.endswith(("bstart", "bend"))
        types[column] = "int" if is_bound or r.random() < 0.4 else "str"

    def value(kind: str) -> Any:
        if r.random() < 0.2:
            return None
        return r.randrange(6) if kind == "int" else r.choice(TEXTS)

    rows = [
        {column: value(kind) for column, kind in types.items()}
        for _ in range(r.choice([0, 1, 3, 8, 20]))
    ]
    return Relation(types, rows)


def write_table(codeanatomy: Path, folder: Path, name: str, table: Relation) -> None:
    """By way of a Parquet file, which keeps the types of a table without rows."""
    lines = folder / f"{name}.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in table.rows), "utf-8")
    types = ", ".join(f"'{c}': '{SQL_TYPES[kind]}'" for c, kind in table.types.items())
    query = f"FROM read_json('{lines}', format = 'newline_delimited', columns = {{{types}}})"
    if not table.rows:
        nulls = (f"NULL::{SQL_TYPES[kind]} AS {quoted(c)}" for c, kind in table.types.items())
        query = f"SELECT {', '.join(nulls)} LIMIT 0"
    run(codeanatomy, folder, "sql", query, "-o", f"{name}.parquet")
    run(codeanatomy, folder, "delta", "write", name, "--from", f"{name}.parquet")


class Maker:
    """Makes transforms over the relations that are there."""

    def __init__(self, r: random.Random, relations: dict[str, Relation]) -> None:
        self.r = r
        self.relations = relations

    def any_source(self) -> tuple[str, Relation]:
        name = self.r.choice(list(self.relations))
        return name, self.relations[name]

    def some(self, columns: list[str], least: int, most: int) -> list[str]:
        if len(columns) < least:
            raise UnfitError
        return self.r.sample(columns, self.r.randint(least, min(most, len(columns))))

    def project(self, _: str) -> Made:
        name, source = self.any_source()
        columns = self.some(source.columns, 1, 9)
        return {"source": name, "columns": columns}, plain.project(source, columns)

    def filter(self, _: str) -> Made:
        name, source = self.any_source()
        column = self.r.choice(source.columns)
        predicate = f"{quoted(column)} IS NULL OR true = false"
        keeps: Callable[[plain.Row], bool] = lambda row: row[column] is None  # noqa: E731
        if source.types[column] == "int":
            least = self.r.randrange(5)
            predicate = f"{quoted(column)} > {least} -- and no null"
            keeps = lambda row: row[column] is not None and row[column] > least  # noqa: E731
        return {"source": name, "predicate": predicate}, plain.filtered(source, keeps)

    def derive(self, _: str) -> Made:
        name, source = self.any_source()
        columns = []
        computed: dict[str, tuple[str, Callable[[plain.Row], Any]]] = {}
        for new in self.r.sample(["n", "k", "path", "v"], self.r.randint(1, 2)):
            numbers = source.of_type("int")
            if numbers and self.r.random() < 0.6:
                old = self.r.choice(numbers)
                columns.append({"name": new, "expression": f"{quoted(old)} + 1"})
                computed[new] = ("int", lambda row, old=old: plain.one_more(row[old]))
            else:
                columns.append({"name": new, "expression": "'it''s' /* text */"})
                computed[new] = ("str", lambda _: "it's")
        return {"source": name, "columns": columns}, plain.derive(source, computed)

    def union(self, _: str) -> Made:
        order = [self.any_source()[0] for _ in range(self.r.randint(1, 3))]
        tag = self.r.choice([None, "from", "k"])
        one = self.r.random() < 0.5
        fields = {"sources": order, "discriminator_column": tag, "distinct": one}
        return fields, plain.union(self.relations, order, tag, one)

    def aggregate(self, _: str) -> Made:
        name, source = self.any_source()
        keys = self.some(source.of_type("int", "str"), 0, 2)
        wanted = []
        for i in range(self.r.randint(0 if keys else 1, 3)):
            function = self.r.choice(["count", "sum", "avg", "min", "max"])
            of = ("int",) if function in ("sum", "avg") else ("int", "str")
            column = self.some(source.of_type(*of), 1, 1)[0]
            wanted.append({"column": column, "function": function, "alias": f"a{i}"})
        fields = {"source": name, "group_by": keys, "aggregations": wanted}
        return fields, plain.aggregate(source, keys, wanted)

    def normalize(self, view: str) -> Made:
        name, source = self.any_source()
        ids = self.some(source.of_type("int", "str"), 0, 3)
        numbers = source.of_type("int")
        span = self.r.sample(numbers, 2) if len(numbers) > 1 and self.r.random() < 0.6 else None
        texts = self.some(source.of_type("str"), 0, 2)
        fields = {"source": name, "id_columns": ids, "span_columns": span, "text_columns": texts}
        return fields, plain.normalize(view, name, source, ids, span, texts)

    def relate(self, _: str) -> Made:
        (left_name, left), (right_name, right) = self.any_source(), self.any_source()
        possible = [
            (a, b)
            for a in left.of_type("int", "str")
            for b in right.of_type("int", "str")
            if left.types[a] == right.types[b]
        ]
        if not possible:
            raise UnfitError
        pairs = self.r.sample(possible, self.r.randint(1, min(3, len(possible))))
        bounds = [
            [pair for pair in possible if all(name.endswith(end) for name in pair)]
            for end in ("bstart", "bend")
        ]
        if all(bounds) and self.r.random() < 0.6:
            pairs = list(dict.fromkeys([pairs[0], *map(self.r.choice, bounds)]))
            self.r.shuffle(pairs)
        how = self.r.choice(["Inner", "Left", "Right", "Full", "Semi", "Anti"])
        fields = {
            "left": left_name,
            "right": right_name,
            "join_type": how,
            "join_keys": [{"left_key": a, "right_key": b} for a, b in pairs],
        }
        return fields, plain.relate(left, right_name, right, how, pairs)


def add_views(r: random.Random, relations: dict[str, Relation]) -> list[dict[str, Any]]:
    maker = Maker(r, relations)
    kinds = {
        "Project": maker.project,
        "Filter": maker.filter,
        "Derive": maker.derive,
        "Union": maker.union,
        "Aggregate": maker.aggregate,
        "Normalize": maker.normalize,
        "Relate": maker.relate,
    }
    views: list[dict[str, Any]] = []
    while len(views) < VIEWS:
        name = f"view {len(views)}"
        kind = r.choice([*kinds, "Relate"])
        try:
            fields, result = kinds[kind](name)
        except UnfitError:
            continue
        if len(result.rows) > MOST_ROWS:
            continue
        sources = {fields.get("source"), fields.get("left"), fields.get("right")}
        sources |= set(fields.get("sources", []))
        views.append(
            {
                "name": name,
                "view_kind": "random",
                "view_dependencies": [view["name"] for view in views if view["name"] in sources],
                "transform": {"kind": kind} | fields,
                "output_schema": {"columns": {}},
            }
        )
        relations[name] = result
    return views


def spec_of(r: random.Random, inputs: list[str], views: list[dict[str, Any]]) -> dict[str, Any]:
    policy = {
        "min_fanout": r.choice([1, 2, 99]),
        "min_estimated_rows": None,
        "cache_memory_budget": None,
        "use_historical_metrics": False,
        "overrides": [],
    }
    return {
        "version": 4,
        "input_relations": [{"logical_name": name, "delta_location": name} for name in inputs],
        "view_definitions": views,
        "join_graph": {"edges": [], "constraints": []},
        "output_targets": [
            {
                "table_name": f"out {view['name']}",
                "delta_location": f"out/{view['name']}",
                "source_view": view["name"],
                "columns": [],
            }
            for view in views
        ],
        "rule_intents": [],
        "rulepack_profile": "Default",
        "cache_policy": r.choice([None, policy]),
    }


def sorted_rows(rows: list[plain.Row]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


@pytest.mark.parametrize("seed", range(8))
def test_random_graphs_of_transforms(codeanatomy: Path, tmp_path: Path, seed: int) -> None:
    r = random.Random(seed)
    inputs = ["in1", "in 2"]
    relations = {name: random_relation(r) for name in inputs}
    for name in inputs:
        write_table(codeanatomy, tmp_path, name, relations[name])
    views = add_views(r, relations)
    (tmp_path / "spec.json").write_text(json.dumps(spec_of(r, inputs, views)), "utf-8")
    run(codeanatomy, tmp_path, "run", "spec.json", "--progress", "none")

    of_all = " UNION ALL ".join(
        f"SELECT '{view['name']}' AS view, to_json(t)::VARCHAR AS json"
        f" FROM delta_scan('out/{view['name']}') AS t"
        for view in views
    )
    found: dict[str, list[plain.Row]] = {view["name"]: [] for view in views}
    for line in run(codeanatomy, tmp_path, "sql", of_all, "--format", "jsonl").split("\n"):
        if line:
            row = json.loads(line)
            found[row["view"]].append(json.loads(row["json"]))
    for view in views:
        expected = relations[view["name"]]
        rows = found[view["name"]]
        assert sorted_rows(rows) == sorted_rows(expected.rows), view
        assert all(list(row) == expected.columns for row in rows), view
