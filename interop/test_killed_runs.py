"""A run that is killed (kill -9) and run again adds nothing twice, and what it did not get to."""

from __future__ import annotations

import json
import random
import subprocess
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import readers
from upkeep import delta

SEED = 20240229
OUTPUTS = ["small", "large", "all"]


def append_spec(folder: Path) -> dict[str, Any]:
    predicates = {"small": "id % 3 = 0", "large": "id % 3 > 0", "all": "id >= 0"}
    views = [
        {
            "name": name,
            "view_kind": "test",
            "view_dependencies": [],
            "transform": {"kind": "Filter", "source": "rows", "predicate": predicates[name]},
            "output_schema": {"columns": {}},
        }
        for name in OUTPUTS
    ]
    targets = [
        {
            "table_name": name,
            "delta_location": str(folder / name),
            "source_view": name,
            "columns": [],
            "materialization_mode": "Append",
        }
        for name in OUTPUTS
    ]
    return {
        "version": 4,
        "input_relations": [{"logical_name": "rows", "delta_location": str(folder / "rows")}],
        "view_definitions": views,
        "join_graph": {"edges": [], "constraints": []},
        "output_targets": targets,
        "rule_intents": [],
        "rulepack_profile": "Default",
    }


def wait_for_commit(table: Path, running: subprocess.Popen[bytes]) -> None:
    """Until the table has a version more than it has now, or the run has ended."""
    log = table / "_delta_log"
    before = len(list(log.glob("*.json")))
    while len(list(log.glob("*.json"))) == before and running.poll() is None:
        time.sleep(0.001)


def is_over(folder: Path, expected: dict[str, list[tuple[int]]]) -> bool:
    """Whether the run has ended: it has left no journal, and all rows are there, once."""
    return not list(folder.glob("*/_codeanatomy_run_*")) and all(
        (folder / name / "_delta_log").exists()
        and readers.read_delta_rs(folder / name).rows == sorted(rows, key=repr)
        for name, rows in expected.items()
    )


@pytest.mark.parametrize("kills", [15, pytest.param(150, marks=pytest.mark.long)])
def test_a_killed_run_appends_nothing_twice(kills: int, codeanatomy: Path, tmp_path: Path) -> None:
    moments = random.Random(SEED)
    spec = tmp_path / "spec.json"
    spec.write_text(json.dumps(append_spec(tmp_path)), "utf-8")
    source = tmp_path / "source.parquet"
    expected: dict[str, list[tuple[int]]] = {name: [] for name in OUTPUTS}
    command = [codeanatomy, "run", spec, "--threads", "1"]
    seconds = 1.0
    found_written = 0
    for number in range(kills + 1):
        pq.write_table(pa.table({"id": [3 * number, 3 * number + 1]}), source)
        delta(codeanatomy, "write", tmp_path / "rows", "--from", source, "--mode", "overwrite")
        expected["small"].append((3 * number,))
        expected["large"].append((3 * number + 1,))
        expected["all"] += [(3 * number,), (3 * number + 1,)]
        if number > 0:
            running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            # Commits come at the end of a run: every other time they are waited for.
            if number % 2 == 0:
                time.sleep(moments.uniform(0.3, 1.1) * seconds)
            else:
                wait_for_commit(tmp_path / OUTPUTS[number // 2 % 3], running)
            running.kill()
            running.communicate(timeout=60)
            # It would append again.
            if is_over(tmp_path, expected):
                continue
            assert running.returncode != 0
        started = time.monotonic()
        again = subprocess.run(
            [*command, "--result", "-"], check=True, capture_output=True, timeout=60, text=True
        )
        found_written += again.stdout.count("OutputAlreadyWritten")
        if number == 0:
            seconds = time.monotonic() - started
        assert is_over(tmp_path, expected), number
    # Else no kill came after a commit, and nothing was tried.
    assert found_written > 0
