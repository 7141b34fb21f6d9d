"""Runs one program in a process of its own and says how long it took and how much memory it had."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from typing import Any

KIB = 1024


@dataclass(frozen=True)
class Measurement:
    seconds: float  # as the program timed its own work, without its start
    peak_bytes: int  # resident, of the whole process
    answer: Any  # what the program found, to be compared with its peers'


class RunError(Exception):
    """A program ended badly or did not print what it should."""


def run(command: list[str]) -> Measurement:
    """Runs a program whose last line on standard output is {"seconds": …, "answer": …}."""
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        output = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RunError(f"{' '.join(command)} ended with status {process.returncode}")
    lines = output.strip().splitlines()
    if not lines:
        raise RunError(f"{' '.join(command)} printed nothing")
    report = json.loads(lines[-1])
    return Measurement(report["seconds"], usage.ru_maxrss * KIB, report["answer"])
