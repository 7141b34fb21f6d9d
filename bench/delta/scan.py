"""Queries over a table of 20 million rows, beside those over its Parquet files alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import table_20m
from case import OURS, Case
from paths import ours, peer

FULL = "CAST(sum(n) AS BIGINT), sum(m), sum(d), min(s), max(s), min(t), max(t)"
COLUMN = "CAST(sum(n) AS BIGINT)"
FEW = "CAST(sum(n) AS BIGINT), max(s)"
MIDDLE = table_20m.COUNT // 2


def case(
    name: str,
    about: str,
    columns: str,
    condition: str = "TRUE",
    table: Callable[[], Path] = table_20m.whole,
) -> Case:
    def query(source: str, more: str = "TRUE") -> str:
        return f"SELECT {columns} FROM {source} t WHERE {condition} AND {more}"

    def parquet_files(made: Path) -> list[str]:
        source = f"read_parquet('{made}/*.parquet')"
        if table is table_20m.whole:
            return ours("delta_query", query(source))
        # It is timed with all rows, as if none were deleted.
        return ours("delta_query", query(source), query(source, f"NOT ({table_20m.DELETED})"))

    return Case(
        name=name,
        about=about,
        prepare=lambda _: table(),
        peers={
            OURS: lambda made, _: ours("delta_query", query(f"delta_scan('{made}')")),
            "DuckDB, the Parquet files": lambda made, _: parquet_files(made),
            "DuckDB's delta extension": lambda made, _: peer(
                "query_duckdb.py", query(f"delta_scan('{made}')")
            ),
            "delta-rs": lambda made, _: peer("query_delta_rs.py", made, query("t")),
        },
    )


CASES = [
    case("scan", "aggregate all columns of 20 million rows", FULL),
    case("scan-column", "add up one column of 20 million rows", COLUMN),
    case("scan-filter", "one row in a thousand, in every file", FEW, "m = 7"),
    case(
        "scan-range",
        "one row in a hundred, all in one place",
        FULL,
        f"n BETWEEN {MIDDLE} AND {MIDDLE + table_20m.COUNT // 100}",
    ),
    case(
        "scan-deleted",
        "aggregate all columns, one row in 100 deleted by vectors (in the Parquet files none)",
        FULL,
        table=table_20m.deleted,
    ),
    case(
        "scan-deleted-column",
        "add up one column, one row in a hundred deleted by vectors (in the Parquet files none)",
        COLUMN,
        table=table_20m.deleted,
    ),
    case(
        "scan-deleted-filter",
        "ten rows in a thousand, one in ten of them deleted by vectors (in the Parquet files none)",
        FEW,
        "m BETWEEN 50 AND 59",
        table=table_20m.deleted,
    ),
]
