"""`delta write --from` with Parquet files that DuckDB would read as other values."""

from __future__ import annotations

import datetime
import subprocess
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import readers

NANOSECONDS = pa.timestamp("ns", tz="UTC")
NO_TYPE = "cannot write to {}: no Delta type holds the values of column "


def refusal(codeanatomy: Path, folder: Path, rows: pa.Table) -> str:
    """What the program says of a file with these rows, after the table's name."""
    pq.write_table(rows, folder / "rows.parquet")
    table = folder / "table"
    command = [codeanatomy, "delta", "write", table, "--from", folder / "rows.parquet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1, done
    assert not table.exists()
    start = f"error[DELTA_SCHEMA_MISMATCH] materialization: {NO_TYPE.format(table)}"
    assert done.stderr.startswith(start), done.stderr
    return done.stderr.removeprefix(start).strip()


@pytest.mark.parametrize(
    ("value", "data_type", "told"),
    [
        (Decimal(10**40), pa.decimal256(50, 2), "'x' (DECIMAL(50,2))"),
        (Decimal(1), pa.decimal256(39, 0), "'x' (DECIMAL(39,0))"),
        (1, NANOSECONDS, "'x' (TIMESTAMP WITH TIME ZONE in nanoseconds)"),
        (1, pa.timestamp("ns"), "'x' (TIMESTAMP_NS)"),
        (1, pa.time64("us"), "'x' (TIME)"),
        (
            [{"a": Decimal(1)}],
            pa.list_(pa.struct([("a", pa.decimal256(76, 3))])),
            "'x.list.element.a' (DECIMAL(76,3))",
        ),
        (
            [("k", 1)],
            pa.map_(pa.string(), NANOSECONDS),
            "'x.key_value.value' (TIMESTAMP WITH TIME ZONE in nanoseconds)",
        ),
    ],
)
def test_values_that_no_delta_type_holds_are_refused(
    codeanatomy: Path, tmp_path: Path, value: object, data_type: pa.DataType, told: str
) -> None:
    rows = pa.table({"first": [{"n": 1}], "x": pa.array([value], type=data_type), "z": [1]})
    assert refusal(codeanatomy, tmp_path, rows) == told


def test_the_longest_decimals_and_finest_times_are_written(
    codeanatomy: Path, tmp_path: Path
) -> None:
    rows = pa.table(
        {
            "d": pa.array([Decimal(36 * "9" + ".9")], type=pa.decimal128(38, 1)),
            "short": pa.array([Decimal("-1.25")], type=pa.decimal128(9, 2)),
            "us": pa.array([-1], type=pa.timestamp("us", tz="UTC")),
            "s": pa.array([{"d": Decimal(9)}], type=pa.struct([("d", pa.decimal256(38, 0))])),
        }
    )
    for integers in (False, True):
        source = tmp_path / f"rows {integers}.parquet"
        pq.write_table(rows, source, store_decimal_as_integer=integers)
        table = tmp_path / f"table {integers}"
        subprocess.run(
            [codeanatomy, "delta", "write", table, "--from", source], check=True, timeout=60
        )
        assert readers.read_delta_rs(table) == readers.from_arrow(rows)


def test_microseconds_are_taken_of_int96_times(codeanatomy: Path, tmp_path: Path) -> None:
    rows = pa.table({"t": pa.array([1_234_567_891], type=pa.timestamp("ns"))})
    source = tmp_path / "rows.parquet"
    pq.write_table(rows, source, use_deprecated_int96_timestamps=True)
    table = tmp_path / "table"
    subprocess.run([codeanatomy, "delta", "write", table, "--from", source], check=True, timeout=60)
    [got] = readers.read_delta_rs(table).column("t")
    assert got == datetime.datetime(1970, 1, 1, 0, 0, 1, 234567)
