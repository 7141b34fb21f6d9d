"""Statistics that we write are Spark's, field for field: of nested and mapped columns, nulls in
structs, of arrays and of maps, extremes, and of those columns alone that a table's properties name;
in commits and, parsed, in checkpoints."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from upkeep import commits, delta

SCHEMA = (
    "id BIGINT, s STRUCT<a: INT, b: STRUCT<c: STRING, d: TIMESTAMP, e: ARRAY<INT>>,"
    " f: DECIMAL(20, 4)>, m MAP<STRING, INT>, t STRING, x BINARY, y DOUBLE, z BOOLEAN,"
    " n TIMESTAMP_NTZ, l ARRAY<STRUCT<u: INT, v: ARRAY<STRING>>>,"
    " o STRUCT<p: MAP<INT, STRUCT<q: INT>>, r: STRUCT<w: ARRAY<ARRAY<INT>>, x: INT>>"
)
LONG = "repeat('ab', 40)"
# A file each: values; nulls at every depth; nulls alone; what is cut off or out of the ordinary.
FILES = {
    "values": """
        (1, named_struct('a', 1, 'b', named_struct('c', 'x', 'd',
         TIMESTAMP '2024-02-29 12:00:00.123456',
         'e', array(1)), 'f', 12.5), map('k', 1), 'text', X'00FF', 1.5, true,
         TIMESTAMP_NTZ '2024-01-01 00:00:00.000999', array(named_struct('u', 1, 'v', array('a'))),
         named_struct('p', map(1, named_struct('q', 2)), 'r',
         named_struct('w', array(array(1)), 'x', 1))),
        (2, named_struct('a', -7, 'b', named_struct('c', 'Y', 'd',
         TIMESTAMP '1969-12-31 23:59:59.999999',
         'e', array(2, NULL)), 'f', -0.0001), map('k', 2), '', X'', -2.25, false,
         TIMESTAMP_NTZ '1900-01-01 00:00:00', array(), named_struct('p', map(), 'r',
         named_struct('w', array(NULL), 'x', 2)))""",
    "nulls": """
        (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, array(NULL),
         named_struct('p', map(1, NULL), 'r', NULL)),
        (4, named_struct('a', 4, 'b', NULL, 'f', NULL), NULL, 'z', NULL, 0.5, NULL, NULL, NULL,
         NULL),
        (5, named_struct('a', NULL, 'b', named_struct('c', NULL, 'd', NULL, 'e', NULL), 'f', 1.0),
         map(), NULL, X'01', NULL, true, TIMESTAMP_NTZ '2024-01-01 00:00:00', NULL,
         named_struct('p', NULL, 'r', named_struct('w', NULL, 'x', 3)))""",
    "only nulls": """
        (CAST(NULL AS BIGINT), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""",
    "long texts": f"""
        (6, named_struct('a', 2147483647, 'b', named_struct('c', {LONG},
         'd', TIMESTAMP '9999-12-31 23:59:59.999', 'e', array()), 'f', 9999999999999999.9999),
         map(), {LONG}, unhex(repeat('ff', 50)), 1e308, true,
         TIMESTAMP_NTZ '2024-01-01 00:00:00.5', NULL, NULL),
        (7, named_struct('a', -2147483648, 'b', named_struct('c', concat({LONG}, 'c'),
         'd', TIMESTAMP '0001-01-01 00:00:00', 'e', array()), 'f', -9999999999999999.9999),
         map(), concat('\\u00fc', {LONG}), X'00', -1e308, false,
         TIMESTAMP_NTZ '2024-01-01 00:00:00.25', NULL, NULL)""",
    "not a number": """
        (8, NULL, NULL, 'a', NULL, CAST('NaN' AS DOUBLE), NULL, NULL, NULL, NULL),
        (9, NULL, NULL, 'b', NULL, -0.0D, NULL, NULL, NULL, NULL)""",
    "infinite": """
        (10, NULL, NULL, 'a', NULL, CAST('Infinity' AS DOUBLE), NULL, NULL, NULL, NULL),
        (11, NULL, NULL, 'b', NULL, CAST('-Infinity' AS DOUBLE), NULL, NULL, NULL, NULL)""",
    "negative zero": """
        (12, NULL, NULL, 'a', NULL, -0.0D, NULL, NULL, NULL, NULL),
        (13, NULL, NULL, 'b', NULL, 0.0D, NULL, NULL, NULL, NULL)""",
}

TABLES = {
    "plain": {},
    "mapped by name": {"delta.columnMapping.mode": "name"},
    "mapped by id": {"delta.columnMapping.mode": "id"},
    "no columns": {"delta.dataSkippingNumIndexedCols": "0"},
    "three columns": {"delta.dataSkippingNumIndexedCols": "3"},
    "up to an array": {"delta.dataSkippingNumIndexedCols": "5"},
    "up to a map": {"delta.dataSkippingNumIndexedCols": "7"},
    "up to a map in a struct": {"delta.dataSkippingNumIndexedCols": "14"},
    "all columns": {"delta.dataSkippingNumIndexedCols": "-1"},
    "named columns": {"delta.dataSkippingStatsColumns": "s.b, t, y"},
    "a named field": {"delta.dataSkippingStatsColumns": "s.b.c,s.f"},
    "named arrays and maps": {"delta.dataSkippingStatsColumns": "s.b.e,o.p,o.r"},
    "named columns of a mapped table": {
        "delta.columnMapping.mode": "name",
        "delta.dataSkippingStatsColumns": "s.b.d,id",
    },
}


def last_statistics(table: Path) -> dict[str, Any]:
    """Of the one file that the newest commit adds."""
    newest = sorted((table / "_delta_log").glob("*.json"))[-1]
    actions = [json.loads(line) for line in newest.read_text("utf-8").splitlines()]
    (add,) = [action["add"] for action in actions if "add" in action]
    return json.loads(add["stats"])


@pytest.fixture(scope="module", autouse=True)
def timestamps_in_microseconds(spark: Any) -> None:
    """Spark writes INT96 otherwise, in checkpoints too."""
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")


@pytest.fixture(scope="module")
def files(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The rows as Spark writes them, under the columns' own names."""
    found = {}
    for label, rows in FILES.items():
        folder = tmp_path_factory.mktemp("rows") / "table"
        spark.sql(f"CREATE TABLE delta.`{folder}` ({SCHEMA}) USING delta")
        insert(spark, folder, rows)
        (found[label],) = folder.glob("*.parquet")
    return found


def insert(spark: Any, table: Path, rows: str) -> None:
    spark.sql(f"INSERT INTO delta.`{table}` SELECT /*+ COALESCE(1) */ * FROM VALUES {rows}")


def leaves(values: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """By path; structs without a field that has a value count as not there, as they do to Spark."""
    if not isinstance(values, dict):
        return {path: values}
    return {
        leaf: value
        for name, field in values.items()
        for leaf, value in leaves(field, (*path, name)).items()
    }


def a_millisecond_later(text: str) -> str:
    zone = "Z" if text.endswith("Z") else ""
    moment = datetime.datetime.fromisoformat(text.removesuffix("Z"))
    one = datetime.timedelta(milliseconds=1)
    later = moment + one if moment <= datetime.datetime.max - one else moment
    return later.isoformat(timespec="milliseconds") + zone


def is_moment(value: Any) -> bool:
    return isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value) is not None


def bounds_the_same_text(own: Any, other: Any) -> bool:
    """Of a text that was cut off: Spark appends a character, we raise the last one."""
    if not isinstance(other, str) or not other.endswith("\x7f"):
        return False
    kept = other[:-1]
    return own[:-1] == kept[:-1] and own > kept and len(own) == len(kept)


def differences(
    ours: dict[str, Any], spark: dict[str, Any], untold: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """What is told otherwise, but for what may be: Spark cuts the greatest timestamp off to
    milliseconds, which its readers allow for; ours is the next millisecond."""
    mine, theirs = leaves(ours), leaves(spark)
    found = {}
    for path in mine.keys() | theirs.keys():
        own, other = mine.get(path), theirs.get(path)
        if path[0] == "maxValues" and is_moment(other) and own == a_millisecond_later(other):
            continue
        if path[0] == "maxValues" and bounds_the_same_text(own, other):
            continue
        if own is None and path[-1] == "y" and path[0] in untold:
            continue
        if own != other:
            found[".".join(path)] = (own, other)
    return found


@pytest.mark.long
@pytest.mark.parametrize("name", TABLES)
def test_statistics_are_those_of_spark(
    spark: Any, codeanatomy: Path, files: dict[str, Path], tmp_path: Path, name: str
) -> None:
    table = tmp_path / "table"
    properties = ", ".join(f"'{key}' = '{value}'" for key, value in TABLES[name].items())
    spark.sql(
        f"CREATE TABLE delta.`{table}` ({SCHEMA}) USING delta"
        + (f" TBLPROPERTIES ({properties})" if properties else "")
    )
    different = {}
    # The values need no more than one kind of table.
    labels = FILES if name == "plain" else ["values", "nulls"]
    for label in labels:
        insert(spark, table, FILES[label])
        # Of doubles that no JSON number can tell we keep no bounds.
        has_no_bounds = label in ("not a number", "infinite")
        untold = frozenset({"minValues", "maxValues"} if has_no_bounds else ())
        expected = last_statistics(table)
        delta(codeanatomy, "write", table, "--from", files[label])
        if found := differences(last_statistics(table), expected, untold):
            different[label] = found
    assert not different, json.dumps(different, indent=1)


CHECKPOINTS = {
    "plain": {},
    "version 2": {"delta.checkpointPolicy": "v2"},
    "with deletion vectors": {"delta.enableDeletionVectors": "true"},
    "mapped by name": {"delta.columnMapping.mode": "name"},
    "up to a map in a struct": {"delta.dataSkippingNumIndexedCols": "14"},
    "named arrays and maps": {"delta.dataSkippingStatsColumns": "s.b.e,o.p,o.r,y"},
    "no columns": {"delta.dataSkippingNumIndexedCols": "0"},
}


def checkpoint_by_spark(spark: Any, table: Path) -> None:
    path = spark._jvm.org.apache.hadoop.fs.Path(str(table))
    deltas = spark._jvm.org.apache.spark.sql.delta.DeltaLog
    deltas.forTable(spark._jsparkSession, path).checkpoint()


def checkpointed_files(table: Path) -> pa.Table:
    """The adds of the table's one checkpoint, or of its one sidecar."""
    log = table / "_delta_log"
    found = list(log.glob("_sidecars/*.parquet")) or list(log.glob("*.checkpoint*.parquet"))
    (file,) = found
    adds = pq.read_table(file, columns=["add"]).column("add").combine_chunks()
    return pa.Table.from_struct_array(adds.filter(adds.is_valid())).sort_by("path")


def without_commits(table: Path, version: int) -> None:
    """Of older versions nothing but the checkpoint tells; Spark wants the commit of its version."""
    for file in (table / "_delta_log").glob("*.json"):
        if re.fullmatch(r"\d{20}", file.stem) and int(file.stem) < version:
            file.unlink()
    for file in (table / "_delta_log").glob("*.crc"):
        file.unlink()


@pytest.mark.long
@pytest.mark.parametrize("name", CHECKPOINTS)
def test_parsed_statistics_are_those_of_spark(
    spark: Any,
    all_readers: dict[str, Any],
    codeanatomy: Path,
    tmp_path: Path,
    name: str,
) -> None:
    table, ours = tmp_path / "table", tmp_path / "ours"
    properties = {
        "delta.checkpoint.writeStatsAsStruct": "true",
        "delta.checkpoint.writeStatsAsJson": "false",
        **CHECKPOINTS[name],
    }
    told = ", ".join(f"'{key}' = '{value}'" for key, value in properties.items())
    spark.sql(f"CREATE TABLE delta.`{table}` ({SCHEMA}) USING delta TBLPROPERTIES ({told})")
    for label in ("values", "nulls", "only nulls", "long texts"):
        insert(spark, table, FILES[label])
    spark.sql(f"DELETE FROM delta.`{table}` WHERE id IN (1, 5)")
    version = commits(table)[-1]
    readers = dict(all_readers)
    if name in ("mapped by name", "version 2"):
        del readers["Polars"]  # reads neither
    expected = {reader: read(table) for reader, read in readers.items()}
    shutil.copytree(table, ours)
    checkpoint_by_spark(spark, table)
    delta(codeanatomy, "checkpoint", ours)

    told_by_spark = checkpointed_files(table).column("stats_parsed").combine_chunks()
    told_by_us = checkpointed_files(ours).column("stats_parsed").combine_chunks()
    assert told_by_us.type == told_by_spark.type
    assert told_by_us.to_pylist() == told_by_spark.to_pylist()

    # Each reads what the other has written.
    without_commits(ours, version)
    for reader, read in readers.items():
        assert read(ours) == expected[reader], reader
    without_commits(table, version)
    for written in (table, ours):
        assert "no faults" in delta(codeanatomy, "verify", written)
        for column, rows in expected_nulls(expected["Spark"]).items():
            condition = f"{column} IS NULL"
            found = delta(codeanatomy, "scan", written, "--columns", "id", "--where", condition)
            assert sorted(repr(json.loads(row)["id"]) for row in found.splitlines()) == rows


def expected_nulls(table: Any) -> dict[str, list[str]]:
    """The ids of the rows that have no such array or map."""
    columns = {"m": lambda row: row["m"], "l": lambda row: row["l"]}
    columns["s.b.e"] = lambda row: ((row["s"] or {}).get("b") or {}).get("e")
    columns["o.p"] = lambda row: (row["o"] or {}).get("p")
    rows = [dict(zip(table.names, row, strict=True)) for row in table.rows]
    return {
        name: sorted(repr(row["id"]) for row in rows if value(row) is None)
        for name, value in columns.items()
    }
