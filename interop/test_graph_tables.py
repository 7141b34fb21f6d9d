"""The tables of `codeanatomy build` have the same types and rows in every reader."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import readers

DOCS = Path(__file__).resolve().parent.parent / "docs"

SOURCES = {
    "shapes/__init__.py": "from shapes.circle import Circle\n",
    "shapes/circle.py": (
        "import math\n\n\n"
        "class Circle:\n"
        "    def __init__(self, radius):\n"
        "        self.radius = radius\n\n"
        "    def area(self):\n"
        "        return math.pi * self.radius ** 2\n"
    ),
    "main.py": (
        "import os.path as path\nfrom shapes import Circle\n\n\n"
        "def count():\n    global calls\n    calls = 1\n\n\n"
        "def größe(name):\n"
        "    return path.basename(name), Circle(3).area()\n\n\n"
        "größe('ñ')\n"
    ),
    "broken.py": "def f(:\n    retur n 1\n",
    "empty.py": "",
}

INPUT_TABLES = [
    "repo_files_v1",
    "ts_nodes_v1",
    "ts_defs_v1",
    "ts_calls_v1",
    "ts_refs_v1",
    "ts_imports_v1",
    "ts_scope_decls_v1",
    "ts_errors_v1",
]
OUTPUT_TABLES = [
    "cpg_nodes",
    "cpg_edges",
    "cpg_props",
    "cpg_props_map",
    "cpg_edges_by_src",
    "cpg_edges_by_dst",
]


@pytest.fixture(scope="module")
def graph(codeanatomy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `codeanatomy build` made of SOURCES."""
    folder = tmp_path_factory.mktemp("graph")
    for name, text in SOURCES.items():
        file = folder / "sources" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    subprocess.run(
        [codeanatomy, "build", folder / "sources", "--out", folder / "demo"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / "demo"


@pytest.mark.parametrize("name", [f"input/{name}" for name in INPUT_TABLES] + OUTPUT_TABLES)
def test_every_reader_sees_the_same_types_and_rows(
    name: str, graph: Path, all_readers: dict[str, readers.Reader]
) -> None:
    tables = {reader: read(graph / name) for reader, read in all_readers.items()}

    expected = tables.pop("Spark")
    assert expected.rows, f"{name} is empty, so that nothing is compared"
    for reader, table in tables.items():
        assert table.columns == expected.columns, reader
        assert table.rows == expected.rows, reader


QUERIES = re.findall(r"```sql\n(.*?)```", (DOCS / "queries.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.split("\n")[0][:40])
def test_the_documented_queries_run(query: str, graph: Path, codeanatomy: Path) -> None:
    run = subprocess.run(
        [codeanatomy, "sql", query],
        cwd=graph.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert run.returncode == 0, run.stderr
    assert run.stderr == ""


def test_a_call_leads_to_the_definition_in_the_same_file(graph: Path, codeanatomy: Path) -> None:
    query = """
        SELECT callee.path || ':' || callee.qname AS target
        FROM delta_scan('demo/cpg_edges') AS call
        JOIN delta_scan('demo/cpg_nodes') AS callee ON callee.entity_id = call.dst_node_id
        WHERE call.edge_kind = 'calls' ORDER BY ALL
    """
    run = subprocess.run(
        [codeanatomy, "sql", query, "--format", "csv"],
        cwd=graph.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert "main.py:größe" in run.stdout.splitlines()
