"""Where the benchmarks find what they run and read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CODEANATOMY_SHARED", ROOT.parent / "shared"))


def ours(program: str, *arguments: str | Path) -> list[str]:
    """The command of one of our own benchmark programs."""
    return [str(ROOT / "build/release/benchmarks/delta" / program), *map(str, arguments)]


def peer(script: str, *arguments: str | Path) -> list[str]:
    """The command of a peer's script."""
    return [sys.executable, str(Path(__file__).parent / "peers" / script), *map(str, arguments)]
