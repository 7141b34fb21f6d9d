"""The table of 300,000 files that several benchmarks use."""

from __future__ import annotations

import subprocess
from pathlib import Path

from paths import SHARED

ARCHIVE = SHARED / "bench" / "300k-add-files-100-col-partitioned.tar.zst"
MISSING = f"there is no {ARCHIVE.name} in ../shared/bench"


def unpack(scratch: Path) -> Path | None:
    if not ARCHIVE.exists():
        return None
    subprocess.run(["tar", "--zstd", "-xf", ARCHIVE, "-C", scratch], check=True)
    return scratch / "300k-add-files-100-col-partitioned"
