"""Opening a table whose log names 300,000 files, and listing them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from case import OURS, Case

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CODEANATOMY_SHARED", ROOT.parent / "shared"))
ARCHIVE = SHARED / "bench" / "300k-add-files-100-col-partitioned.tar.zst"
PEERS = Path(__file__).parent / "peers"


def unpack(scratch: Path) -> Path | None:
    if not ARCHIVE.exists():
        return None
    subprocess.run(["tar", "--zstd", "-xf", ARCHIVE, "-C", scratch], check=True)
    return scratch / "300k-add-files-100-col-partitioned"


CASES = [
    Case(
        name="list-files",
        about="open a table of 300,000 files and 100 columns, name every live file "
        "(ours with all that the log says of it, DuckDB's with its size, delta-rs its path alone)",
        prepare=unpack,
        missing=f"there is no {ARCHIVE.name} in ../shared/bench",
        peers={
            OURS: lambda table, _: [
                str(ROOT / "build/release/benchmarks/delta/delta_list_files"),
                str(table),
            ],
            "delta-rs": lambda table, _: [
                sys.executable,
                str(PEERS / "list_files_delta_rs.py"),
                str(table),
            ],
            "DuckDB's delta extension": lambda table, _: [
                sys.executable,
                str(PEERS / "list_files_duckdb.py"),
                str(table),
            ],
        },
    )
]
