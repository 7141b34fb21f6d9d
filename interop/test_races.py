"""Processes that write to one table at the same time lose nothing and double nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import races
import readers


def check_table(table: Path, writers: list[str], count: int, commits: int) -> None:
    log = [(file.name, file.read_text("utf-8")) for file in (table / "_delta_log").glob("*.json")]
    races.check_versions(log, commits)
    assert readers.read_delta_rs(table).rows == races.expected_rows(writers, count)


@pytest.mark.parametrize(
    ("processes", "count"), [(4, 10), pytest.param(8, 50, marks=pytest.mark.long)]
)
def test_our_writers_lose_and_double_nothing(
    processes: int, count: int, append_rows: Path, tmp_path: Path
) -> None:
    writers = [f"w{number}" for number in range(processes)]
    table = tmp_path / "table"
    races.run_together(
        [races.our_writer(append_rows, str(table), writer, count) for writer in writers]
    )

    check_table(table, writers, count, commits=processes * count + 1)


@pytest.mark.parametrize(
    ("processes", "count"), [(4, 10), pytest.param(8, 50, marks=pytest.mark.long)]
)
def test_our_writers_and_delta_rs_lose_and_double_nothing(
    processes: int, count: int, append_rows: Path, tmp_path: Path
) -> None:
    writers = [f"w{number}" for number in range(processes)]
    table = str(tmp_path / "table")
    races.run_together([races.our_writer(append_rows, table, "first", 0)])
    races.run_together(
        [
            races.delta_rs_writer(table, writer, count)
            if number % 2
            else races.our_writer(append_rows, table, writer, count)
            for number, writer in enumerate(writers)
        ]
    )

    check_table(Path(table), writers, count, commits=processes * count + 1)
