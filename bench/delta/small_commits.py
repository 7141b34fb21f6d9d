"""Many commits of one row."""

from __future__ import annotations

from case import OURS, Case
from paths import ours, peer

COMMITS = 1000

CASES = [
    Case(
        name="commits",
        about=f"append one row {COMMITS:,} times, a commit each, a checkpoint every 100",
        prepare=lambda scratch: scratch,
        peers={
            OURS: lambda _, own: ours("delta_small_commits", own, str(COMMITS)),
            "delta-rs": lambda _, own: peer("small_commits_delta_rs.py", own, str(COMMITS)),
        },
        runs=3,
    )
]
