"""Tables partitioned by columns of any name are read by readers that look into folders' names."""

from __future__ import annotations

from pathlib import Path

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
