"""Log compactions and V2 checkpoints with several sidecars that we wrote, read by others."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import readers
from upkeep import age, commits, delta

# Each commit but the first adds as many rows; some are deleted by a vector later, and one commit
# changes the table's metadata.
BATCH = 4
DELETED = "id % 5 = 2"
EXPECTED = sorted(
    ((i, f"p{i % 2}") for i in range(6 * BATCH) if i % 5 != 2 or i >= 5 * BATCH), key=repr
)


def batch(folder: Path, number: int) -> Path:
    ids = range(number * BATCH, (number + 1) * BATCH)
    rows = {"id": pa.array(ids, pa.int64()), "part": [f"p{i % 2}" for i in ids]}
    source = folder / "rows.parquet"
    pq.write_table(pa.table(rows), source)
    return source


def make_table(codeanatomy: Path, tmp_path: Path, **properties: str) -> Path:
    """Versions 0 to 7: five appends, a constraint, a delete and an append; no checkpoint."""
    path = tmp_path / "table"
    properties |= {"enableDeletionVectors": "true", "checkpointInterval": "1000"}
    first = ["--partition-by", "part"]
    for name, value in properties.items():
        first += ["--property", f"delta.{name}={value}"]
    for number in range(5):
        source = batch(tmp_path, number)
        delta(codeanatomy, "write", path, "--from", source, *(first if number == 0 else []))
    delta(codeanatomy, "constraint", path, "add", "known", "id >= 0")
    delta(codeanatomy, "delete", path, "--where", DELETED)
    delta(codeanatomy, "write", path, "--from", batch(tmp_path, 5), "--txn", "app:3")
    assert commits(path) == list(range(8))
    return path


@pytest.fixture
def table(codeanatomy: Path, tmp_path: Path) -> Path:
    return make_table(codeanatomy, tmp_path)


def compact(codeanatomy: Path, table: Path, first: int, last: int) -> None:
    report = json.loads(
        delta(codeanatomy, "compact-log", table, "--from", first, "--to", last, "--format", "json")
    )
    name = f"{first:020}.{last:020}.compacted.json"
    assert Path(report["path"]) == table / "_delta_log" / name
    assert report["written"] and (table / "_delta_log" / name).is_file()


def spoil(file: Path) -> None:
    """Whoever reads it fails."""
    file.write_text("{spoilt\n", "utf-8")


def test_our_log_compactions_stand_for_their_commits_in_spark(
    table: Path, codeanatomy: Path, read_spark: readers.Reader
) -> None:
    compact(codeanatomy, table, 1, 6)
    assert not (table / "_delta_log" / "_last_checkpoint").exists()
    assert read_spark(table).rows == EXPECTED

    # That Spark has read the compaction shows where the commits cannot be read.
    without_commits = table.with_name("spoilt commits")
    shutil.copytree(table, without_commits)
    for version in range(1, 7):
        spoil(without_commits / "_delta_log" / f"{version:020}.json")
    assert read_spark(without_commits).rows == EXPECTED
    scanned = delta(codeanatomy, "scan", without_commits).splitlines()
    assert len(scanned) == len(EXPECTED)


def test_all_readers_read_a_table_with_our_log_compactions(
    table: Path, codeanatomy: Path, all_readers: dict[str, readers.Reader]
) -> None:
    for first, last in ((0, 3), (2, 6), (6, 7)):
        compact(codeanatomy, table, first, last)

    for name, read in all_readers.items():
        assert read(table).rows == EXPECTED, name


def test_spark_appends_to_a_table_with_our_log_compactions(
    table: Path, spark: Any, codeanatomy: Path
) -> None:
    compact(codeanatomy, table, 1, 7)

    spark.sql(f"INSERT INTO delta.`{table}` VALUES (100, 'p0')")
    with pytest.raises(Exception, match="known"):
        spark.sql(f"INSERT INTO delta.`{table}` VALUES (-1, 'p0')")

    assert readers.read_delta_rs(table).rows == sorted([*EXPECTED, (100, "p0")], key=repr)
    assert "no faults" in delta(codeanatomy, "verify", table)


def test_a_commit_that_a_compaction_covers_must_stay(
    table: Path, codeanatomy: Path, read_spark: readers.Reader
) -> None:
    compact(codeanatomy, table, 1, 6)
    (table / "_delta_log" / f"{3:020}.json").unlink()

    with pytest.raises(Exception, match="DELTA_VERSIONS_NOT_CONTIGUOUS"):
        read_spark(table)
    with pytest.raises(AssertionError, match="the commit of version 3 is missing"):
        delta(codeanatomy, "verify", table)


@pytest.mark.parametrize("hint", [True, False], ids=["", "without _last_checkpoint"])
def test_our_checkpoint_with_several_sidecars_stands_for_the_log(
    hint: bool,
    tmp_path: Path,
    sidecar_checkpoint: Path,
    codeanatomy: Path,
    all_readers: dict[str, Callable[[Path], readers.Table]],
) -> None:
    table = make_table(codeanatomy, tmp_path, checkpointPolicy="v2")
    done = subprocess.run(
        [sidecar_checkpoint, table, "3"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    checkpoint = table / "_delta_log" / done.stdout.strip()
    actions = [json.loads(line) for line in checkpoint.read_text("utf-8").splitlines()]
    sidecars = [action["sidecar"]["path"] for action in actions if "sidecar" in action]
    assert len(sidecars) >= 4
    age(table, days=40)
    assert "begins with the checkpoint" in delta(codeanatomy, "cleanup", table)
    assert commits(table) == [7]
    if not hint:
        (table / "_delta_log" / "_last_checkpoint").unlink()

    for name, read in all_readers.items():
        if name == "Polars":  # it has no V2 checkpoints
            continue
        assert read(table).rows == EXPECTED, name
    assert "no faults" in delta(codeanatomy, "verify", table)
