"""Commands on a machine whose disk is full, whose disk fails, that denies permission, and whose
clock has gone back: a clear error, and the table is what it was."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import races
import readers
from upkeep import DAY, age, commits, data_files, delta, make_older

NEW_ROW = ("new", 7)


@dataclass(frozen=True)
class Operation:
    command: list[str]
    adds_row: bool = False


OPERATIONS = {
    "write": Operation(["write", "--from", "rows.parquet"], adds_row=True),
    "checkpoint": Operation(["checkpoint"]),
    "optimize": Operation(["optimize"]),
    "vacuum": Operation(["vacuum"]),
    "cleanup": Operation(["cleanup"]),
}

# What a call fails with, what the message says of it.
FAULTS = {
    "disk full": (errno.ENOSPC, "No space left on device"),
    "I/O error": (errno.EIO, "Input/output error"),
    "permission denied": (errno.EACCES, "Permission denied"),
}


def put_new_row(folder: Path) -> None:
    rows = pa.table({"writer": [NEW_ROW[0]], "number": pa.array([NEW_ROW[1]], pa.int64())})
    pq.write_table(rows, folder / "rows.parquet")


@pytest.fixture
def made(append_rows: Path, codeanatomy: Path, tmp_path: Path) -> Path:
    """A table on which each operation finds something to do."""
    table = tmp_path / "made"
    races.run_together([races.our_writer(append_rows, str(table), "w", 6)])
    delta(codeanatomy, "checkpoint", table)
    shutil.copy(next(table.glob("*.parquet")), table / "part-of-a-killed-writer.parquet")
    age(table, days=40)
    races.run_together([races.our_writer(append_rows, str(table), "x", 2)])
    put_new_row(tmp_path)
    return table


def rows_before() -> list[Any]:
    return sorted([*races.expected_rows(["w"], 6), *races.expected_rows(["x"], 2)], key=repr)


def rows_after(operation: Operation) -> list[Any]:
    return sorted([*rows_before(), *([NEW_ROW] if operation.adds_row else [])], key=repr)


def run(
    program: Path, operation: Operation, table: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command, *more = operation.command
    return subprocess.run(
        [program, "delta", command, table, *more],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=table.parent,
        env={**os.environ, **(environment or {})},
    )


def all_files(table: Path) -> set[str]:
    return {str(file.relative_to(table)) for file in table.rglob("*")}


@pytest.mark.parametrize("every_call", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_a_disk_that_fails_leaves_the_table_whole(
    name: str, fault: str, every_call: bool, made: Path, codeanatomy: Path, failing_calls: Path
) -> None:
    operation = OPERATIONS[name]
    number, text = FAULTS[fault]
    # The calls before the first one that fails: all numbers of them, or some.
    calls = 0
    failures = 0
    has_failed = True
    while has_failed:
        table = made.with_name(f"failing after {calls} calls")
        shutil.copytree(made, table)
        note = made.with_name(f"note {calls}")
        done = run(
            codeanatomy,
            operation,
            table,
            {
                "LD_PRELOAD": str(failing_calls),
                "FAILING_FOLDER": str(table),
                "FAILING_FROM": str(calls),
                "FAILING_ERRNO": str(number),
                "FAILING_NOTE": str(note),
            },
        )
        has_failed = note.exists()

        said = f"{table.name}: {done.stdout}{done.stderr}"
        assert done.returncode in (0, 1), said
        rows = readers.read_delta_rs(table).rows
        if done.returncode == 0:
            # What it could not do besides, it does another time.
            assert rows == rows_after(operation), said
        else:
            failures += 1
            assert done.stderr.startswith("error["), said
            assert text in done.stderr, said
            assert str(table) in done.stderr, said
            assert rows == rows_before(), said
            if number == errno.ENOSPC:
                left = all_files(table) - all_files(made)
                assert all(file.endswith(".checkpoint.parquet") for file in left), said
            again = run(codeanatomy, operation, table)
            assert again.returncode == 0, said + again.stderr
            assert readers.read_delta_rs(table).rows == rows_after(operation), said
        assert "no faults" in delta(codeanatomy, "verify", table), said
        shutil.rmtree(table)
        calls = calls + 1 if every_call else max(1, 2 * calls)
    # A full disk does not keep files from being removed.
    assert failures > 0 or (number == errno.ENOSPC and name in ("vacuum", "cleanup"))


def commit_actions(table: Path, version: int) -> list[dict[str, Any]]:
    file = table / "_delta_log" / f"{version:020}.json"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def in_commit_timestamps(table: Path) -> list[int]:
    return [
        commit_actions(table, version)[0]["commitInfo"]["inCommitTimestamp"]
        for version in commits(table)
    ]


def put_into_the_future(table: Path, days: int) -> None:
    """As if the clock had gone back since the table was written."""
    for version in commits(table):
        actions = commit_actions(table, version)
        for name in ("timestamp", "inCommitTimestamp"):
            actions[0]["commitInfo"][name] += days * DAY * 1000
        text = "".join(json.dumps(action) + "\n" for action in actions)
        (table / "_delta_log" / f"{version:020}.json").write_text(text, "utf-8")
        (table / "_delta_log" / f"{version:020}.crc").unlink()
    for file in table.rglob("*"):
        make_older(file, days=-days)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_clock_that_went_back_leaves_the_table_whole(
    name: str, codeanatomy: Path, tmp_path: Path
) -> None:
    operation = OPERATIONS[name]
    put_new_row(tmp_path)
    table = tmp_path / "table"
    write = ["write", table, "--from", tmp_path / "rows.parquet"]
    delta(codeanatomy, *write, "--property", "delta.enableInCommitTimestamps=true")
    delta(codeanatomy, *write)
    put_into_the_future(table, days=100)
    before = data_files(table)

    done = run(codeanatomy, operation, table)

    assert done.returncode == 0, done.stderr
    rows = [NEW_ROW] * (3 if operation.adds_row else 2)
    assert readers.read_delta_rs(table).rows == rows
    assert before <= data_files(table), "none of them is old enough to be removed"
    assert commits(table)[:2] == [0, 1]
    assert "no faults" in delta(codeanatomy, "verify", table)
    delta(codeanatomy, *write)
    assert readers.read_delta_rs(table).rows == [*rows, NEW_ROW]
    timestamps = in_commit_timestamps(table)
    assert timestamps == sorted(set(timestamps)), "they never go back"


@pytest.mark.parametrize("standard_error", ["/dev/full", "&-"])
def test_messages_that_cannot_be_written_do_not_hide_the_exit_status(
    standard_error: str, codeanatomy: Path, tmp_path: Path
) -> None:
    command = f'exec "$0" hash no-such-spec.json 2>{standard_error}'
    done = subprocess.run(["bash", "-c", command, codeanatomy], cwd=tmp_path, check=False)
    assert done.returncode == 2


def test_no_file_of_a_table_takes_the_place_of_a_closed_standard_stream(
    codeanatomy: Path, tmp_path: Path
) -> None:
    put_new_row(tmp_path)
    command = 'exec "$0" delta write table --from rows.parquet <&- >&- 2>&-'
    done = subprocess.run(["bash", "-c", command, codeanatomy], cwd=tmp_path, check=False)
    assert done.returncode == 1, "it cannot say what it did"
    assert readers.read_delta_rs(tmp_path / "table").rows == [NEW_ROW]
