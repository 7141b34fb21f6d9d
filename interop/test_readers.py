"""The readers agree on a table that Spark wrote, so they may judge those that we write."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import readers

QUERY = """
SELECT id,
       CAST(id AS TINYINT) AS tiny,
       CAST(id AS INT) AS small,
       CAST(id AS STRING) AS text,
       NULLIF(CAST(id AS STRING), '2') AS gap,
       id = 1 AS flag,
       CASE id WHEN 1 THEN DOUBLE('NaN') ELSE 0.5D END AS number,
       CAST(id + 0.25 AS DECIMAL(10, 2)) AS price,
       CAST('ab' AS BINARY) AS bytes,
       DATE '2024-02-29' AS day,
       TIMESTAMP '2024-02-29 12:00:00.000001' AS instant,
       TIMESTAMP_NTZ '2024-02-29 12:00:00' AS wall_clock,
       ARRAY(id, NULL) AS list,
       MAP('b', id, 'a', NULL) AS pairs,
       NAMED_STRUCT('x', id, 'y', ARRAY('z')) AS nested
FROM range(3)
"""

COLUMNS = [
    ("id", "long"),
    ("tiny", "byte"),
    ("small", "integer"),
    ("text", "string"),
    ("gap", "string"),
    ("flag", "boolean"),
    ("number", "double"),
    ("price", "decimal(10,2)"),
    ("bytes", "binary"),
    ("day", "date"),
    ("instant", "timestamp"),
    ("wall_clock", "timestamp_ntz"),
    ("list", "array<long>"),
    ("pairs", "map<string,long>"),
    ("nested", "struct<x:long,y:array<string>>"),
]


def row(key: int) -> tuple[Any, ...]:
    return (
        key,
        key,
        key,
        str(key),
        None if key == 2 else str(key),
        key == 1,
        "NaN" if key == 1 else 0.5,
        Decimal(key) + Decimal("0.25"),
        b"ab",
        datetime.date(2024, 2, 29),
        datetime.datetime(2024, 2, 29, 12, 0, 0, 1, tzinfo=datetime.UTC),
        datetime.datetime(2024, 2, 29, 12, 0, 0),
        [key, None],
        (("a", None), ("b", key)),
        {"x": key, "y": ["z"]},
    )


def test_every_reader_sees_the_same_types_and_rows(
    spark: Any, tmp_path: Path, all_readers: dict[str, readers.Reader]
) -> None:
    path = tmp_path / "table"
    table = spark.sql(QUERY)
    table.write.format("delta").option("delta.enableDeletionVectors", "true").save(str(path))
    spark.sql(f"DELETE FROM delta.`{path}` WHERE id = 0")

    for name, read in all_readers.items():
        result = read(path)
        assert result.columns == COLUMNS, name
        assert result.rows == [row(1), row(2)], name
