"""Tables that others wrote, with what the reference tables lack, read by us as by Spark itself."""

from __future__ import annotations

import datetime
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import deltalake
import pyarrow as pa
import pyarrow.parquet
import pytest

import hand_made
import readers


@pytest.fixture
def read_ours(codeanatomy: Path, tmp_path: Path) -> Callable[..., readers.Table]:
    """Reads with `codeanatomy delta scan`, or the columns of a SELECT over delta_scan."""

    def read(path: Path | str, select: str | None = None) -> readers.Table:
        out = tmp_path / "rows.parquet"
        command = ["delta", "scan", str(path)]
        if select is not None:
            command = ["sql", f"SELECT {select} FROM delta_scan('{path}')"]
        subprocess.run(
            [codeanatomy, *command, "--format", "parquet", "-o", out],
            check=True,
            capture_output=True,
            text=True,
        )
        return readers.from_arrow(pa.parquet.read_table(out))

    return read


def make(spark: Any, path: Path, columns: str, *, more: str = "", **properties: str) -> str:
    """Creates a table; returns how Spark's SQL calls it."""
    pairs = ", ".join(
        f"'{key.replace('__', '.')}' = '{value}'" for key, value in properties.items()
    )
    table = f"delta.`{path}`"
    spark.sql(
        f"CREATE TABLE {table} ({columns}) USING delta {more}"
        + (f" TBLPROPERTIES ({pairs})" if pairs else "")
    )
    return table


def test_widened_columns(
    spark: Any,
    tmp_path: Path,
    read_spark: readers.Reader,
    read_ours: Callable[..., readers.Table],
) -> None:
    path = tmp_path / "widened"
    table = make(
        spark,
        path,
        "id LONG, b BYTE, s SHORT, i INT, f FLOAT, d DATE, c DECIMAL(6,2), k INT, w INT, "
        "n STRUCT<x: INT>, l ARRAY<INT>, m MAP<STRING, SHORT>",
        delta__enableTypeWidening="true",
        delta__feature__timestampNtz="supported",
    )
    spark.sql(
        f"INSERT INTO {table} VALUES (1, 1, 2, 3, 1.1, DATE'2024-02-29', 1.25, 4, 5, "
        "NAMED_STRUCT('x', 6), ARRAY(7), MAP('k', 8S)), "
        "(2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"
    )
    for column, wider in {
        "b": "INT",
        "s": "LONG",
        "i": "LONG",
        "f": "DOUBLE",
        "d": "TIMESTAMP_NTZ",
        "c": "DECIMAL(10,4)",
        "k": "DOUBLE",
        "w": "DECIMAL(12,2)",
        "n.x": "LONG",
        "l.element": "LONG",
        "m.value": "INT",
    }.items():
        spark.sql(f"ALTER TABLE {table} CHANGE COLUMN {column} TYPE {wider}")
    spark.sql(
        f"INSERT INTO {table} VALUES (3, 70000, 5000000000, 6000000000, 1.1D, "
        "TIMESTAMP_NTZ'2024-02-29 12:00:00', 1.2525, 4.5D, 5.25, NAMED_STRUCT('x', 7000000000), "
        "ARRAY(8000000000), MAP('k', 70000))"
    )
    assert read_ours(path) == read_spark(path)


@pytest.mark.long
@pytest.mark.parametrize("mode", ["name", "id"])
def test_nested_columns_renamed_dropped_and_added(
    spark: Any,
    tmp_path: Path,
    read_spark: readers.Reader,
    read_ours: Callable[..., readers.Table],
    mode: str,
) -> None:
    path = tmp_path / "mapped"
    table = make(
        spark,
        path,
        "id LONG, s STRUCT<a: INT, b: STRUCT<c: STRING, d: INT>>, "
        "l ARRAY<STRUCT<e: INT, g: STRING>>, m MAP<STRING, STRUCT<h: INT>>, p STRING",
        more="PARTITIONED BY (p)",
        delta__columnMapping__mode=mode,
        delta__enableDeletionVectors="true",
    )
    row = (
        "NAMED_STRUCT('a', {0}, 'b', NAMED_STRUCT('c', 'c{0}', 'd', {0})), "
        "ARRAY(NAMED_STRUCT('e', {0}, 'g', 'g{0}')), MAP('k', NAMED_STRUCT('h', {0})), 'p{0}'"
    )
    spark.sql(f"INSERT INTO {table} VALUES (1, {row.format(1)}), (2, {row.format(2)})")
    spark.sql(f"ALTER TABLE {table} RENAME COLUMN s.b.c TO renamed")
    spark.sql(f"ALTER TABLE {table} DROP COLUMN s.a")
    spark.sql(f"ALTER TABLE {table} ADD COLUMN s.a STRING")
    spark.sql(f"ALTER TABLE {table} RENAME COLUMN l.element.e TO `odd name, (e)`")
    spark.sql(f"ALTER TABLE {table} RENAME COLUMN p TO q")
    spark.sql(f"ALTER TABLE {table} ADD COLUMN m.value.i LONG")
    spark.sql(
        f"INSERT INTO {table} (id, s, q) "
        "VALUES (3, NAMED_STRUCT('b', NAMED_STRUCT('renamed', 'x', 'd', 3), 'a', 'new'), 'p1')"
    )
    spark.sql(f"DELETE FROM {table} WHERE id = 2")
    assert read_ours(path) == read_spark(path)


def test_structs_of_which_a_file_has_no_field_left(
    spark: Any,
    tmp_path: Path,
    read_spark: readers.Reader,
    read_ours: Callable[..., readers.Table],
) -> None:
    path = tmp_path / "replaced"
    table = make(
        spark,
        path,
        "a INT, l ARRAY<STRUCT<x: INT>>, m MAP<STRING, STRUCT<x: INT>>, "
        "s STRUCT<l: ARRAY<STRUCT<x: INT, y: STRUCT<z: INT>>>>",
    )
    spark.sql(
        f"INSERT INTO {table} VALUES (1, ARRAY(NAMED_STRUCT('x', 1), NULL), "
        "MAP('k', NAMED_STRUCT('x', 1)), "
        "NAMED_STRUCT('l', ARRAY(NAMED_STRUCT('x', 1, 'y', NAMED_STRUCT('z', 1))))), "
        "(2, NULL, NULL, NULL), (3, ARRAY(), MAP(), NAMED_STRUCT('l', NULL))"
    )
    properties = "'delta.minReaderVersion' = '2', 'delta.minWriterVersion' = '5'"
    spark.sql(
        f"ALTER TABLE {table} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name', {properties})"
    )
    spark.sql(
        f"ALTER TABLE {table} ADD COLUMNS "
        "(l.element.n STRING, m.value.n STRING, s.l.element.y.n STRING)"
    )
    spark.sql(f"ALTER TABLE {table} DROP COLUMNS (l.element.x, m.value.x, s.l.element.y.z)")
    assert read_ours(path) == read_spark(path)
    spark.sql(f"INSERT INTO {table} SELECT a + 10, l, m, s FROM {table}")
    spark.sql(f"INSERT INTO {table} (a, l) VALUES (100, ARRAY(NAMED_STRUCT('n', 'new')))")
    expected = read_spark(path)
    assert len(expected.rows) == 7
    assert read_ours(path) == expected
    columns = "l[1].n AS n, a, m"
    assert len(read_ours(path, columns).rows) == 7


def test_partition_values_of_every_type(
    spark: Any,
    tmp_path: Path,
    read_spark: readers.Reader,
    read_ours: Callable[..., readers.Table],
) -> None:
    path = tmp_path / "partitions"
    types = {
        "b": "BYTE",
        "s": "SHORT",
        "i": "INT",
        "l": "LONG",
        "f": "FLOAT",
        "d": "DOUBLE",
        "c": "DECIMAL(20,3)",
        "o": "BOOLEAN",
        "y": "DATE",
        "t": "TIMESTAMP",
        "n": "TIMESTAMP_NTZ",
        "x": "STRING",
        "z": "BINARY",
    }
    columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
    table = make(
        spark,
        path,
        f"id LONG, {columns}",
        more=f"PARTITIONED BY ({', '.join(types)})",
        delta__feature__timestampNtz="supported",
    )
    nulls = ", ".join("NULL" for _ in types)
    spark.sql(
        f"INSERT INTO {table} VALUES "
        "(1, -1, -2, -3, -4, 1.5, -0.25D, -1.234, true, DATE'0001-01-01', "
        "TIMESTAMP'2024-02-29 12:00:00.123456', TIMESTAMP_NTZ'1969-12-31 23:59:59.999999', "
        "'a=b/c %25 :é\"\\\\', CAST('bin' AS BINARY)), "
        "(2, 127, 32767, 2147483647, 9223372036854775807, FLOAT('NaN'), DOUBLE('-Infinity'), "
        "99999999999999999.999, false, DATE'9999-12-31', TIMESTAMP'1900-01-01 00:00:00', "
        "TIMESTAMP_NTZ'2024-02-29 00:00:00', '', CAST('' AS BINARY)), "
        f"(3, {nulls})"
    )
    assert read_ours(path) == read_spark(path)


def test_rows_deleted_and_updated_in_partitions(
    spark: Any,
    tmp_path: Path,
    read_spark: readers.Reader,
    read_ours: Callable[..., readers.Table],
) -> None:
    path = tmp_path / "deleted"
    table = make(
        spark,
        path,
        "id LONG, p INT, v STRING",
        more="PARTITIONED BY (p)",
        delta__enableDeletionVectors="true",
    )
    spark.sql(f"INSERT INTO {table} SELECT id, id % 3, 'v' || id FROM range(3000)")
    spark.sql(f"DELETE FROM {table} WHERE id % 7 = 0")
    spark.sql(f"UPDATE {table} SET v = 'updated' WHERE id % 11 = 0")
    spark.sql(f"DELETE FROM {table} WHERE p = 1 AND id > 100")
    assert read_ours(path) == read_spark(path)


def test_a_shallow_clone_has_its_files_elsewhere(
    spark: Any,
    tmp_path: Path,
    read_spark: readers.Reader,
    read_ours: Callable[..., readers.Table],
) -> None:
    path = tmp_path / "source of 100%"
    table = make(
        spark,
        path,
        "id LONG, p STRING",
        more="PARTITIONED BY (p)",
        delta__enableDeletionVectors="true",
    )
    partitions = "array('a b', 'c%d', 'e=f/g', 'é#?', 'x:y')"
    spark.sql(
        f"INSERT INTO {table} SELECT id, element_at({partitions}, int(id % 5 + 1)) FROM range(100)"
    )
    spark.sql(f"DELETE FROM {table} WHERE id % 7 = 0")
    clone = tmp_path / "its clone"
    spark.sql(f"CREATE TABLE delta.`{clone}` SHALLOW CLONE {table}")
    assert read_ours(clone) == read_spark(path)
    spark.sql(f"DELETE FROM delta.`{clone}` WHERE id % 11 = 0")
    spark.sql(f"INSERT INTO delta.`{clone}` VALUES (1000, 'a b')")
    assert read_ours(clone) == read_spark(clone)


@pytest.mark.long
def test_a_clustered_table(
    spark: Any,
    tmp_path: Path,
    read_spark: readers.Reader,
    read_ours: Callable[..., readers.Table],
) -> None:
    path = tmp_path / "clustered"
    table = make(spark, path, "a INT, b STRING, c DECIMAL(30,10)", more="CLUSTER BY (a, b)")
    for start in (0, 100):
        spark.sql(
            f"INSERT INTO {table} SELECT id + {start}, 'b' || id % 10, id / 3 FROM range(100)"
        )
    spark.sql(f"OPTIMIZE {table}")
    assert read_ours(path) == read_spark(path)


def test_variants_are_their_two_fields(
    spark: Any, tmp_path: Path, read_ours: Callable[..., readers.Table]
) -> None:
    path = tmp_path / "variants"
    table = make(spark, path, "id LONG, v VARIANT")
    document = '{"a": [1, "x"]}'
    spark.sql(
        f"INSERT INTO {table} SELECT id, CASE WHEN id < 3 THEN parse_json('{document}') END "
        "FROM range(4)"
    )
    stored = pa.concat_tables(
        pa.parquet.ParquetFile(file).read() for file in path.glob("*.parquet")
    )
    expected = {
        row["id"]: row["v"] and {name: row["v"][name] for name in ("value", "metadata")}
        for row in stored.to_pylist()
    }
    ours = read_ours(path)
    assert ours.columns == [("id", "long"), ("v", "struct<value:binary,metadata:binary>")]
    assert dict(ours.rows) == expected


def test_variants_that_parquet_knows_as_such_are_their_two_fields(
    spark: Any, tmp_path: Path, read_ours: Callable[..., readers.Table]
) -> None:
    table = tmp_path / "variants"
    table.mkdir()
    five = {"metadata": b"\x01\x00\x00", "value": b"\x0c\x05"}
    for name, annotation in ("annotated", "(VARIANT(1))"), ("plain", ""):
        hand_made.write_parquet(
            spark,
            table / f"{name}.parquet",
            f"optional group v {annotation} {{ required binary metadata; required binary value; }}",
            [five, None],
        )
    schema = pa.parquet.ParquetFile(table / "annotated.parquet").schema
    assert "Variant" in str(schema)
    files = [hand_made.add(file) for file in sorted(table.glob("*.parquet"))]
    hand_made.commit(table, {"v": "variant"}, files, ["variantType"])
    ours = read_ours(table)
    assert ours.columns == [("v", "struct<value:binary,metadata:binary>")]
    assert ours.column("v") == [None, None, five, five]
    assert read_ours(table, "v.value AS value").column("value") == [
        None,
        None,
        b"\x0c\x05",
        b"\x0c\x05",
    ]


@pytest.mark.long
def test_row_ids_survive_updates_and_compaction(
    spark: Any, tmp_path: Path, read_ours: Callable[..., readers.Table]
) -> None:
    path = tmp_path / "tracked"
    table = make(
        spark,
        path,
        "id LONG, v STRING",
        delta__enableRowTracking="true",
        delta__enableDeletionVectors="true",
    )
    for start in (0, 10):
        spark.sql(f"INSERT INTO {table} SELECT id + {start}, 'v' FROM range(10)")
    spark.sql(f"UPDATE {table} SET v = 'w' WHERE id % 4 = 1")
    spark.sql(f"DELETE FROM {table} WHERE id = 3")

    def agree() -> None:
        spark_rows = spark.sql(
            f"SELECT id, v, _metadata.row_id, _metadata.row_commit_version FROM {table}"
        ).collect()
        ours = read_ours(path, "id, v, _row_id, _row_commit_version")
        assert ours.rows == sorted((tuple(row) for row in spark_rows), key=repr)

    agree()
    spark.sql(f"OPTIMIZE {table}")
    agree()


@pytest.mark.long
def test_files_of_every_codec_but_one(
    spark: Any,
    tmp_path: Path,
    codeanatomy: Path,
    read_spark: readers.Reader,
    read_ours: Callable[..., readers.Table],
) -> None:
    path = tmp_path / "codecs"
    table = make(spark, path, "id LONG, s STRING")

    def insert(codec: str) -> None:
        spark.conf.set("spark.sql.parquet.compression.codec", codec)
        spark.sql(f"INSERT INTO {table} SELECT id, repeat('{codec}', int(id)) FROM range(50)")
        spark.conf.unset("spark.sql.parquet.compression.codec")

    for codec in ("none", "snappy", "gzip", "zstd", "lz4_raw"):
        insert(codec)
    assert read_ours(path) == read_spark(path)
    insert("lz4")
    done = subprocess.run(
        [codeanatomy, "delta", "scan", path], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "DELTA_DATA_FILE_UNREADABLE" in done.stderr
    assert '"LZ4"' in done.stderr


def test_tables_of_delta_rs(tmp_path: Path, read_ours: Callable[..., readers.Table]) -> None:
    path = tmp_path / "delta-rs"
    utc = datetime.UTC
    rows = pa.table(
        {
            "id": pa.array([1, 2, 3], pa.int64()),
            "p": pa.array(["a b/c=%", None, "é"], pa.string()),
            "day": pa.array([datetime.date(2024, 2, 29), None, datetime.date(1, 1, 1)]),
            "t": pa.array(
                [datetime.datetime(2024, 2, 29, 12, 0, 0, 1, tzinfo=utc), None, None],
                pa.timestamp("us", tz="UTC"),
            ),
            "n": pa.array(
                [datetime.datetime(2024, 2, 29, 12, 0, 0, 1), None, None], pa.timestamp("us")
            ),
            "c": pa.array([Decimal("1.25"), None, Decimal("-99999999.99")], pa.decimal128(10, 2)),
            "w": pa.array([Decimal("1.5"), None, Decimal(10) ** 36], pa.decimal128(38, 1)),
            "s": pa.array([{"x": 1}, None, {"x": None}], pa.struct([("x", pa.int32())])),
        }
    )
    deltalake.write_deltalake(str(path), rows, partition_by=["p", "day", "t"])
    more = rows.append_column("added", pa.array(["x", "y", "z"]))
    deltalake.write_deltalake(str(path), more, mode="append", schema_mode="merge")
    deltalake.DeltaTable(str(path)).delete("id = 2")
    assert read_ours(path) == readers.read_delta_rs(path)
