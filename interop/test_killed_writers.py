"""A writer that is killed (kill -9) loses nothing that it committed and spoils nothing."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

import pytest

import races
import readers

SEED = 20240229


def killed_writer(program: Path, table: Path, writer: str, seconds: float) -> int:
    """Kills an endless writer after that time; how many commits it had told of."""
    command = races.our_writer(program, str(table), writer, 1_000_000)
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(seconds)
    running.kill()
    told, errors = running.communicate(timeout=60)
    assert not errors, errors.decode()
    return told.count(b"\n")


@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.long)])
def test_a_killed_writer_loses_and_doubles_nothing(
    kills: int, append_rows: Path, codeanatomy: Path, tmp_path: Path
) -> None:
    moments = random.Random(SEED)
    table = tmp_path / "table"
    races.run_together([races.our_writer(append_rows, str(table), "first", 1)])
    committed = [("first", 0)]
    for kill in range(kills):
        writer = f"w{kill:03}"
        told = killed_writer(append_rows, table, writer, moments.uniform(0.02, 0.5))

        found = readers.read_delta_rs(table).rows
        own = [row for row in found if row[0] == writer]
        # The answer to the last commit may have been cut off, nothing else.
        assert len(own) in (told, told + 1)
        committed += [(writer, number) for number in range(len(own))]
        assert found == sorted(committed, key=repr)

    races.run_together([races.our_writer(append_rows, str(table), "last", 2)])
    committed += [("last", 0), ("last", 1)]
    assert readers.read_delta_rs(table).rows == sorted(committed, key=repr)
    query = f"SELECT count(*), count(DISTINCT (writer, number)) FROM delta_scan('{table}')"
    ours = subprocess.run(
        [codeanatomy, "sql", query, "--format", "csv"], capture_output=True, text=True, check=True
    )
    assert ours.stdout.splitlines()[1] == f"{len(committed)},{len(committed)}"
    log = [(file.name, file.read_text("utf-8")) for file in (table / "_delta_log").glob("0*.json")]
    races.check_versions(log, commits=len(committed) + 1)
