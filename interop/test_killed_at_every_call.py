"""An operation that is killed (kill -9) at any system call on the table's files has either happened
or not: nothing committed is lost, and writers and the operation itself go on."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import readers
from upkeep import age, commits, delta

# Those that open, change or close files; between two of them, nothing differs on the disk. One that
# this machine does not have is left out, as strace's question mark says.
CALLS = (
    *("openat", "close", "write", "writev", "pwrite64", "ftruncate", "fallocate"),
    *("fsync", "fdatasync", "sync_file_range", "mkdir", "mkdirat", "rmdir"),
    *("link", "linkat", "rename", "renameat", "renameat2", "unlink", "unlinkat"),
)


@dataclass(frozen=True)
class Operation:
    command: str
    # A call without which it has done nothing.
    purpose: str
    # The ids afterwards, of those before.
    effect: Callable[[list[int]], list[int]] = list
    commits: bool = False


# With one thread, an operation makes the same calls each time.
OPERATIONS = {
    "append": Operation(
        "write --from 100.parquet --threads 1", "link", lambda ids: [*ids, 100], commits=True
    ),
    "overwrite": Operation(
        "write --from 100.parquet --mode overwrite --threads 1",
        "link",
        lambda ids: [100],
        commits=True,
    ),
    "delete": Operation(
        "delete --threads 1 --where id%10=3",
        "link",
        lambda ids: [number for number in ids if number % 10 != 3],
        commits=True,
    ),
    "optimize": Operation("optimize --threads 1", "link", commits=True),
    "checkpoint": Operation("checkpoint", "rename"),
    "compact-log": Operation("compact-log --from 2", "link"),
    "vacuum": Operation("vacuum", "unlink"),
    "cleanup": Operation("cleanup", "unlink"),
}

PROPERTIES = {
    "delta.checkpointInterval": "4",
    "delta.enableDeletionVectors": "true",
    "delta.enableChangeDataFeed": "true",
}


def put_rows(file: Path, ids: list[int]) -> Path:
    pq.write_table(pa.table({"id": pa.array(ids, pa.int64())}), file)
    return file


def run(program: Path, operation: Operation, table: Path) -> list[object]:
    command, *options = operation.command.split()
    files = [table.parent / option if option.endswith(".parquet") else option for option in options]
    return [program, "delta", command, table, *files]


@pytest.fixture
def made(codeanatomy: Path, tmp_path: Path) -> Path:
    """A table on which each operation finds something to do."""
    put_rows(tmp_path / "100.parquet", [100])
    put_rows(tmp_path / "200.parquet", [200])
    table = tmp_path / "made"
    options = [f"--property={key}={value}" for key, value in PROPERTIES.items()]
    for first in range(0, 60, 10):
        rows = put_rows(tmp_path / "rows.parquet", list(range(first, first + 10)))
        delta(codeanatomy, "write", table, "--from", rows, *options)
        options = []
    # A vector in the place of another one, and a file that no row is left of.
    for where in ("id = 5", "id = 6", "id BETWEEN 10 AND 19"):
        delta(codeanatomy, "delete", table, "--where", where)
    shutil.copy(next(table.glob("*.parquet")), table / "part-of-a-killed-writer.parquet")
    # The tombstones before they go into the checkpoint, the files afterwards, too.
    age(table, days=40)
    delta(codeanatomy, "checkpoint", table)
    age(table, days=40)
    delta(codeanatomy, "write", table, "--from", put_rows(tmp_path / "rows.parquet", [60]))
    return table


IDS = [*range(5), *range(7, 10), *range(20, 61)]


def ids(codeanatomy: Path, table: Path) -> list[int]:
    """As delta-rs and we read them."""
    found = [number for (number,) in readers.read_delta_rs(table).rows]
    ours = delta(codeanatomy, "scan", table, "--format", "csv").split()[1:]
    assert sorted(map(int, ours)) == sorted(found)
    return sorted(found)


def strace(log: Path, command: list[object], *options: str) -> int:
    """The exit status. `log` has each call with the thread's number and the descriptors' files."""
    # Processes look for what killed ones have left in the temporary folder. It is empty, to have
    # them make the same calls each time.
    with tempfile.TemporaryDirectory() as temporary:
        done = subprocess.run(
            ["strace", "-f", "-y", "-o", log, *options, *command],
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "TMPDIR": temporary},
        )
    if "Operation not permitted" in done.stderr and "ptrace" in done.stderr.lower():
        pytest.skip("ptrace is not allowed here")
    return done.returncode


def calls_in(log: Path) -> list[tuple[str, str, str]]:
    """Thread, name and arguments."""
    lines = log.read_text("utf-8", errors="replace").splitlines()
    found = (re.match(r"(\d+) +(\w+)\((.*)", line) for line in lines)
    return [(match[1], match[2], match[3]) for match in found if match]


def calls_on(table: Path, log: Path) -> list[tuple[str, int]]:
    """Each call on the table's files: its name, and the how manyth of this name it is. strace
    counts by thread, and kills with the first thread that comes to the number."""
    made: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, int], str] = {}
    on_table = 0
    for thread, name, arguments in calls_in(log):
        made[thread, name] += 1
        first.setdefault((name, made[thread, name]), arguments)
        on_table += str(table) in arguments
    found = [call for call, arguments in first.items() if str(table) in arguments]
    assert len(found) == on_table, "some are out of reach, as two threads make calls"
    return found


@pytest.mark.long
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_killed_at_any_call_has_happened_or_not(
    name: str, made: Path, codeanatomy: Path, tmp_path: Path
) -> None:
    operation = OPERATIONS[name]
    table = tmp_path / "table"
    command = run(codeanatomy, operation, table)
    log = tmp_path / "calls"
    shutil.copytree(made, table)
    assert ids(codeanatomy, table) == IDS
    last = commits(table)[-1]
    traced = ",".join(f"?{call}" for call in CALLS)
    assert strace(log, command, "-e", f"trace={traced}") == 0, log.read_text("utf-8")
    assert ids(codeanatomy, table) == operation.effect(IDS)
    calls = calls_on(table, log)
    assert operation.purpose in {call for call, _ in calls}

    happened = Counter[bool]()
    for call, number in calls:
        said = f"killed at {call} {number}"
        shutil.rmtree(table)
        shutil.copytree(made, table)
        status = strace(
            log, command, "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}"
        )
        assert status == -signal.SIGKILL, said
        assert str(table) in calls_in(log)[-1][2], said

        is_committed = commits(table)[-1] > last
        happened[is_committed] += 1
        expected = operation.effect(IDS) if is_committed else IDS
        assert ids(codeanatomy, table) == sorted(expected), said
        assert "no faults" in delta(codeanatomy, "verify", table), said

        delta(codeanatomy, "write", table, "--from", tmp_path / "200.parquet")
        expected = operation.effect([*expected, 200])
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        assert ids(codeanatomy, table) == sorted(expected), said
        assert "no faults" in delta(codeanatomy, "verify", table), said
    assert set(happened) == ({False, True} if operation.commits else {False})
    print(f"{name}: killed at {len(calls)} calls, {happened[True]} of them after the commit")
