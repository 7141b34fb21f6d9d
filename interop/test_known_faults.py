"""What other Delta libraries got wrong, each fault under the number it was reported with."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import races
import readers


def write(codeanatomy: Path, folder: Path, calls: int) -> None:
    """Extracts a source with as many calls; the tables are overwritten when they are there."""
    source = folder / "source"
    source.mkdir(exist_ok=True)
    lines = "".join(f"    call_{number}()\n" for number in range(calls))
    (source / "main.py").write_text(f"def f():\n{lines}", "utf-8")
    subprocess.run(
        [codeanatomy, "extract", source, "--out", folder / "out"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )


def test_duckdb_delta_36_and_119_a_table_is_created_and_overwritten(
    codeanatomy: Path, tmp_path: Path
) -> None:
    table = tmp_path / "out" / "ts_calls_v1"
    for calls in (3, 5):
        write(codeanatomy, tmp_path, calls)

        names = readers.read_duckdb(table).column("callee")
        assert sorted(names) == [f"call_{number}" for number in range(calls)]
    assert len(list((table / "_delta_log").glob("*.json"))) == 2


def test_duckdb_delta_228_appends_have_full_statistics(append_rows: Path, tmp_path: Path) -> None:
    table = tmp_path / "table"
    for writer in ("a", "b"):
        races.run_together([races.our_writer(append_rows, str(table), writer, 2)])

    assert readers.read_duckdb(table).rows == races.expected_rows(["a", "b"], 2)
    log = [file.read_text("utf-8") for file in sorted((table / "_delta_log").glob("*.json"))]
    actions = [json.loads(line) for text in log for line in text.splitlines()]
    statistics = [json.loads(action["add"]["stats"]) for action in actions if "add" in action]
    assert statistics == [
        {
            "numRecords": 1,
            "minValues": {"writer": writer, "number": number},
            "maxValues": {"writer": writer, "number": number},
            "nullCount": {"writer": 0, "number": 0},
        }
        for writer, number in races.expected_rows(["a", "b"], 2)
    ]
