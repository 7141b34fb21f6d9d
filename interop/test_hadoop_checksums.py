"""Damage is found by the checksums that Spark leaves beside the files it writes to the local file
system, in data too; they go when their files go."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import readers
from upkeep import age, checksum_of, delta


def make_table(spark: Any, table: Path, interval: int) -> None:
    """Four versions, a checkpoint every `interval` of them; a deletion vector."""
    spark.sql(
        f"CREATE TABLE delta.`{table}` (id LONG, text STRING) USING delta"
        f" TBLPROPERTIES ('delta.checkpointInterval' = '{interval}',"
        " 'delta.enableDeletionVectors' = 'true')"
    )
    for number in range(2):
        rows = f"SELECT id, 'text ' || id FROM range({number * 50}, {number * 50 + 50}, 1, 1)"
        spark.sql(f"INSERT INTO delta.`{table}` {rows}")
    spark.sql(f"DELETE FROM delta.`{table}` WHERE id IN (3, 71)")


def read(codeanatomy: Path, table: Path) -> subprocess.CompletedProcess[str]:
    query = f"FROM delta_scan('{table}') ORDER BY id"
    return subprocess.run(
        [codeanatomy, "sql", query, "--format", "jsonl"], capture_output=True, text=True
    )


def test_damage_to_a_table_of_spark_is_found(spark: Any, codeanatomy: Path, tmp_path: Path) -> None:
    table = tmp_path / "table"
    make_table(spark, table, 2)
    right = read(codeanatomy, table)
    assert len(right.stdout.splitlines()) == 98, right.stderr
    files = [file for file in table.rglob("*") if checksum_of(file).is_file()]
    assert {file.suffix for file in files} >= {".json", ".parquet", ".bin"}

    failed = set()
    for file in files:
        whole = file.read_bytes()
        for at in range(len(whole) // 40, len(whole), max(len(whole) // 7, 1)):
            # A copy, of which no cache knows.
            copy = tmp_path / "copy"
            shutil.copytree(table, copy)
            damaged = bytearray(whole)
            damaged[at] ^= 1
            (copy / file.relative_to(table)).write_bytes(damaged)
            done = read(codeanatomy, copy)
            if done.returncode != 0:
                assert file.name in done.stderr, done.stderr
                failed.add(file.suffix)
            else:
                assert done.stdout == right.stdout, (file, at)
            shutil.rmtree(copy)
    assert failed >= {".json", ".parquet", ".bin"}


def test_checksums_go_with_their_files(
    spark: Any, codeanatomy: Path, tmp_path: Path, all_readers: dict[str, readers.Reader]
) -> None:
    table = tmp_path / "table"
    make_table(spark, table, 10)
    spark.sql(f"DELETE FROM delta.`{table}` WHERE id < 50")
    checked = {file for file in table.glob("*.parquet") if checksum_of(file).is_file()}
    delta(codeanatomy, "optimize", table)
    age(table, 40)
    delta(codeanatomy, "vacuum", table)
    assert {file for file in checked if not file.is_file()}
    for checksum in table.rglob(".*.crc"):
        assert (checksum.parent / checksum.name[1:-4]).is_file(), checksum
    expected = [number for number in range(50, 100) if number != 71]
    for name, reader in all_readers.items():
        assert sorted(reader(table).column("id")) == expected, name
