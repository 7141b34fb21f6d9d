"""Tables that Spark, delta-rs and we wrote are maintained by us; all others read the same rows
from them afterwards, and their writers write on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import deltalake
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import races
import readers
from upkeep import age, commits, data_files, delta

# Batches of 20 rows, some for each of the partitions, one of which has no name. Rows of all but
# the last one are deleted.
BATCHES = 5
DELETED = "id % 7 = 3"

Append = Callable[[Path, pa.Table], None]


def rows_of(ids: Iterable[int]) -> list[Any]:
    return sorted(((i, f"p/{i % 3}" if i % 3 else None, f"row {i}") for i in ids), key=repr)


def batch(number: int) -> pa.Table:
    ids = range(number * 20, number * 20 + 20)
    return pa.table(
        {
            "id": pa.array(ids, pa.int64()),
            "part": pa.array([None if i % 3 == 0 else f"p/{i % 3}" for i in ids], pa.string()),
            "text": pa.array([f"row {i}" for i in ids], pa.string()),
        }
    )


@pytest.fixture(params=["Spark", "delta-rs", "CodeAnatomy"])
def written(
    request: pytest.FixtureRequest, codeanatomy: Path, tmp_path: Path
) -> tuple[Path, Append]:
    """A partitioned table of several commits, with deleted rows, and what appends to it."""
    table = tmp_path / "table"

    def append_spark(path: Path, rows: pa.Table) -> None:
        spark = request.getfixturevalue("spark")
        frame = spark.createDataFrame(rows)
        frame.coalesce(1).write.format("delta").mode("append").save(str(path))

    def append_delta_rs(path: Path, rows: pa.Table) -> None:
        deltalake.write_deltalake(str(path), rows, mode="append", partition_by=["part"])

    def append_ours(path: Path, rows: pa.Table) -> None:
        source = tmp_path / "rows.parquet"
        pq.write_table(rows, source)
        delta(codeanatomy, "write", path, "--from", source)

    if request.param == "Spark":
        spark = request.getfixturevalue("spark")
        spark.sql(
            f"CREATE TABLE delta.`{table}` (id LONG, part STRING, text STRING) USING delta "
            "PARTITIONED BY (part) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"
        )
        append: Append = append_spark
    elif request.param == "delta-rs":
        append = append_delta_rs
    else:
        source = tmp_path / "first.parquet"
        pq.write_table(batch(0).slice(0, 0), source)
        properties = ["--property", "delta.enableDeletionVectors=true"]
        delta(codeanatomy, "write", table, "--from", source, "--partition-by", "part", *properties)
        append = append_ours
    for number in range(BATCHES - 1):
        append(table, batch(number))
    if request.param == "Spark":
        spark.sql(f"DELETE FROM delta.`{table}` WHERE {DELETED}")
    elif request.param == "delta-rs":
        deltalake.DeltaTable(str(table)).delete(DELETED)
    else:
        delta(codeanatomy, "delete", table, "--where", DELETED)
    append(table, batch(BATCHES - 1))
    return table, append


def test_a_maintained_table_has_the_rows_that_it_had(
    written: tuple[Path, Append],
    codeanatomy: Path,
    all_readers: dict[str, Callable[[Path], readers.Table]],
) -> None:
    table, append = written
    ids = range(BATCHES * 20)
    expected = rows_of(i for i in ids if i % 7 != 3 or i >= (BATCHES - 1) * 20)

    def check(step: str, rows: list[Any]) -> None:
        for name, read in all_readers.items():
            assert read(table).rows == rows, f"{name} after {step}"
        assert "no faults" in delta(codeanatomy, "verify", table)

    assert "became 3 files" in delta(codeanatomy, "optimize", table)
    assert delta(codeanatomy, "optimize", table) == "nothing to do\n"
    check("optimize", expected)

    # A month passes. A killed writer's file is left, another one writes.
    orphan = table / "part-of-a-killed-writer.parquet"
    pq.write_table(batch(99), orphan)
    age(table, days=40)
    running = table / "part-of-a-running-writer.parquet"
    pq.write_table(batch(99), running)

    last = commits(table)[-1]
    assert delta(codeanatomy, "checkpoint", table).startswith(f"version {last}: checkpoint of ")
    before = data_files(table)
    would_go = delta(codeanatomy, "vacuum", table, "--dry-run").splitlines()[:-1]
    assert data_files(table) == before
    delta(codeanatomy, "vacuum", table, "--retention-hours", 168)
    gone = before - data_files(table)
    assert {str(table / file) for file in gone} == {
        file for file in would_go if file.endswith(".parquet")
    }
    assert len(data_files(table)) == 4, "a file a partition, and the running writer's"
    assert running.exists()
    assert not orphan.exists()
    assert "begins with the checkpoint" in delta(codeanatomy, "cleanup", table)
    assert commits(table) == [last]
    check("vacuum and cleanup", expected)

    assert "every row meets" in delta(codeanatomy, "constraint", table, "add", "known", "id >= 0")
    append(table, batch(BATCHES))
    expected += rows_of(range(BATCHES * 20, BATCHES * 20 + 20))
    check("an append by the table's writer", sorted(expected, key=repr))


def test_spark_holds_rows_to_a_constraint_that_we_added(
    spark: Any, codeanatomy: Path, tmp_path: Path
) -> None:
    table = tmp_path / "table"
    source = tmp_path / "rows.parquet"
    pq.write_table(batch(0), source)
    delta(codeanatomy, "write", table, "--from", source)
    delta(codeanatomy, "constraint", table, "add", "known", "text LIKE 'row %' AND id >= 0")

    with pytest.raises(Exception, match=r"DELTA_VIOLATE_CONSTRAINT_WITH_VALUES|CHECK constraint"):
        spark.sql(f"INSERT INTO delta.`{table}` VALUES (-1, 'a', 'row -1')")
    spark.sql(f"ALTER TABLE delta.`{table}` DROP CONSTRAINT known")
    spark.sql(f"INSERT INTO delta.`{table}` VALUES (-1, 'a', 'row -1')")
    assert len(readers.read_duckdb(table).rows) == 21


def test_a_table_that_spark_clusters_is_clustered_by_us(
    spark: Any, codeanatomy: Path, tmp_path: Path, all_readers: dict[str, readers.Reader]
) -> None:
    table = tmp_path / "table"
    spark.sql(
        f"CREATE TABLE delta.`{table}` (x LONG, y LONG, text STRING) USING delta CLUSTER BY (x, y)"
    )
    for number in range(4):
        spark.sql(
            f"INSERT INTO delta.`{table}` SELECT /*+ COALESCE(1) */ id * 7919 % 10007 AS x, "
            f"id * 104729 % 10007 AS y, sha2(string(id), 256) AS text "
            f"FROM range({number * 2000}, {number * 2000 + 2000})"
        )
    before = all_readers["Spark"](table)
    delta(codeanatomy, "optimize", table, "--target-size", "100kB")
    for name, read in all_readers.items():
        assert read(table) == before, name
    counts = delta(
        codeanatomy, "scan", table, "--where", "x BETWEEN 3000 AND 3100", "--stats", "-o",
        tmp_path / "rows.jsonl",
    )  # fmt: skip
    total, read = (
        int(line.rsplit(" ", 1)[1])
        for line in counts.splitlines()
        if line.startswith(("files total", "read"))
    )
    assert total >= 4
    assert read <= total / 2, counts
    assert delta(codeanatomy, "optimize", table, "--target-size", "100kB") == "nothing to do\n"
    # Spark knows our files as clustered by the same columns, and leaves them.
    spark.sql(f"OPTIMIZE delta.`{table}`")
    assert all_readers["delta-rs"](table) == before


def test_maintenance_beside_writers_takes_nothing_from_them(
    codeanatomy: Path, append_rows: Path, tmp_path: Path
) -> None:
    table = str(tmp_path / "table")
    writers = [f"w{number}" for number in range(4)]
    count = 10
    races.run_together([races.our_writer(append_rows, table, "first", 1)])
    maintenance = [
        ["bash", "-ec", f'for i in 1 2 3 4 5; do "$0" delta {operation} "$1"; done',
         str(codeanatomy), table]
        for operation in ("optimize", "checkpoint", "vacuum", "cleanup")
    ]  # fmt: skip
    races.run_together(
        [
            *(races.our_writer(append_rows, table, writer, count) for writer in writers[:2]),
            *(races.delta_rs_writer(table, writer, count) for writer in writers[2:]),
            *maintenance,
        ]
    )

    delta(codeanatomy, "optimize", table)
    expected = sorted([("first", 0), *races.expected_rows(writers, count)], key=repr)
    assert readers.read_delta_rs(table).rows == expected
    assert readers.read_duckdb(table).rows == expected
    assert "no faults" in delta(codeanatomy, "verify", table)
    versions = commits(Path(table))
    assert versions == list(range(len(versions)))
