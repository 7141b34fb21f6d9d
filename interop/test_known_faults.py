"""What other Delta libraries got wrong, each fault under the number it was reported with."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import races
import readers
from upkeep import age, commits, delta, make_older


def write(codeanatomy: Path, folder: Path, calls: int) -> None:
    """Extracts a source with as many calls; the tables are overwritten when they are there."""
    source = folder / "source"
    source.mkdir(exist_ok=True)
    lines = "".join(f"    call_{number}()\n" for number in range(calls))
    (source / "main.py").write_text(f"def f():\n{lines}", "utf-8")
    subprocess.run(
        [codeanatomy, "extract", source, "--out", folder / "out"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def test_duckdb_delta_36_and_119_a_table_is_created_and_overwritten(
    codeanatomy: Path, tmp_path: Path
) -> None:
    table = tmp_path / "out" / "ts_calls_v1"
    for calls in (3, 5):
        write(codeanatomy, tmp_path, calls)

        names = readers.read_duckdb(table).column("callee")
        assert sorted(names) == [f"call_{number}" for number in range(calls)]
    assert len(list((table / "_delta_log").glob("*.json"))) == 2


def test_duckdb_delta_228_appends_have_full_statistics(append_rows: Path, tmp_path: Path) -> None:
    table = tmp_path / "table"
    for writer in ("a", "b"):
        races.run_together([races.our_writer(append_rows, str(table), writer, 2)])

    assert readers.read_duckdb(table).rows == races.expected_rows(["a", "b"], 2)
    log = [file.read_text("utf-8") for file in sorted((table / "_delta_log").glob("*.json"))]
    actions = [json.loads(line) for text in log for line in text.splitlines()]
    statistics = [json.loads(action["add"]["stats"]) for action in actions if "add" in action]
    assert statistics == [
        {
            "numRecords": 1,
            "minValues": {"writer": writer, "number": number},
            "maxValues": {"writer": writer, "number": number},
            "nullCount": {"writer": 0, "number": 0},
        }
        for writer, number in races.expected_rows(["a", "b"], 2)
    ]


class Appended:
    """A table of append_rows with the rows that it must have."""

    def __init__(self, program: Path, table: Path) -> None:
        self.program = program
        self.table = table
        self.log = table / "_delta_log"
        self.rows: list[tuple[str, int]] = []

    def append(self, writer: str, count: int) -> None:
        races.run_together([races.our_writer(self.program, str(self.table), writer, count)])
        self.rows = sorted([*self.rows, *races.expected_rows([writer], count)], key=repr)

    def checkpoint(self, version: int) -> Path:
        return self.log / f"{version:020}.checkpoint.parquet"

    def check(self, program: Path) -> None:
        """It is read and written by us and by others."""
        assert readers.read_delta_rs(self.table).rows == self.rows
        assert readers.read_duckdb(self.table).rows == self.rows
        assert "no faults" in delta(program, "verify", self.table)
        self.append(f"after {len(self.rows)}", 1)
        assert readers.read_delta_rs(self.table).rows == self.rows


def remove_commits_before_checkpoint(program: Path, table: Appended) -> None:
    age(table.table, days=40)
    assert "begins with the checkpoint" in delta(program, "cleanup", table.table)


def test_delta_rs_2258_a_checkpoint_that_was_killed_before_its_hint(
    codeanatomy: Path, append_rows: Path, tmp_path: Path
) -> None:
    table = Appended(append_rows, tmp_path / "table")
    table.append("w", 4)
    delta(codeanatomy, "checkpoint", table.table)
    older = (table.log / "_last_checkpoint").read_text("utf-8")
    table.append("x", 3)
    delta(codeanatomy, "checkpoint", table.table)
    assert table.checkpoint(4).exists()
    assert table.checkpoint(7).exists()

    (table.log / "_last_checkpoint").write_text(older, "utf-8")
    table.check(codeanatomy)
    # Neither is there a need for the hint, nor for the commits before.
    delta(codeanatomy, "checkpoint", table.table)
    remove_commits_before_checkpoint(codeanatomy, table)
    (table.log / "_last_checkpoint").unlink()
    table.check(codeanatomy)


def test_delta_rs_2643_checkpoints_in_one_part_and_in_several_of_the_same_version(
    codeanatomy: Path, append_rows: Path, spark: Any, tmp_path: Path
) -> None:
    table = Appended(append_rows, tmp_path / "table")
    table.append("w", 6)
    delta(codeanatomy, "checkpoint", table.table)
    ours = table.checkpoint(6)
    aside = ours.rename(tmp_path / "ours")
    our_hint = (table.log / "_last_checkpoint").rename(tmp_path / "our hint")
    spark.conf.set("spark.databricks.delta.checkpoint.partSize", "2")
    try:
        path = spark._jvm.org.apache.hadoop.fs.Path(str(table.table))
        deltas = spark._jvm.org.apache.spark.sql.delta.DeltaLog
        deltas.forTable(spark._jsparkSession, path).checkpoint()
    finally:
        spark.conf.unset("spark.databricks.delta.checkpoint.partSize")
    assert len(list(table.log.glob(f"{6:020}.checkpoint.*.*.parquet"))) > 1
    shutil.copy(aside, ours)

    for hint in (None, our_hint):
        if hint:
            shutil.copy(hint, table.log / "_last_checkpoint")
        scanned = delta(codeanatomy, "scan", table.table).splitlines()
        assert sorted((row["writer"], row["number"]) for row in map(json.loads, scanned)) == (
            table.rows
        )
        assert "has a checkpoint already" in delta(codeanatomy, "checkpoint", table.table)
        assert "no faults" in delta(codeanatomy, "verify", table.table)
    table.append("x", 1)
    assert "checkpoint of" in delta(codeanatomy, "checkpoint", table.table)
    table.check(codeanatomy)


def test_delta_rs_4433_processes_that_write_the_same_checkpoint_at_once(
    codeanatomy: Path, append_rows: Path, tmp_path: Path
) -> None:
    table = Appended(append_rows, tmp_path / "table")
    for number in range(3):
        table.append(f"w{number}", 3)
        version = commits(table.table)[-1]
        checkpointing = [str(codeanatomy), "delta", "checkpoint", str(table.table)]
        races.run_together([checkpointing] * 6)
        # Whole, and without a part of another one.
        actions = pq.read_table(table.checkpoint(version)).to_pylist()
        adds = [action["add"]["path"] for action in actions if action["add"]]
        assert len(adds) == len(set(adds)) == len(table.rows)
    remove_commits_before_checkpoint(codeanatomy, table)
    table.check(codeanatomy)


def test_delta_rs_3049_a_writer_that_reads_no_files_leaves_none_out_of_its_checkpoint(
    codeanatomy: Path, append_rows: Path, tmp_path: Path
) -> None:
    table = Appended(append_rows, tmp_path / "table")
    # Each append is blind; that of version 10 and that of version 20 leave a checkpoint.
    for writer in ("a", "b", "c"):
        table.append(writer, 7)
    assert table.checkpoint(10).exists()
    assert table.checkpoint(20).exists()

    remove_commits_before_checkpoint(codeanatomy, table)
    assert commits(table.table)[0] == 20
    table.check(codeanatomy)


def test_delta_rs_2174_cleanup_leaves_the_last_checkpoint(
    codeanatomy: Path, append_rows: Path, tmp_path: Path
) -> None:
    table = Appended(append_rows, tmp_path / "table")
    table.append("w", 3)
    delta(codeanatomy, "checkpoint", table.table)
    remove_commits_before_checkpoint(codeanatomy, table)
    for days in (100, 1000):
        age(table.table, days=days)
        assert "removed 0 files" in delta(codeanatomy, "cleanup", table.table)

    assert table.checkpoint(3).exists()
    table.check(codeanatomy)


def test_delta_rs_3645_vacuum_leaves_what_a_running_writer_has_not_committed_yet(
    codeanatomy: Path, append_rows: Path, tmp_path: Path
) -> None:
    table = Appended(append_rows, tmp_path / "table")
    table.append("w", 1)
    written = next(table.table.glob("*.parquet"))
    uncommitted = shutil.copy(written, table.table / "part-uncommitted.parquet")
    old = shutil.copy(written, table.table / "part-of-a-killed-writer.parquet")
    make_older(old, days=8)

    delta(codeanatomy, "vacuum", table.table, "--retention-hours", 0)

    assert uncommitted.exists()
    assert not old.exists()
    table.check(codeanatomy)


# A process counts what the one that started it had resident: this one has little.
MEASURE = """
import os, sys
started = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(started, 0)
print(usage.ru_maxrss * 1024, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def peak_memory(command: list[str | Path]) -> int:
    """The most memory, in bytes, that the process had resident; it must succeed."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", MEASURE, *command], capture_output=True, text=True, check=True
    )
    return int(done.stderr.splitlines()[-1])


def test_delta_rs_2255_3371_3578_a_write_takes_no_more_memory_for_more_rows(
    codeanatomy: Path, tmp_path: Path
) -> None:
    peaks = []
    sizes = []
    for rows in (500_000, 3_000_000):
        source = tmp_path / f"{rows}.parquet"
        query = f"SELECT i AS id, sha256(i::VARCHAR) AS text FROM range({rows}) AS r(i)"
        subprocess.run([codeanatomy, "sql", query, "--format", "parquet", "-o", source], check=True)
        write = ["delta", "write", tmp_path / f"table {rows}", "--from", source]
        peaks.append(peak_memory([codeanatomy, *write]))
        sizes.append(rows * 72)  # what the rows take, uncompressed
    assert peaks[1] < sizes[1], "the rows were all in memory"
    assert peaks[1] < 1.5 * peaks[0]
