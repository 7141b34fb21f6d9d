"""Our Delta library beside its peers, in one run: `make bench-delta`.

Every peer does the same job in a process of its own; they take turns. Times are medians, memory is
the most that a process had resident. A ratio is the peer's time over ours: 3.0x is three times as
slow as we are; "quickest" is that of the quickest runs, which other load on the machine changes
less.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import checkpoint
import list_files
import scan
import small_commits
import write_rows
from case import OURS, Case, PeerResult, measure

CASES: list[Case] = [
    *list_files.CASES,
    *scan.CASES,
    *checkpoint.CASES,
    *write_rows.CASES,
    *small_commits.CASES,
]

MIB = 1 << 20


def report(case: Case, results: dict[str, PeerResult]) -> dict[str, Any]:
    ours = results[OURS]
    print(f"\n{case.name}: {case.about}")
    print(f"  {'':<32} {'seconds':>9} {'ratio':>7} {'quickest':>9} {'peak memory':>12}")
    for name, result in results.items():
        ratio = result.seconds / ours.seconds
        quickest = result.quickest / ours.quickest
        print(
            f"  {name:<32} {result.seconds:>9.3f} {ratio:>6.2f}x {quickest:>8.2f}x "
            f"{result.peak_bytes / MIB:>8.0f} MiB"
        )
    return {
        name: {
            "seconds": result.seconds,
            "ratio": result.seconds / ours.seconds,
            "quickest_ratio": result.quickest / ours.quickest,
            "peak_bytes": result.peak_bytes,
        }
        for name, result in results.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", help="names of cases; all of them when none is given")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--runs", type=int, help="how often each peer runs")
    arguments = parser.parse_args()
    known = {case.name: case for case in CASES}
    if unknown := [name for name in arguments.cases if name not in known]:
        parser.error(f"there is no case {unknown[0]!r}; there are: {', '.join(known)}")

    figures: dict[str, Any] = {}
    for name in arguments.cases or known:
        case = known[name]
        with tempfile.TemporaryDirectory(prefix="bench-delta-") as scratch:
            results = measure(case, Path(scratch), arguments.runs)
        if results is None:
            print(f"\n{case.name}: skipped, {case.missing}")
            continue
        figures[name] = report(case, results)
        sys.stdout.flush()
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
