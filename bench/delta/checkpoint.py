"""Writing the checkpoint of a table whose log names 300,000 files."""

from __future__ import annotations

import shutil
from pathlib import Path

from case import OURS, Case
from paths import ours, peer
from table_300k import MISSING, unpack


def copied(table: Path, own: Path) -> Path:
    """A copy of the table's log: each run writes a checkpoint where there is none."""
    shutil.copytree(table, own)
    return own


CASES = [
    Case(
        name="checkpoint",
        about="open a table of 300,000 files and 100 columns, write the checkpoint of its version",
        prepare=unpack,
        missing=MISSING,
        peers={
            OURS: lambda table, own: ours("delta_write_checkpoint", copied(table, own)),
            "delta-rs": lambda table, own: peer("checkpoint_delta_rs.py", copied(table, own)),
        },
        runs=3,
    )
]
