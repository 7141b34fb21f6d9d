"""Runs one program in a process of its own and says how long it took and how much memory it had."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KIB = 1024
LAUNCHER = Path(__file__).parent / "launch.py"


@dataclass(frozen=True)
class Measurement:
    seconds: float  # as the program timed its own work, without its start
    peak_bytes: int  # resident, of the whole process
    answer: Any  # what the program found, to be compared with its peers'


class RunError(Exception):
    """A program ended badly or did not print what it should."""


def run(command: list[str]) -> Measurement:
    """Runs a program whose last line on standard output is {"seconds": …, "answer": …}."""
    # What a peer has left for the system to write must not be written in this one's time.
    os.sync()
    readable, writable = os.pipe()
    launch = [sys.executable, "-S", str(LAUNCHER), str(writable), *command]
    with os.fdopen(readable) as peak:
        try:
            done = subprocess.run(launch, stdout=subprocess.PIPE, pass_fds=[writable], text=True)
        finally:
            os.close(writable)
        resident = peak.read()
    if done.returncode != 0:
        raise RunError(f"{' '.join(command)} ended with status {done.returncode}")
    lines = done.stdout.strip().splitlines()
    if not lines:
        raise RunError(f"{' '.join(command)} printed nothing")
    report = json.loads(lines[-1])
    return Measurement(report["seconds"], int(resident) * KIB, report["answer"])
