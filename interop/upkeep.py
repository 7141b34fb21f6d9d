"""Maintenance by `codeanatomy delta …`, and tables that look as if time had passed."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

DAY = 24 * 60 * 60


def delta(program: Path, *arguments: object, environment: Mapping[str, str] | None = None) -> str:
    """What `codeanatomy delta …` prints; it must succeed."""
    done = subprocess.run(
        [program, "delta", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make_older(file: Path, days: int) -> None:
    moment = time.time() - days * DAY
    os.utime(file, (moment, moment))


def checksum_of(file: Path) -> Path:
    """Where Hadoop, and Spark by it, keeps the checksums of the file."""
    return file.with_name(f".{file.name}.crc")


def age(table: Path, days: int) -> None:
    """Makes everything that is in the table's folder look older, the tombstones of its commits
    too. Not for tables with in-commit timestamps, nor for checkpoints' own tombstones."""

    def earlier(match: re.Match[str]) -> str:
        return f"{match[1]}{int(match[2]) - days * DAY * 1000}"

    for file in table.rglob("*"):
        if not file.is_file():
            continue
        if file.parent.name == "_delta_log" and re.fullmatch(r"\d{20}\.json", file.name):
            text = file.read_text("utf-8")
            file.write_text(re.sub(r'("deletionTimestamp":\s*)(\d+)', earlier, text), "utf-8")
            checksum_of(file).unlink(missing_ok=True)
        make_older(file, days)


def commits(table: Path) -> list[int]:
    """The versions whose commits are in the log."""
    return sorted(int(file.stem) for file in (table / "_delta_log").glob("?" * 20 + ".json"))


def data_files(table: Path) -> set[str]:
    """The Parquet files of the table, named by a version of the log or not."""
    return {
        str(file.relative_to(table))
        for file in table.rglob("*.parquet")
        if "_delta_log" not in file.parts
    }
