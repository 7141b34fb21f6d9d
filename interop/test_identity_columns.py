"""Identity columns: Spark makes the tables, Spark and we append to them in turn, and no value is
there twice."""

from __future__ import annotations

import json
import random
import signal
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from delta.tables import DeltaTable, IdentityGenerator

import readers
from upkeep import commits, delta


def create(spark: Any, table: Path, start: int, step: int, **properties: str) -> None:
    builder = DeltaTable.create(spark).location(str(table))
    builder.addColumn("id", "LONG", generatedAlwaysAs=IdentityGenerator(start, step))
    builder.addColumn("v", "LONG")
    for name, value in properties.items():
        builder.property(f"delta.{name}", value)
    builder.execute()


def rows_file(folder: Path, count: int) -> Path:
    path = folder / f"{count}.parquet"
    pq.write_table(pa.table({"v": pa.array(range(count), pa.int64())}), path)
    return path


def high_water_mark(table: Path) -> int:
    """Of the column id, by the newest metaData action in the commits."""
    for version in reversed(commits(table)):
        for line in (table / "_delta_log" / f"{version:020}.json").read_text().splitlines():
            if metadata := json.loads(line).get("metaData"):
                fields = json.loads(metadata["schemaString"])["fields"]
                return fields[0]["metadata"]["delta.identity.highWaterMark"]
    raise AssertionError("no metadata")


def test_spark_and_we_give_out_values_in_turn(
    spark: Any, codeanatomy: Path, tmp_path: Path, all_readers: dict[str, readers.Reader]
) -> None:
    table = tmp_path / "table"
    create(spark, table, 100, -7, enableDeletionVectors="true")
    for _ in range(3):
        spark.sql(f"INSERT INTO delta.`{table}` (v) SELECT id FROM range(5)")
        before = high_water_mark(table)
        delta(codeanatomy, "write", table, "--from", rows_file(tmp_path, 4))
        assert high_water_mark(table) == before - 4 * 7
    ids = all_readers["Spark"](table).column("id")
    assert len(set(ids)) == len(ids) == 27
    assert all(value <= 100 and (100 - value) % 7 == 0 for value in ids)
    assert min(ids) == high_water_mark(table)

    delta(codeanatomy, "delete", table, "--where", "v = 0")
    delta(codeanatomy, "optimize", table)
    delta(codeanatomy, "checkpoint", table)
    delta(codeanatomy, "vacuum", table)
    expected = all_readers["Spark"](table).rows
    assert {row[0] for row in expected} <= set(ids)
    assert len(expected) == 21
    for name, read in all_readers.items():
        assert read(table).rows == expected, name

    delta(codeanatomy, "write", table, "--from", rows_file(tmp_path, 2), "--mode", "overwrite")
    spark.sql(f"INSERT INTO delta.`{table}` (v) VALUES (9)")
    new = all_readers["Spark"](table).column("id")
    assert len(set(new)) == 3
    assert max(new) < min(ids)


def test_given_values_are_refused_as_spark_refuses_them(
    spark: Any, codeanatomy: Path, tmp_path: Path
) -> None:
    table = tmp_path / "table"
    create(spark, table, 1, 1)
    rows = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"id": [7], "v": [1]}), rows)
    command = [codeanatomy, "delta", "write", table, "--from", rows]
    refused = subprocess.run(command, capture_output=True, text=True)
    assert refused.returncode == 1
    assert "DELTA_IDENTITY_NOT_EXPLICIT" in refused.stderr

    builder = DeltaTable.create(spark).location(str(tmp_path / "default"))
    builder.addColumn("id", "LONG", generatedByDefaultAs=IdentityGenerator(1, 1))
    builder.addColumn("v", "LONG").execute()
    delta(codeanatomy, "write", tmp_path / "default", "--from", rows)
    delta(codeanatomy, "write", tmp_path / "default", "--from", rows_file(tmp_path, 2))
    assert readers.read_delta_rs(tmp_path / "default").column("id") == [1, 2, 7]


def test_processes_that_append_at_once_share_no_value(
    spark: Any, codeanatomy: Path, tmp_path: Path
) -> None:
    table = tmp_path / "table"
    create(spark, table, 1, 1)
    rows = rows_file(tmp_path, 10)
    loop = f'for i in 1 2 3 4 5; do "{codeanatomy}" delta write "{table}" --from "{rows}"; done'
    running = [subprocess.Popen(["sh", "-ec", loop], stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [process.wait(timeout=300) for process in running] == [0] * 4
    assert readers.read_delta_rs(table).column("id") == sorted(range(1, 201), key=repr)
    assert commits(table) == list(range(21))


def test_killed_loads_that_are_run_again_share_no_value(
    spark: Any, codeanatomy: Path, tmp_path: Path
) -> None:
    table = tmp_path / "table"
    create(spark, table, 0, 3)
    rows = rows_file(tmp_path, 50)
    moments = random.Random(7)
    for load in range(12):
        command = [codeanatomy, "delta", "write", table, "--from", rows, "--txn", f"load:{load}"]
        killed = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            killed.wait(timeout=moments.uniform(0.0, 0.15))
        except subprocess.TimeoutExpired:
            killed.send_signal(signal.SIGKILL)
            killed.wait()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    ids = readers.read_delta_rs(table).column("id")
    assert sorted(ids) == [3 * i for i in range(600)]
    assert high_water_mark(table) == 3 * 599
