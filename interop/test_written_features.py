"""Tables of Spark and delta-rs with rules, mapped columns, change feeds and row ids, which we
append to, overwrite parts of and delete from; read by their writers and by others after."""

from __future__ import annotations

import datetime
import json
import subprocess
from pathlib import Path
from typing import Any

import deltalake
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delta.tables import DeltaTable

import readers
from upkeep import delta


def rows_file(folder: Path, **columns: pa.Array | list[Any]) -> Path:
    path = folder / f"rows-{len(list(folder.glob('rows-*')))}.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def changes_by_spark(spark: Any, table: Path, version: int) -> list[tuple[Any, ...]]:
    feed = spark.read.format("delta").option("readChangeFeed", "true")
    feed = feed.option("startingVersion", version).option("endingVersion", version)
    found = feed.load(str(table)).drop("_commit_version", "_commit_timestamp")
    return sorted((tuple(row) for row in found.collect()), key=repr)


def latest_version(table: Path) -> int:
    return max(int(file.stem) for file in (table / "_delta_log").glob("?" * 20 + ".json"))


def test_rules_of_a_table_of_spark_are_kept(
    spark: Any, codeanatomy: Path, tmp_path: Path, all_readers: dict[str, readers.Reader]
) -> None:
    table = tmp_path / "table"
    builder = DeltaTable.create(spark).location(str(table)).partitionedBy("day")
    builder.addColumn("id", "LONG", nullable=False).addColumn("at", "TIMESTAMP")
    builder.addColumn("day", "DATE", generatedAlwaysAs="CAST(at AS DATE)")
    builder.addColumn("code", "CHAR(3)").addColumn("name", "VARCHAR(4)").addColumn("note", "STRING")
    builder.property("delta.feature.allowColumnDefaults", "supported").execute()
    spark.sql(f"ALTER TABLE delta.`{table}` ALTER COLUMN note SET DEFAULT 'none'")
    spark.sql(f"ALTER TABLE delta.`{table}` ADD CONSTRAINT positive CHECK (id > 0 AND id / 2 < 50)")
    night = datetime.datetime(2024, 2, 29, 23, 30, tzinfo=datetime.UTC)
    for number in (1, 2):
        spark.sql(
            f"INSERT INTO delta.`{table}` (id, at, code, name)"
            f" VALUES ({number}, TIMESTAMP '2024-02-29 23:30:00Z', 'abc', 'b')"
        )
    at = pa.array([night], pa.timestamp("us", "UTC"))
    good = rows_file(tmp_path, id=[3], at=at, code=["b"], name=["four  "])
    delta(codeanatomy, "write", table, "--from", good)
    day = pa.array([datetime.date(2024, 3, 1)], pa.date32())
    for bad, rule in [
        ({"id": [-1], "at": at}, "positive"),
        ({"id": [100], "at": at}, "positive"),
        ({"id": pa.array([None], pa.int64()), "at": at}, "id"),
        ({"id": [4], "at": at, "day": day}, "day"),
        ({"id": [4], "at": at, "code": ["long"]}, "code"),
        ({"id": [4], "at": at, "name": ["longer"]}, "name"),
    ]:
        done = subprocess.run(
            [codeanatomy, "delta", "write", table, "--from", rows_file(tmp_path, **bad)],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1, bad
        assert rule in done.stderr, done.stderr
    delta(codeanatomy, "delete", table, "--where", "id = 2")

    date = night.date()
    expected = [(1, night, date, "abc", "b", "none"), (3, night, date, "b  ", "four", "none")]
    for name, read in all_readers.items():
        assert read(table).rows == expected, name
    spark.sql(f"INSERT INTO delta.`{table}` (id) VALUES (9)")
    assert all_readers["Spark"](table).column("id") == [1, 3, 9]


@pytest.mark.parametrize("mode", ["name", "id"])
def test_changes_of_a_mapped_table_of_spark_are_recorded(
    spark: Any, codeanatomy: Path, tmp_path: Path, all_readers: dict[str, readers.Reader], mode: str
) -> None:
    table = tmp_path / "table"
    spark.sql(
        f"CREATE TABLE delta.`{table}` (id LONG, p STRING, s STRUCT<x: LONG>) USING delta"
        f" PARTITIONED BY (p) TBLPROPERTIES ('delta.columnMapping.mode' = '{mode}',"
        " 'delta.enableChangeDataFeed' = 'true', 'delta.enableDeletionVectors' = 'false')"
    )
    spark.sql(
        f"INSERT INTO delta.`{table}`"
        " SELECT id, IF(id % 2 = 0, 'a b', 'c'), NAMED_STRUCT('x', id) FROM range(0, 6, 1, 1)"
    )
    spark.sql(f"ALTER TABLE delta.`{table}` RENAME COLUMN id TO key")
    nested = pa.struct([("x", pa.int64())])
    one = rows_file(tmp_path, key=[6], p=["a b"], s=pa.array([{"x": 6}], nested))
    delta(codeanatomy, "write", table, "--from", one)
    delta(codeanatomy, "delete", table, "--where", "key IN (0, 6) OR s.x = 1")
    deleted = latest_version(table)
    two = rows_file(tmp_path, key=[40], p=["c"])
    delta(codeanatomy, "write", table, "--from", two, "--replace-where", "key >= 4")

    expected = [(2, "a b", {"x": 2}), (3, "c", {"x": 3}), (40, "c", None)]
    assert all_readers["Spark"](table).rows == expected
    # DuckDB's extension reads NULL for mapped partition columns, of files of Spark's own, too.
    by_duckdb = all_readers["DuckDB"](table)
    assert by_duckdb.column("key") == [2, 3, 40]
    assert by_duckdb.column("s") == [{"x": 2}, {"x": 3}, None]
    assert [(row[0], row[-1]) for row in changes_by_spark(spark, table, deleted)] == [
        (0, "delete"),
        (1, "delete"),
        (6, "delete"),
    ]
    assert [row[:2] + row[3:] for row in changes_by_spark(spark, table, deleted + 1)] == [
        (4, "a b", "delete"),
        (40, "c", "insert"),
        (5, "c", "delete"),
    ]
    wider = rows_file(tmp_path, key=[7], p=["c"], more=["x"])
    delta(codeanatomy, "write", table, "--from", wider, "--merge-schema")
    spark.sql(f"INSERT INTO delta.`{table}` VALUES (8, 'c', NULL, 'y')")
    assert all_readers["Spark"](table).column("more") == [None, None, None, "x", "y"]


def test_changes_are_recorded_where_spark_turned_the_feed_on_by_its_name_of_old(
    spark: Any, codeanatomy: Path, tmp_path: Path
) -> None:
    table = tmp_path / "table"
    spark.sql(
        f"CREATE TABLE delta.`{table}` (id LONG) USING delta"
        " TBLPROPERTIES ('delta.enableChangeDataCapture' = 'true')"
    )
    spark.sql(f"INSERT INTO delta.`{table}` SELECT id FROM range(0, 6, 1, 1)")
    delta(codeanatomy, "delete", table, "--where", "id = 2")
    deleted = latest_version(table)
    assert list((table / "_change_data").iterdir())
    assert [(row[0], row[-1]) for row in changes_by_spark(spark, table, deleted)] == [(2, "delete")]

    spark.sql(f"DELETE FROM delta.`{table}` WHERE id = 4")
    lines = delta(codeanatomy, "changes", table, "--from", str(deleted), "--format", "jsonl")
    changes = [json.loads(line) for line in lines.splitlines()]
    assert {(row["id"], row["_change_type"]) for row in changes} == {(2, "delete"), (4, "delete")}


@pytest.mark.parametrize("vectors", ["true", "false"])
def test_rows_of_a_table_of_spark_keep_their_ids(
    spark: Any, codeanatomy: Path, tmp_path: Path, vectors: str
) -> None:
    table = tmp_path / "table"
    spark.sql(
        f"CREATE TABLE delta.`{table}` (id LONG) USING delta TBLPROPERTIES"
        f" ('delta.enableRowTracking' = 'true', 'delta.enableDeletionVectors' = '{vectors}')"
    )
    spark.sql(f"INSERT INTO delta.`{table}` SELECT id FROM range(0, 6, 1, 1)")

    def ids() -> dict[int, tuple[int, int]]:
        found = spark.read.format("delta").load(str(table))
        columns = ["id", "_metadata.row_id", "_metadata.row_commit_version"]
        return {row[0]: (row[1], row[2]) for row in found.select(*columns).collect()}

    before = ids()
    delta(codeanatomy, "delete", table, "--where", "id IN (1, 4)")
    assert ids() == {key: value for key, value in before.items() if key not in (1, 4)}
    delta(codeanatomy, "write", table, "--from", rows_file(tmp_path, id=[7]))
    spark.sql(f"UPDATE delta.`{table}` SET id = 50 WHERE id = 5")
    after = ids()
    assert after[50][0] == before[5][0]
    assert after[0] == before[0]
    assert after[7][0] > max(row_id for row_id, _ in before.values())
    assert after[7][1] == 3  # the version of its commit


def test_changes_of_a_table_of_delta_rs_are_recorded(codeanatomy: Path, tmp_path: Path) -> None:
    table = tmp_path / "table"
    deltalake.write_deltalake(
        str(table),
        pa.table({"id": list(range(6)), "p": [f"p{i % 2}" for i in range(6)]}),
        partition_by=["p"],
        configuration={"delta.enableChangeDataFeed": "true"},
    )
    delta(codeanatomy, "delete", table, "--where", "id < 3")

    feed = pa.table(deltalake.DeltaTable(str(table)).load_cdf(starting_version=1).read_all())
    found = {name: feed.column(name).to_pylist() for name in ("id", "p", "_change_type")}
    assert sorted(zip(*found.values(), strict=True)) == [
        (0, "p0", "delete"),
        (1, "p1", "delete"),
        (2, "p0", "delete"),
    ]


def test_constraints_of_a_table_of_delta_rs_are_kept(codeanatomy: Path, tmp_path: Path) -> None:
    table = tmp_path / "table"
    deltalake.write_deltalake(str(table), pa.table({"id": [1], "my col": ["x"]}))
    deltalake.DeltaTable(str(table)).alter.add_constraint({"positive": "id > 0"})
    second = rows_file(tmp_path, id=[2], **{"my col": ["x"]})
    delta(codeanatomy, "write", table, "--from", second)
    command = [codeanatomy, "delta", "write", table, "--from", rows_file(tmp_path, id=[-2])]
    refused = subprocess.run(command, capture_output=True, text=True)
    assert "DELTA_CONSTRAINT_VIOLATED" in refused.stderr
    assert readers.read_delta_rs(table).column("id") == [1, 2]

    # delta-rs writes a column's name as Spark writes a text.
    deltalake.DeltaTable(str(table)).alter.add_constraint({"named": "`my col` <> 'y'"})
    refused = subprocess.run(command, capture_output=True, text=True)
    assert "DELTA_UNSUPPORTED_EXPRESSION" in refused.stderr


@pytest.mark.parametrize(
    "read", [readers.read_delta_rs, readers.read_duckdb], ids=lambda read: read.__name__
)
def test_partitions_are_overwritten(
    codeanatomy: Path, tmp_path: Path, read: readers.Reader
) -> None:
    table = tmp_path / "table"
    rows = pa.table({"id": list(range(4)), "p": ["a/b", None, "c", "c"]})
    deltalake.write_deltalake(str(table), rows, partition_by=["p"])
    new = rows_file(tmp_path, id=[10, 11], p=["c", None])
    options = ["--mode", "overwrite", "--partition-overwrite", "dynamic"]
    delta(codeanatomy, "write", table, "--from", new, *options)
    assert read(table).rows == sorted([(0, "a/b"), (10, "c"), (11, None)], key=repr)
