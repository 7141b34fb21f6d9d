"""What a benchmark of Delta work is: one job, done by our library and by its peers."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from measure import Measurement, RunError, run

OURS = "ours"


@dataclass(frozen=True)
class Case:
    """One job. A peer's command gets what `prepare` made and a folder of its own to write to."""

    name: str
    about: str  # what exactly each peer does
    prepare: Callable[[Path], Path | None]  # in a scratch folder; None: an input is not there
    peers: dict[str, Callable[[Path, Path], list[str]]]  # OURS is one of them
    missing: str = ""  # what is not there when `prepare` says None
    runs: int = 5


@dataclass
class PeerResult:
    measurements: list[Measurement] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return statistics.median(one.seconds for one in self.measurements)

    @property
    def quickest(self) -> float:
        return min(one.seconds for one in self.measurements)

    @property
    def peak_bytes(self) -> int:
        return max(one.peak_bytes for one in self.measurements)


def measure(case: Case, scratch: Path, runs: int | None = None) -> dict[str, PeerResult] | None:
    """The peers take turns, so that what else the machine does falls on all of them alike."""
    prepared = case.prepare(scratch)
    if prepared is None:
        return None
    results = {name: PeerResult() for name in case.peers}
    for turn in range(runs or case.runs):
        for name, command in case.peers.items():
            own = scratch / f"{name}-{turn}".replace(" ", "-")
            results[name].measurements.append(run(command(prepared, own)))
    answers = {str(one.answer) for result in results.values() for one in result.measurements}
    if len(answers) != 1:
        raise RunError(f"{case.name}: the peers came to different answers: {sorted(answers)}")
    return results
