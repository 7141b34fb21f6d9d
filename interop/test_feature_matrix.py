"""docs/delta.md tells who writes and reads which features as the tests find it.

`build/venv/bin/python -m pytest interop/test_feature_matrix.py --write-matrix` writes it there.
"""

from __future__ import annotations

import datetime
import itertools
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import feature_matrix
import readers

INSTANT = datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC)

# One column each: the same to Delta, however a reader spells it.
SPELLINGS = [
    [pa.array(["x"], arrow) for arrow in (pa.string(), pa.large_string(), pa.string_view())],
    [pa.array(["x"]), pa.array(["x"]).dictionary_encode()],
    [pa.array([b"x"], arrow) for arrow in (pa.binary(), pa.large_binary())],
    [pa.array([INSTANT], pa.timestamp(*arrow)) for arrow in (("us", "UTC"), ("ms", "+00:00"))],
    [pa.array([[1]], arrow(pa.int64())) for arrow in (pa.list_, pa.large_list)],
]

# All of them different.
DIFFERENT = [
    *(pa.array([1], arrow) for arrow in (pa.int32(), pa.int64(), pa.float64())),
    *(pa.array([Decimal(1)], pa.decimal128(10, scale)) for scale in (0, 2)),
    pa.array([True]),
    pa.array(["1"]),
    pa.array([b"1"]),
    pa.array([INSTANT], pa.timestamp("us", "UTC")),
    pa.array([INSTANT.replace(tzinfo=None)], pa.timestamp("us")),
]

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "delta.md"


def content(column: pa.Array, name: str = "a") -> feature_matrix.Content:
    table = readers.from_arrow(pa.table({name: column}))
    return feature_matrix.comparable(feature_matrix.Feature("any"), table)


def test_types_are_told_apart_and_their_spellings_are_not() -> None:
    for first, *others in SPELLINGS:
        assert all(content(other) == content(first) for other in others), first.type
    for first, second in itertools.combinations(DIFFERENT, 2):
        assert content(first) != content(second), f"{first.type}, {second.type}"
    equal_to_python = (pa.array([value]) for value in (1, 1.0, Decimal(1), True))
    for left, right in itertools.combinations(equal_to_python, 2):
        assert content(left).rows != content(right).rows, f"{left.type}, {right.type}"
    assert content(DIFFERENT[0], "a") != content(DIFFERENT[0], "A")


@pytest.mark.long
def test_the_documented_matrix_is_what_is_found(
    spark: Any,
    codeanatomy: Path,
    all_readers: dict[str, readers.Reader],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    def read_ours(path: Path | str) -> readers.Table:
        rows = tmp_path / "rows.parquet"
        command = ["delta", "scan", str(path), "--format", "parquet", "-o", str(rows)]
        subprocess.run([codeanatomy, *command], check=True, capture_output=True, timeout=60)
        return readers.from_arrow(pq.read_table(rows))

    found = feature_matrix.matrix(
        spark, codeanatomy, {"CodeAnatomy": read_ours, **all_readers}, tmp_path
    )

    text = DOCUMENT.read_text("utf-8")
    if request.config.getoption("--write-matrix"):
        DOCUMENT.write_text(feature_matrix.with_matrix(text, found), "utf-8")
    else:
        assert feature_matrix.documented(text) == found
