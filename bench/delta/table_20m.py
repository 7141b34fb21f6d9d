"""A table of 20 million rows in several files, and the same with one row in a hundred deleted."""

from __future__ import annotations

import atexit
import functools
import shutil
import subprocess
import tempfile
from pathlib import Path

import duckdb

from paths import ROOT

COUNT = 20_000_000
DELETED = "n % 100 = 3"

ROWS = f"""
SELECT i AS n,
       (i * 7919 % 1000)::INTEGER AS m,
       i * 0.25::DOUBLE AS d,
       'src/package/module_' || i % 5000 || '.py' AS s,
       TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_seconds(i) AS t
FROM range({COUNT}) r(i)
"""


def codeanatomy(*arguments: str | Path) -> None:
    program = ROOT / "build/release/codeanatomy"
    subprocess.run([program, "delta", *arguments], check=True, stdout=subprocess.DEVNULL)


@functools.cache
def folder() -> Path:
    """Until the program ends."""
    path = Path(tempfile.mkdtemp(prefix="bench-delta-20m-"))
    atexit.register(shutil.rmtree, path)
    return path


@functools.cache
def whole() -> Path:
    source, table = folder() / "source.parquet", folder() / "whole"
    duckdb.connect().execute(f"COPY ({ROWS}) TO '{source}' (FORMAT parquet)")
    properties = ["delta.enableDeletionVectors=true", "delta.targetFileSize=16mb"]
    options = [text for one in properties for text in ("--property", one)]
    codeanatomy("write", table, "--from", source, *options)
    source.unlink()
    return table


@functools.cache
def deleted() -> Path:
    """By deletion vectors: the data files are those of the whole table."""
    table = folder() / "deleted"
    shutil.copytree(whole(), table)
    codeanatomy("delete", table, "--where", DELETED)
    return table
