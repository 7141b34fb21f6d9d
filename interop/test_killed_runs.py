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
        if number > 0:
            running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            # The commits come at the end of a run; some are killed when they are done.
            time.sleep(moments.uniform(0.5, 1.3) * seconds)
            running.kill()
            running.communicate(timeout=60)
        started = time.monotonic()
        again = subprocess.run(
            [*command, "--result", "-"], check=True, capture_output=True, timeout=60, text=True
        )
        found_written += again.stdout.count("OutputAlreadyWritten")
        if number == 0:
            seconds = time.monotonic() - started

        expected["small"].append((3 * number,))
        expected["large"].append((3 * number + 1,))
        expected["all"] += [(3 * number,), (3 * number + 1,)]
        for name in OUTPUTS:
            found = readers.read_delta_rs(tmp_path / name).rows
            assert found == sorted(expected[name], key=repr), (number, name)
    # Else no kill came after a commit, and nothing was tried.
    assert found_written > 0
