"""Variants that Spark has shredded into columns are put together again, with their types."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyspark.sql.types import VariantVal

FORCE = "spark.sql.variant.forceShreddingSchemaForTest"
SETTINGS = {
    "spark.sql.variant.writeShredding.enabled": "true",
    "spark.sql.variant.allowReadingShredded": "true",
    "spark.sql.variant.inferShreddingSchema": "false",
    "spark.sql.caseSensitive": "true",
}

VALUES = [
    'parse_json(\'{"a": 1, "b": "text", "c": [1, "x", null], "d": {"e": 1.5}}\')',
    'parse_json(\'{"b": 7, "a": "no number", "z": true, "d": 4}\')',
    'parse_json(\'{"a": 9223372036854775807, "d": {"e": "x", "f": [{}]}, "c": []}\')',
    'parse_json(\'{"a": 3, "A": "upper"}\')',
    "parse_json('{}')",
    "parse_json('[1, 2, {\"a\": 3}]')",
    "parse_json('null')",
    'parse_json(\'{"a": null, "b": null, "c": [[]]}\')',
    "parse_json('-70000')",
    "parse_json(concat('\"', repeat('long ', 40), '\"'))",
    "parse_json('12345678901234567890.123')",
    "CAST(true AS VARIANT)",
    "CAST(CAST(1.25 AS DECIMAL(5,2)) AS VARIANT)",
    "CAST(DATE '2024-02-29' AS VARIANT)",
    "CAST(TIMESTAMP '1969-12-31 23:59:59.999999' AS VARIANT)",
    "CAST(TIMESTAMP_NTZ '2024-02-29 01:02:03' AS VARIANT)",
    "CAST(CAST(0.5 AS FLOAT) AS VARIANT)",
    "CAST(CAST('NaN' AS DOUBLE) AS VARIANT)",
    "CAST(X'00ff' AS VARIANT)",
    "CAST(NULL AS VARIANT)",
    "to_variant_object(named_struct('a', 5L, 'b', 'x', 'd', named_struct('e', 2.5D)))",
    "to_variant_object(array(1L, 2L))",
]

SHREDDINGS = [
    "a LONG, b STRING, c ARRAY<LONG>, d STRUCT<e: DECIMAL(5,2), f: ARRAY<STRUCT<g: STRING>>>",
    "a LONG, A STRING",
    "LONG",
    "STRING",
    "ARRAY<STRUCT<a: INT>>",
    "DECIMAL(38,3)",
    "BOOLEAN",
    "DATE",
    "TIMESTAMP",
    "TIMESTAMP_NTZ",
    "FLOAT",
    "DOUBLE",
    "BINARY",
    "a VARIANT, c VARIANT, nothing STRUCT<x: STRING>",
]


@pytest.fixture
def shredding(spark: Any) -> Iterator[Any]:
    for key, value in SETTINGS.items():
        spark.conf.set(key, value)
    yield spark
    for key in [*SETTINGS, FORCE]:
        spark.conf.unset(key)


def told(variant: VariantVal | None) -> str | None:
    """The value, and of which types it is."""
    return None if variant is None else repr(variant.toPython())


def as_read(variant: dict[str, bytes] | None) -> VariantVal | None:
    return None if variant is None else VariantVal(variant["value"], variant["metadata"])


@pytest.mark.parametrize("schema", SHREDDINGS)
def test_the_values_are_those_that_spark_reads(
    shredding: Any, codeanatomy: Path, tmp_path: Path, schema: str
) -> None:
    spark, table, rows = shredding, tmp_path / "table", tmp_path / "rows.parquet"
    spark.conf.set(FORCE, schema)
    spark.sql(
        f"CREATE TABLE delta.`{table}` (id INT, v VARIANT, s STRUCT<v: VARIANT, n: INT>)"
        " USING delta TBLPROPERTIES ('delta.enableVariantShredding' = 'true')"
    )
    selects = [
        f"SELECT {i} AS id, {v} AS v, named_struct('v', {v}, 'n', {i}) AS s"
        for i, v in enumerate(VALUES)
    ]
    spark.sql(f"INSERT INTO delta.`{table}` " + " UNION ALL ".join(selects))
    files = [pq.read_schema(file) for file in table.glob("*.parquet")]
    assert any("typed_value" in str(file) for file in files)

    query = f"FROM delta_scan('{table}') ORDER BY id"
    subprocess.run([codeanatomy, "sql", query, "-o", rows], check=True)
    expected = spark.sql(f"SELECT v, s.v FROM delta.`{table}` ORDER BY id").collect()
    found = pq.read_table(rows).to_pylist()
    assert len(found) == len(VALUES)
    for row, (alone, in_struct) in zip(found, expected, strict=True):
        assert told(as_read(row["v"])) == told(alone), VALUES[row["id"]]
        assert told(as_read(row["s"]["v"])) == told(in_struct), VALUES[row["id"]]
        assert row["s"]["n"] == row["id"]
