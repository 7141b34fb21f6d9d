"""Tables that `codeanatomy delta write` and `delete` made or changed, read by others' readers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import deltalake
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import readers

READERS = [readers.read_delta_rs, readers.read_duckdb, readers.read_polars]
PROPERTIES = [[], ["delta.enableDeletionVectors=true"]]


def delta(program: Path, *arguments: object) -> str:
    return subprocess.run(
        [program, "delta", *map(str, arguments)], check=True, capture_output=True, text=True
    ).stdout


def rows_file(folder: Path, ids: range, prefix: str = "a/") -> Path:
    path = folder / f"rows-{ids.start}.parquet"
    pq.write_table(pa.table({"id": list(ids), "p": [f"{prefix}{i % 2}" for i in ids]}), path)
    return path


def expected(*ids: int, prefix: str = "a/") -> list[tuple[int, str]]:
    return sorted(((i, f"{prefix}{i % 2}") for i in ids), key=repr)


def partition_prefix(read: readers.Reader, properties: list[str]) -> str:
    """Polars 2.1 joins deletion vectors to files by two forms of a path that delta-rs gives it:
    percent-encoded (deletion_vectors()) and not (file_uris()). It misses those of a file whose
    folder has a name that needs encoding, whoever wrote the table."""
    return "a" if read is readers.read_polars and properties else "a/"


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@pytest.mark.parametrize("properties", PROPERTIES, ids=["copies", "vectors"])
def test_readers_see_written_replaced_and_deleted_rows(
    codeanatomy: Path, tmp_path: Path, read: readers.Reader, properties: list[str]
) -> None:
    table = tmp_path / "table"
    options = [part for item in properties for part in ("--property", item)]
    prefix = partition_prefix(read, properties)
    source = rows_file(tmp_path, range(10), prefix)
    delta(codeanatomy, "write", table, "--from", source, "--partition-by", "p", *options)
    delta(codeanatomy, "write", table, "--from", rows_file(tmp_path, range(10, 14), prefix))
    delta(codeanatomy, "delete", table, "--where", "id IN (3, 12)")
    more = rows_file(tmp_path, range(20, 21), prefix)
    delta(codeanatomy, "write", table, "--from", more, "--replace-where", "id = 0 OR id >= 20")

    ids = [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 13, 20]
    assert read(table).rows == expected(*ids, prefix=prefix)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_a_table_of_delta_rs_is_appended_to_and_deleted_from(
    codeanatomy: Path, tmp_path: Path, read: readers.Reader
) -> None:
    table = tmp_path / "table"
    rows = pa.table({"id": list(range(5)), "p": [f"a/{i % 2}" for i in range(5)]})
    deltalake.write_deltalake(str(table), rows, partition_by=["p"])
    delta(codeanatomy, "write", table, "--from", rows_file(tmp_path, range(5, 8)))
    delta(codeanatomy, "delete", table, "--where", "id = 2 OR id = 7")

    assert read(table).rows == expected(0, 1, 3, 4, 5, 6)
    deltalake.write_deltalake(str(table), rows.slice(0, 1), mode="append")
    assert read(table).rows == expected(0, 0, 1, 3, 4, 5, 6)


def test_a_load_with_an_id_is_written_once(codeanatomy: Path, tmp_path: Path) -> None:
    table = tmp_path / "table"
    load = ["write", table, "--from", rows_file(tmp_path, range(2)), "--txn", "load:1"]
    delta(codeanatomy, *load)
    assert "nothing was written" in delta(codeanatomy, *load)

    assert readers.read_delta_rs(table).rows == expected(0, 1)
