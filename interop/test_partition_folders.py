"""Partitions by columns of any name, and by numbers, are what other readers and writers mean."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import readers
from upkeep import delta

NAMES = ["day", "a b", "emoji 😀é", 'q"uote', '"q"', "semi;", "a/b%20c", "last, first"]


def in_list(name: str) -> str:
    """As the command line takes it."""
    return f'"{name.replace(chr(34), chr(34) * 2)}"' if "," in name or name[0] == '"' else name


@pytest.mark.parametrize("name", NAMES)
def test_partitions_of_a_column_of_any_name_are_found(
    codeanatomy: Path, tmp_path: Path, name: str
) -> None:
    rows = pa.table({name: ["é", "x/y=z", None], "n": [1, 2, 3]})
    pq.write_table(rows, tmp_path / "rows.parquet")
    table = tmp_path / "table"
    delta(
        codeanatomy,
        "write",
        table,
        "--from",
        tmp_path / "rows.parquet",
        "--partition-by",
        in_list(name),
    )

    read_by = {"delta-rs": readers.read_delta_rs}
    if "%" not in name:  # Polars wants the name in the folder, where it has to be encoded
        read_by["Polars"] = readers.read_polars
    for reader, read in read_by.items():
        result = read(table)
        found = dict(zip(result.column("n"), result.column(name), strict=True))
        assert found == {1: "é", 2: "x/y=z", 3: None}, reader


NUMBERS = [0.1, 0.001, 1e-4, 1e7, 12345678.0, 100.0, -2.5, 0.0, math.nan, math.inf, -math.inf, None]


@pytest.mark.parametrize("kind", [pa.float32(), pa.float64()], ids=str)
def test_spark_overwrites_our_partitions_of_numbers(
    codeanatomy: Path, spark: Any, tmp_path: Path, kind: pa.DataType
) -> None:
    rows = pa.table({"p": pa.array(NUMBERS, kind), "n": list(range(len(NUMBERS)))})
    pq.write_table(rows, tmp_path / "rows.parquet")
    table = tmp_path / "table"
    delta(codeanatomy, "write", table, "--from", tmp_path / "rows.parquet", "--partition-by", "p")
    before = readers.read_delta_rs(table)
    same = spark.read.parquet(str(tmp_path / "rows.parquet"))
    same.write.format("delta").mode("overwrite").option("partitionOverwriteMode", "dynamic").save(
        str(table)
    )
    after = readers.read_delta_rs(table)
    assert sorted(after.column("n")) == sorted(before.column("n")) == list(range(len(NUMBERS)))
