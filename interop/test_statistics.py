"""Statistics of extreme values that we write: Spark and we ourselves find every row by them."""

from __future__ import annotations

import datetime
import decimal
import json
import math
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from upkeep import delta

UTC = datetime.UTC
TOP = "\U0010ffff"


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


LONG_TEXTS = [
    "",
    " ",
    "a" * 31,
    "a" * 32,
    "a" * 33,
    "a" * 31 + "\u00fc",
    "a" * 31 + "\ud7ff" + "b",
    "a" * 31 + "\ue000" + "b",
    "a" * 31 + "\uffff" + "b",
    "a" * 31 + "\U0001f600",
    "a" * 31 + "\U0001f600" + "b",
    "a" * 31 + TOP + "b",
    TOP * 31,
    TOP * 32,
    TOP * 33,
    TOP * 100,
    "\u0000",
    "\u0000" * 40,
    "\\\"'\n\t/",
    "\U0001f600" * 40,
    "\uffff" * 40,
    "\U00010000" * 40,
]

MOMENTS = [
    "0001-01-01T00:00:00",
    "0001-01-01T00:00:00.000001",
    "1582-10-04T23:59:59.999999",  # days up to the 15th Spark does not look for in Parquet
    "1582-10-15T00:00:00",
    "1899-12-31T23:59:59.999001",
    "1969-12-31T23:59:59.999999",
    "1969-12-31T23:59:59.999000",
    "1969-12-31T23:59:59.998999",
    "1970-01-01T00:00:00",
    "1970-01-01T00:00:00.000001",
    "1970-01-01T00:00:00.000999",
    "1970-01-01T00:00:00.001",
    "2024-02-29T12:00:00.123456",
    "9999-12-31T23:59:59.999",
    "9999-12-31T23:59:59.999001",
    "9999-12-31T23:59:59.999999",
]

NUMBERS = [0.0, -0.0, math.nan, math.inf, -math.inf, 1.5, -1.5]

# By type: values, of which each file holds two that follow one another.
COLUMNS: dict[str, pa.Array] = {
    "string": pa.array(LONG_TEXTS),
    "double": pa.array([*NUMBERS, 5e-324, 1.7976931348623157e308, 0.1, 1e22, 123456789.123456789]),
    "float": pa.array([*NUMBERS, 1e-45, 3.4028234663852886e38, 0.1, 16777217.0], pa.float32()),
    "long": pa.array([-(2**63), 2**63 - 1, 0, -1, 2**53 + 1, -(2**53) - 1]),
    "byte": pa.array([-128, 127, 0], pa.int8()),
    "short": pa.array([-(2**15), 2**15 - 1, 0], pa.int16()),
    "int": pa.array([-(2**31), 2**31 - 1, 0], pa.int32()),
    "decimal(38,0)": pa.array(
        [decimal.Decimal(text) for text in ("9" * 38, "-" + "9" * 38, "0", "1")],
        pa.decimal128(38, 0),
    ),
    "decimal(38,38)": pa.array(
        [decimal.Decimal(text) for text in ("0." + "9" * 38, "-0." + "9" * 38, "0", "1e-38")],
        pa.decimal128(38, 38),
    ),
    "decimal(9,2)": pa.array(
        [decimal.Decimal(text) for text in ("9999999.99", "-9999999.99", "0.00", "-0.01")],
        pa.decimal128(9, 2),
    ),
    "date": pa.array(
        [
            datetime.date.fromisoformat(text)
            for text in (
                "0001-01-01",
                "1582-10-04",
                "1582-10-15",
                "1969-12-31",
                "1970-01-01",
                "9999-12-31",
            )
        ]
    ),
    "timestamp": pa.array(
        [moment(text).replace(tzinfo=UTC) for text in MOMENTS], pa.timestamp("us", "UTC")
    ),
    "timestamp_ntz": pa.array([moment(text) for text in MOMENTS], pa.timestamp("us")),
    "binary": pa.array([b"", b"\x00", b"\xff" * 40, b"a"]),
    "boolean": pa.array([True, False, True]),
}


def literal(value: Any, kind: str) -> str:
    """In Spark's SQL and in DuckDB's."""
    if kind in ("double", "float"):
        text = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(str(value), repr(value))
        return f"CAST('{text}' AS {kind})"
    if kind == "timestamp":
        return f"TIMESTAMP '{value.replace(tzinfo=None).isoformat(' ')}Z'"
    if isinstance(value, decimal.Decimal):
        value = f"{value:f}"
    name = {"byte": "TINYINT", "short": "SMALLINT", "long": "BIGINT"}.get(kind, kind)
    return f"CAST('{str(value).lower() if kind == 'boolean' else value}' AS {name})"


def conditions(kind: str, values: pa.Array) -> list[str]:
    if kind == "string":
        # By their code points: no quoting then.
        literals = [
            "concat(''" + "".join(f", {code}" for code in codes(value)) + ")"
            for value in values.to_pylist()
        ]
    elif kind == "binary":
        literals = []
    else:
        literals = [literal(value, kind) for value in values.to_pylist()]
    found = ["v IS NULL", "v IS NOT NULL"]
    for each in dict.fromkeys(literals):
        found += [f"v {op} {each}" for op in ("=", "<=", ">=")]
    return found


def codes(text: str) -> list[str]:
    """The text as SQL, runs of one character each."""
    runs: list[tuple[str, int]] = []
    for character in text:
        if runs and runs[-1][0] == character:
            runs[-1] = (character, runs[-1][1] + 1)
        else:
            runs.append((character, 1))
    return [f"repeat(decode({utf8(character)}, 'utf-8'), {count})" for character, count in runs]


def utf8(character: str) -> str:
    return f"unhex('{character.encode().hex()}')"


def for_duckdb(condition: str) -> str:
    return condition.replace(", 'utf-8')", ")").replace("timestamp_ntz)", "TIMESTAMP)")


@pytest.mark.long
@pytest.mark.parametrize("kind", COLUMNS)
def test_no_condition_loses_a_row(spark: Any, codeanatomy: Path, tmp_path: Path, kind: str) -> None:
    values = COLUMNS[kind]
    table = tmp_path / "table"
    ids = 0
    for first in range(len(values)):
        # Each value alone or with the one after it, with a null or without.
        indexes = [first, None][: 1 + first % 2] if first % 3 else [first, max(first - 1, 0)]
        rows = tmp_path / "rows.parquet"
        column = values.take(pa.array(indexes, pa.int64()))
        numbers = pa.array(range(ids, ids + len(indexes)), pa.int64())
        pq.write_table(pa.table({"id": numbers, "v": column}), rows)
        delta(codeanatomy, "write", table, "--from", rows)
        ids += len(indexes)
    asked = conditions(kind, values)

    def by_spark(skipping: str) -> list[list[int]]:
        spark.conf.set("spark.databricks.delta.stats.skipping", skipping)
        spark.read.format("delta").load(str(table)).createOrReplaceTempView("t")
        sql = ", ".join(
            f"(SELECT sort_array(collect_list(id)) FROM t WHERE {one})" for one in asked
        )
        return [list(found) for found in spark.sql(f"SELECT {sql}").collect()[0]]

    expected = by_spark("false")
    assert by_spark("true") == expected

    scan = f"SELECT coalesce(list(id ORDER BY id), []) FROM delta_scan('{table}') WHERE"
    ours = ", ".join(f"({scan} {for_duckdb(one)})" for one in asked)
    query = f"SELECT [{ours}] AS found"
    done = subprocess.run(
        [codeanatomy, "sql", "--format", "jsonl", query], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)["found"]
    assert found == expected
