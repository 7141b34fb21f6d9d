"""A million spans joined to the million spans inside them, by `codeanatomy run`.

span_join.py CODEANATOMY: in one file, and in 1,000 files beside DuckDB's plain join with the same
conditions. Prints seconds from spec to committed table, pairs found and peak memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

SPANS = 1_000_000

SIDES = {
    "outer": f"SELECT 'f' || i % $files AS path, (hash(i) % 10000000)::BIGINT AS outer_bstart, "
    f"outer_bstart + 1 + (hash(i + 1) % 20)::BIGINT AS outer_bend FROM range({SPANS}) t(i)",
    "inner": f"SELECT 'f' || i % $files AS path, (hash(i + 2) % 10000000)::BIGINT AS bstart, "
    f"bstart + (hash(i + 3) % 5)::BIGINT AS bend FROM range({SPANS}) t(i)",
}
PLAIN = """
CREATE TABLE pairs AS SELECT * FROM '{0}/outer.parquet' o JOIN '{0}/inner.parquet' i
ON o.path = i.path AND o.outer_bstart <= i.bstart AND i.bend <= o.outer_bend
"""


def spec(folder: Path) -> dict[str, object]:
    pairs = [("path", "path"), ("outer_bstart", "bstart"), ("outer_bend", "bend")]
    return {
        "version": 4,
        "rulepack_profile": "Default",
        "rule_intents": [],
        "join_graph": {"edges": [], "constraints": []},
        "input_relations": [
            {"logical_name": side, "delta_location": str(folder / side)} for side in SIDES
        ],
        "view_definitions": [
            {
                "name": "inside",
                "view_kind": "join",
                "view_dependencies": [],
                "transform": {
                    "kind": "Relate",
                    "left": "outer",
                    "right": "inner",
                    "join_type": "Inner",
                    "join_keys": [{"left_key": a, "right_key": b} for a, b in pairs],
                },
                "output_schema": {"columns": {}},
            }
        ],
        "output_targets": [
            {
                "table_name": "pairs",
                "delta_location": str(folder / "pairs"),
                "source_view": "inside",
                "columns": [],
            }
        ],
    }


def make_inputs(program: str, folder: Path, files: int) -> None:
    for side, query in SIDES.items():
        rows = folder / f"{side}.parquet"
        duckdb.execute(f"COPY ({query}) TO '{rows}'", {"files": files})
        write = [program, "delta", "write", folder / side, "--from", rows]
        subprocess.run(write, check=True, capture_output=True)


def by_the_engine(program: str, folder: Path) -> tuple[float, int, float]:
    (folder / "spec.json").write_text(json.dumps(spec(folder)))
    command = [program, "run", str(folder / "spec.json"), "--result", str(folder / "result.json")]
    started = time.monotonic()
    quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    child = os.posix_spawn(program, command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    seconds = time.monotonic() - started
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed")
    result = json.loads((folder / "result.json").read_text())
    return seconds, result["outputs"][0]["rows_written"], usage.ru_maxrss / 1024


def plainly(folder: Path) -> tuple[float, int]:
    connection = duckdb.connect()
    started = time.monotonic()
    connection.execute(PLAIN.format(folder))
    seconds = time.monotonic() - started
    return seconds, connection.execute("SELECT count(*) FROM pairs").fetchall()[0][0]


def main() -> None:
    program = str(Path(sys.argv[1]).resolve())
    print(f"{SPANS:,} spans around {SPANS:,} spans")
    for files in (1, 1000):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            make_inputs(program, folder, files)
            seconds, pairs, memory = by_the_engine(program, folder)
            line = f"{files:>5} files: {seconds:6.2f} s, {pairs:,} pairs, {memory:,.0f} MiB"
            if files > 1:
                plain, same = plainly(folder)
                if same != pairs:
                    raise SystemExit(f"{pairs} pairs, and {same} by DuckDB's plain join")
                line += f"; DuckDB's plain join takes {plain:.2f} s, {plain / seconds:.1f} x"
            print(line)


if __name__ == "__main__":
    main()
