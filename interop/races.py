"""Several processes that append to one table at the same time, and what must hold afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

# Appends with delta-rs what append_rows appends with our library.
DELTA_RS_WRITER = """
import sys, pyarrow, deltalake
from deltalake.exceptions import CommitFailedError
location, writer, count, options = sys.argv[1], sys.argv[2], int(sys.argv[3]), eval(sys.argv[4])
properties = deltalake.CommitProperties(max_commit_retries=1000)
for number in range(count):
    rows = pyarrow.table({"writer": [writer], "number": pyarrow.array([number], pyarrow.int64())})
    deltalake.write_deltalake(
        location, rows, mode="append", storage_options=options, commit_properties=properties
    )
"""


def our_writer(program: Path, location: str, writer: str, count: int) -> list[str]:
    return [str(program), location, writer, str(count)]


def delta_rs_writer(
    location: str, writer: str, count: int, options: Mapping[str, str] | None = None
) -> list[str]:
    command = [sys.executable, "-c", DELTA_RS_WRITER, location, writer, str(count)]
    return [*command, repr(dict(options or {}))]


def run_together(commands: list[list[str]], environment: Mapping[str, str] | None = None) -> None:
    """Runs all commands at the same time; each must succeed."""
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        for command in commands
    ]
    results = [process.communicate(timeout=900) for process in running]
    for process, (_, errors) in zip(running, results, strict=True):
        assert process.returncode == 0, errors.decode()


def expected_rows(writers: list[str], count: int) -> list[tuple[str, int]]:
    """The rows in the order that a `readers.Table` has them."""
    return sorted(((writer, number) for writer in writers for number in range(count)), key=repr)


def check_versions(log: list[tuple[str, str]], commits: int) -> None:
    """`log` has names and contents of the files in _delta_log. The versions are contiguous, and
    each adds at most one file, no file twice."""
    versions = {int(name[:20]): text for name, text in log if len(name) == 25}
    assert sorted(versions) == list(range(commits))
    added = [
        action["add"]["path"]
        for text in versions.values()
        for action in map(json.loads, text.splitlines())
        if "add" in action
    ]
    assert len(added) == len(set(added)) == commits - 1
