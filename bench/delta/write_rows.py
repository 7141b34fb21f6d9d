"""Writing many rows to a new table, from Parquet files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from case import OURS, Case
from paths import ours, peer

SOURCE_FILES = 10

# Numbers that repeat, rise and are random; text of few and of many values; times, NULLs.
ROWS = """
SELECT i AS id,
       (hash(i) % 1000)::INTEGER AS small,
       hash(i + 1)::DOUBLE / 1e15 AS measure,
       ((hash(i + 2) % 10000000)::DECIMAL(18, 2) / 100)::DECIMAL(18, 2) AS amount,
       'src/package/module_' || (hash(i + 3) % 5000) || '.py' AS path,
       md5(i::VARCHAR)[:16] AS key,
       TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_seconds(i) AS at,
       DATE '2024-01-01' + (i // 100000)::INTEGER AS day,
       CASE WHEN hash(i + 4) % 10 = 0 THEN NULL ELSE (hash(i + 5) % 100)::INTEGER END AS sometimes,
       hash(i + 6) % 2 = 0 AS flag
FROM range($1, $2) r(i)
"""


def source_of(rows: int) -> Callable[[Path], Path]:
    def make(scratch: Path) -> Path:
        source = scratch / "source"
        source.mkdir()
        connection = duckdb.connect()
        for number in range(SOURCE_FILES):
            bounds = [rows * number // SOURCE_FILES, rows * (number + 1) // SOURCE_FILES]
            connection.execute(
                f"COPY ({ROWS}) TO '{source}/part-{number}.parquet' (FORMAT parquet)", bounds
            )
        return source

    return make


def case(name: str, rows: int, runs: int) -> Case:
    return Case(
        name=name,
        about=f"write {rows:,} rows of 10 columns, read from {SOURCE_FILES} Parquet files "
        "(snappy, but for the one that says zstd; on disk at the end are ours and those that say "
        "synced; ours with full statistics)",
        prepare=source_of(rows),
        peers={
            OURS: lambda source, own: ours("delta_write_rows", "delta", source, own),
            "DuckDB's COPY, zstd": lambda source, own: ours(
                "delta_write_rows", "copy-zstd", source, own
            ),
            "DuckDB's COPY": lambda source, own: ours("delta_write_rows", "copy", source, own),
            "DuckDB's COPY, synced": lambda source, own: ours(
                "delta_write_rows", "copy-synced", source, own
            ),
            "delta-rs": lambda source, own: peer("write_rows_delta_rs.py", source, own),
            "delta-rs, synced": lambda source, own: peer(
                "write_rows_delta_rs.py", source, own, "--sync"
            ),
        },
        runs=runs,
    )


# The smaller one shows that memory does not grow with the rows.
CASES = [case("write", 20_000_000, 3), case("write-5m", 5_000_000, 3)]
