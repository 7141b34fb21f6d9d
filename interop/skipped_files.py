"""Conditions of many kinds on every column of a table, with and without leaving out files."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pyarrow as pa

from compared_tables import Ours, quoted
from generated_tables import Made

# They are arguments of one command.
QUERIES_AT_ONCE = 200


def conditions(column: str, kind: pa.DataType, values: list[str]) -> list[str]:
    found = [f"{column} IS NULL", f"{column} IS NOT NULL"]
    for value in values:
        found += [f"{column} {compared} {value}" for compared in ("=", "<>", "<", ">=")]
        found += [
            f"{column} IS DISTINCT FROM {value}",
            f"NOT ({column} > {value})",
            f"NOT ({column} = {value} OR {column} IS NULL)",
        ]
    if len(values) > 1:
        found += [
            f"{column} IN ({', '.join(values)})",
            f"{column} NOT IN ({', '.join(values)})",
            f"{column} BETWEEN {values[0]} AND {values[1]}",
            f"{column} NOT BETWEEN {values[1]} AND {values[0]}",
            f"{column} < {values[0]} OR {column} > {values[1]}",
            f"({column} = {values[0]} AND id > 3) OR ({column} = {values[1]} AND id <= 3)",
        ]
    if pa.types.is_integer(kind):
        found += [f"{column}::DOUBLE < {v}::DOUBLE" for v in values]
        found += [f"{column}::VARCHAR = {v}::VARCHAR" for v in values]
        found += [f"{column}::DECIMAL(38,2) <= {v}::DECIMAL(38,2)" for v in values]
    if pa.types.is_decimal(kind):
        found += [f"{column}::DOUBLE <= {v}::DOUBLE" for v in values]
    if pa.types.is_timestamp(kind):
        found += [f"{column}::DATE = {v}::DATE" for v in values]
        found += [f"{column}::DATE > {v}::DATE" for v in values]
    if pa.types.is_date(kind):
        found += [f"{column}::TIMESTAMP >= {v}::TIMESTAMP" for v in values]
        found += [f"{column}::TIMESTAMPTZ >= {v}::TIMESTAMPTZ" for v in values]
    if pa.types.is_string(kind):
        for length in (1, 2, 33):
            found += [f"starts_with({column}, substr({v}, 1, {length}))" for v in values]
        found += [f"{column} LIKE 'a%'", f"{column} LIKE 'z%z'", f"{column} NOT LIKE 'x%'"]
        found += [f"{column} LIKE '\uffff%'", f"{column} LIKE '🙂%'", f"length({column}) > 1"]
    if pa.types.is_floating(kind):
        found += [
            f"isnan({column})",
            f"{column}::DOUBLE > 1.5",
            f"{column}::DOUBLE = 'NaN'::DOUBLE",
        ]
    if pa.types.is_boolean(kind):
        found += [column, f"NOT {column}"]
    return found


def combined(rnd: random.Random, some: list[str], count: int) -> list[str]:
    """Conditions made of others, by AND, OR, NOT and what tells true, false and unknown apart."""
    shapes = [
        *("NOT ({0})", "({0}) AND ({1})", "({0}) OR ({1})", "({0}) OR NOT ({1})"),
        *("NOT (({0}) AND NOT ({1}))", "(({0}) OR ({1})) AND NOT ({2})", "({0}) IS NULL"),
        *("({0}) IS NOT TRUE", "({0}) IS FALSE", "coalesce({0}, true)", "coalesce({0}, false)"),
        *("({0}) = ({1})", "({0}) IS DISTINCT FROM ({1})", "({0}) <> false", "NOT (({0}) IS NULL)"),
        *("CASE WHEN {0} THEN {1} ELSE {2} END", "if({0}, {1}, NOT ({0}))", "({0}) IN ({1}, {2})"),
        *("(({0}) AND ({1})) OR (({0}) AND ({2}))", "NOT (({0}) OR (({1}) AND NOT ({2})))"),
    ]
    return [rnd.choice(shapes).format(*rnd.choices(some, k=3)) for _ in range(count)]


def literal(kind: str, text: str) -> str:
    return "'" + text.replace("'", "''") + f"'::{kind}"


def is_nested(kind: str) -> bool:
    """By DuckDB's name of the type."""
    return kind.startswith(("STRUCT", "MAP")) or kind.endswith("]")


def subqueries(scalars: list[str], top: list[str]) -> list[str]:
    """Queries for the count and sum of ids whose conditions are known only while they run: from
    the rows of a subquery, of a join's other side, of a top-n. {t} stands for the table."""
    asked = []
    for path in scalars:
        asked += [
            f"SELECT count(*), sum(id) FROM {{t}} WHERE {path} {test} (SELECT {path} "
            f"FROM {{t}} WHERE id % 4 = 0)"
            for test in ("IN", "NOT IN", "= ANY")
        ]
        asked += [
            f"SELECT count(*), sum(t.id) FROM {{t}} t {kind} JOIN (SELECT max({path}) AS k "
            f"FROM {{t}} WHERE id % 3 = 1) s ON t.{path} {compared} s.k"
            for kind, compared in (
                ("", ">="),
                ("", "<"),
                ("SEMI", "IS NOT DISTINCT FROM"),
                ("ANTI", "="),
            )
        ]
    asked += [
        f"SELECT count(*), sum(t.id) FROM {{t}} t JOIN (SELECT DISTINCT {path} AS k FROM "
        f"{{t}} WHERE id % 3 = 0) s ON t.{path} = s.k"
        for path in top
    ]
    asked += [
        f"SELECT count(*), NULL FROM (SELECT {path} FROM {{t}} ORDER BY {path} {order} LIMIT 2)"
        for path in top
        for order in ("ASC", "DESC NULLS LAST")
    ]
    return asked


def union_of(queries: list[str], first: int) -> str:
    return " UNION ALL ".join(
        f"SELECT {index} AS i, n::BIGINT AS n, s::HUGEINT::VARCHAR AS s FROM ({query}) q(n, s)"
        for index, query in enumerate(queries, first)
    )


def skipping_faults(codeanatomy: Path, scratch: Path, made: Made) -> list[str]:
    """Conditions for which a scan that leaves out files finds other rows than all rows tell."""
    ours = Ours(codeanatomy, made, scratch)
    whole = ours.scan()
    if whole.rows is None:
        return []
    rows = whole.rows
    rnd = random.Random(made.seed)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("arrow", rows)
        connection.execute("CREATE TABLE whole AS FROM arrow")
        asked: list[str] = []
        leaves = [
            (quoted(name), kind)
            for name, kind, *_ in connection.execute("DESCRIBE whole").fetchall()
        ]
        top = [path for path, _ in leaves]
        for path, kind in leaves:
            if kind.startswith("STRUCT") and not kind.endswith("]"):
                inner = connection.execute(f"SELECT {path} FROM whole").description
                fields = inner[0][1].children
                leaves += [(f"{path}.{quoted(name)}", str(field)) for name, field in fields]
                for test in ("IS NULL", "IS NOT NULL"):
                    asked.append(f"{path} {test}")
                continue
            if is_nested(kind):
                asked += [f"{path} IS NULL", f"{path} IS NOT NULL"]
                continue
            found = connection.execute(
                f"SELECT DISTINCT {path}::VARCHAR FROM whole WHERE {path} IS NOT NULL ORDER BY 1"
            ).fetchall()
            values = [literal(kind, text) for (text,) in rnd.sample(found, min(3, len(found)))]
            arrow_kind = connection.execute(f"SELECT {path} AS c FROM whole").to_arrow_table()
            asked += conditions(path, arrow_kind.schema.field(0).type, values)
        asked += combined(rnd, asked, 60)
        scan = ours.table
        expected = [
            connection.execute(f"SELECT count(*), sum(id) FROM whole WHERE {c}").fetchone()
            for c in asked
        ]
        joins = subqueries([path for path, kind in leaves if not is_nested(kind)], top)
        expected += [connection.execute(j.replace("{t}", "whole")).fetchone() for j in joins]
    queries = [f"SELECT count(*) n, sum(id) s FROM {scan} WHERE {c}" for c in asked]
    queries += [j.replace("{t}", scan) for j in joins]
    got: dict[int, tuple[int, str | None]] = {}
    for first in range(0, len(queries), QUERIES_AT_ONCE):
        answer = ours.sql(union_of(queries[first : first + QUERIES_AT_ONCE], first))
        if answer.error:
            return [f"conditions: {answer.error[:1000]}"]
        for index, count, total in zip(
            *(column.to_pylist() for column in answer.rows.columns), strict=True
        ):
            got[index] = (count, total)
    return [
        f"{queries[i]}: {got[i]}, of all rows {expected[i]}"
        for i in range(len(queries))
        if got[i] != (expected[i][0], None if expected[i][1] is None else str(expected[i][1]))
    ]
