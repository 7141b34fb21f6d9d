"""docs/delta.md tells who writes and reads which features as the tests find it.

`build/venv/bin/python -m pytest interop/test_feature_matrix.py --write-matrix` writes it there.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import feature_matrix
import readers

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "delta.md"


@pytest.mark.long
def test_the_documented_matrix_is_what_is_found(
    spark: Any,
    codeanatomy: Path,
    all_readers: dict[str, readers.Reader],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    def read_ours(path: Path | str) -> readers.Table:
        rows = tmp_path / "rows.parquet"
        command = ["delta", "scan", str(path), "--format", "parquet", "-o", str(rows)]
        subprocess.run([codeanatomy, *command], check=True, capture_output=True, timeout=60)
        return readers.from_arrow(pq.read_table(rows))

    found = feature_matrix.matrix(
        spark, codeanatomy, {"CodeAnatomy": read_ours, **all_readers}, tmp_path
    )

    text = DOCUMENT.read_text("utf-8")
    if request.config.getoption("--write-matrix"):
        DOCUMENT.write_text(feature_matrix.with_matrix(text, found), "utf-8")
    else:
        assert feature_matrix.documented(text) == found
