"""Maintenance that is killed (kill -9) loses no row and spoils nothing, and can be run again, by
itself or after other operations that were killed."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import races
import readers
from upkeep import age, delta, make_older

SEED = 20240301


class Grown:
    """A table that gets further commits, and the rows that it must have."""

    def __init__(self, append_rows: Path, table: Path) -> None:
        self.append_rows = append_rows
        self.table = table
        self.rows: list[tuple[str, int]] = []

    def grow(self, commits: int) -> None:
        writer = f"w{len(self.rows):05}"
        races.run_together([races.our_writer(self.append_rows, str(self.table), writer, commits)])
        self.rows += [(writer, number) for number in range(commits)]
        self.rows.sort(key=repr)


def prepare_optimize(_: Path, table: Grown) -> list[str]:
    table.grow(20)
    return ["optimize"]


def prepare_checkpoint(_: Path, table: Grown) -> list[str]:
    table.grow(1)
    return ["checkpoint"]


def prepare_vacuum(_: Path, table: Grown) -> list[str]:
    for number in range(200):
        orphan = table.table / f"orphan-{number}.parquet"
        orphan.write_bytes(b"rows that no commit names")
        make_older(orphan, days=30)
    return ["vacuum"]


def prepare_cleanup(codeanatomy: Path, table: Grown) -> list[str]:
    table.grow(20)
    delta(codeanatomy, "checkpoint", table.table)
    age(table.table, days=40)
    return ["cleanup"]


def kill_after(codeanatomy: Path, arguments: list[str], table: Path, seconds: float) -> bool:
    """Whether the process was still running when it was killed."""
    running = subprocess.Popen(
        [codeanatomy, "delta", *arguments, table], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(seconds)
    was_running = running.poll() is None
    running.kill()
    _, errors = running.communicate(timeout=60)
    assert not errors, errors.decode()
    return was_running


@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "prepare", [prepare_optimize, prepare_checkpoint, prepare_vacuum, prepare_cleanup]
)
def test_killed_maintenance_loses_no_row(
    kills: int,
    prepare: Callable[[Path, Grown], list[str]],
    append_rows: Path,
    codeanatomy: Path,
    tmp_path: Path,
) -> None:
    moments = random.Random(SEED)
    table = Grown(append_rows, tmp_path / "table")
    table.grow(1)
    arguments = prepare(codeanatomy, table)
    started = time.monotonic()
    delta(codeanatomy, *arguments, table.table)
    whole_run = time.monotonic() - started

    killed = 0
    for _ in range(kills):
        prepare(codeanatomy, table)
        seconds = moments.uniform(0.1, 0.9) * whole_run
        killed += kill_after(codeanatomy, arguments, table.table, seconds)

        assert readers.read_delta_rs(table.table).rows == table.rows
        assert "no faults" in delta(codeanatomy, "verify", table.table)
        delta(codeanatomy, *arguments, table.table)
        assert readers.read_delta_rs(table.table).rows == table.rows
    assert killed > 0
    table.grow(1)
    assert readers.read_duckdb(table.table).rows == table.rows


@pytest.mark.parametrize("kills", [12, pytest.param(200, marks=pytest.mark.long)])
def test_what_killed_operations_leave_is_no_trouble_for_others(
    kills: int, append_rows: Path, codeanatomy: Path, tmp_path: Path
) -> None:
    """None of them is run again before the next one."""
    moments = random.Random(SEED + 1)
    table = Grown(append_rows, tmp_path / "table")
    table.grow(20)
    operations = ["optimize", "checkpoint", "vacuum", "cleanup"]
    durations: dict[str, float] = {}
    for operation in operations:
        started = time.monotonic()
        delta(codeanatomy, operation, table.table)
        durations[operation] = time.monotonic() - started

    killed = 0
    for number in range(kills):
        table.grow(moments.choice([1, 3, 10]))
        if moments.random() < 0.3:
            prepare_vacuum(codeanatomy, table)
        if moments.random() < 0.3:
            # Commits before the last checkpoint, if there is one, are too old for the log.
            age(table.table, days=40)
        operation = moments.choice(operations)
        seconds = moments.uniform(0.1, 1.0) * durations[operation]
        killed += kill_after(codeanatomy, [operation], table.table, seconds)

        assert readers.read_delta_rs(table.table).rows == table.rows, f"{number}: {operation}"
        if number % 10 == 9:
            assert "no faults" in delta(codeanatomy, "verify", table.table), (
                f"{number}: {operation}"
            )
    assert killed > kills / 4
    for operation in operations:
        delta(codeanatomy, operation, table.table)
        assert readers.read_delta_rs(table.table).rows == table.rows, operation
        assert "no faults" in delta(codeanatomy, "verify", table.table), operation
    assert not list((table.table / "_delta_log").glob(".*.tmp"))
    assert readers.read_duckdb(table.table).rows == table.rows
