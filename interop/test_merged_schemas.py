"""Rows whose columns and fields are not quite the table's: appended by Spark with mergeSchema and
by us with --merge-schema to copies of one table, which then have one schema and the same rows."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import readers
from upkeep import delta


@dataclass(frozen=True)
class Pair:
    """A table and rows for it, each as a query of Spark's."""

    table: str
    rows: str
    properties: tuple[str, ...] = ()


X_Y = "named_struct('x', 1, 'y', 'a')"
PAIRS = {
    "column": Pair("SELECT 1 AS id", "SELECT 'a' AS name, 2 AS id, 1.5D AS more"),
    "case": Pair(
        "SELECT 1 AS Id, named_struct('Xy', 1, 'z', 2) AS S",
        "SELECT named_struct('Z', 3, 'XY', 4, 'New', 5) AS s, 2 AS ID, 6 AS Col",
    ),
    "order": Pair(
        f"SELECT 1 AS id, {X_Y} AS s",
        "SELECT named_struct('y', 'b', 'x', 2) AS s, 2 AS id",
    ),
    "field": Pair(
        f"SELECT 1 AS id, {X_Y} AS s",
        "SELECT 2 AS id, named_struct('z', true, 'x', 2) AS s",
    ),
    "fields missing": Pair(
        f"SELECT 1 AS id, {X_Y} AS s, array({X_Y}) AS l, map('k', {X_Y}) AS m",
        "SELECT 2 AS id, named_struct('y', 'b') AS s, array(named_struct('x', 3)) AS l,"
        " map('k', named_struct('y', 'c')) AS m",
    ),
    "struct is null": Pair(
        f"SELECT 1 AS id, {X_Y} AS s",
        "SELECT 2 AS id, IF(id = 0, NULL, named_struct('z', id, 'x', 2)) AS s FROM range(2)",
    ),
    "deep field": Pair(
        f"SELECT named_struct('t', named_struct('u', {X_Y})) AS s",
        "SELECT named_struct('w', 1, 't', named_struct('v', 2, 'u',"
        " named_struct('z', array(1), 'y', 'b', 'x', 5))) AS s",
    ),
    "field of an array's elements": Pair(
        f"SELECT array({X_Y}, NULL) AS l",
        "SELECT array(named_struct('z', 2L, 'y', 'b'), NULL) AS l",
    ),
    "field of arrays of arrays": Pair(
        f"SELECT array(array({X_Y})) AS l",
        "SELECT array(array(named_struct('z', 2L, 'x', 4))) AS l",
    ),
    "field of a map's values": Pair(
        f"SELECT map('k', {X_Y}) AS m",
        "SELECT map('k', named_struct('z', DATE '2024-02-29', 'x', 2), 'l', NULL) AS m",
    ),
    "field of a map's keys": Pair(
        f"SELECT map({X_Y}, 'v') AS m",
        "SELECT map(named_struct('z', 3, 'y', 'b', 'x', 2), 'w') AS m",
    ),
    "map of arrays of structs of maps": Pair(
        f"SELECT map('k', array(named_struct('m', map('l', {X_Y})))) AS m",
        "SELECT map('k', array(named_struct('n', 1, 'm',"
        " map('l', named_struct('z', 2, 'x', 5))))) AS m",
    ),
    "new struct": Pair(
        "SELECT 1 AS id",
        f"SELECT 2 AS id, named_struct('l', array({X_Y}), 'm', map('k', {X_Y})) AS s",
    ),
    "not null": Pair(
        f"SELECT 1 AS id, {X_Y} AS s", f"SELECT 2 AS id, {X_Y} AS s, named_struct('a', 1) AS n"
    ),
    "odd names": Pair(
        "SELECT 1 AS id, named_struct('é', 1, 'x', 2) AS s",
        "SELECT 2 AS id, named_struct('ü', 3, 'x', 4, 'é', 5) AS s",
    ),
    "types": Pair(
        "SELECT 1 AS id, named_struct('x', 1) AS s",
        "SELECT 2 AS id, named_struct('a', 1Y, 'b', 2S, 'c', 3L, 'd', 1.5F, 'e', 2.5D,"
        " 'f', 12.34BD, 'g', X'00ff', 'h', DATE '2024-02-29', 'i', TIMESTAMP '2024-02-29 12:00:00',"
        " 'j', true) AS s",
    ),
}
GROWN_MAPS = [
    "field of a map's values",
    "field of a map's keys",
    "map of arrays of structs of maps",
]
WIDENING = ("delta.enableTypeWidening = true",)
WIDENED = {
    "integers": Pair(
        "SELECT 1Y AS a, 1S AS b, 1 AS c, 1Y AS d", "SELECT 300S AS a, 70000 AS b, 3000000000 AS c,"
        " 5000000000 AS d", WIDENING,
    ),
    "others": Pair(
        "SELECT 1.5F AS f, CAST(1.5 AS DECIMAL(4, 2)) AS d",
        "SELECT 2.1D AS f, CAST(12345.678 AS DECIMAL(8, 3)) AS d", WIDENING,
    ),
    "nested": Pair(
        "SELECT named_struct('x', 1, 'l', array(1S)) AS s,"
        " map(1, array(named_struct('y', 2))) AS m",
        "SELECT map(3000000000, array(named_struct('z', 1, 'Y', 4000000000))) AS m,"
        " named_struct('l', array(70000), 'X', 5000000000) AS s", WIDENING,
    ),
    "date": Pair(
        "SELECT DATE '2024-02-29' AS t", "SELECT TIMESTAMP_NTZ '2024-02-29 12:00:00' AS t",
        (*WIDENING, "delta.feature.timestampNtz = supported"),
    ),
}  # fmt: skip
CONFLICTS = {
    "s.x": ("SELECT named_struct('x', 1) AS s", "SELECT named_struct('x', 'a') AS s"),
    "a.b.element.c": (
        "SELECT named_struct('b', array(named_struct('c', 1L))) AS a",
        "SELECT named_struct('b', array(named_struct('c', 'x'))) AS a",
    ),
    "m.key": ("SELECT map(1, 2) AS m", "SELECT map('a', 2) AS m"),
    "m.value": ("SELECT map(1, 2) AS m", "SELECT map(1, array(2)) AS m"),
    "i": ("SELECT 1 AS i", "SELECT 3000000000 AS i"),
    "d": (
        "SELECT CAST(1 AS DECIMAL(5, 2)) AS d",
        "SELECT CAST(1 AS DECIMAL(5, 3)) AS d",
    ),
}


def make(spark: Any, table: Path, query: str, properties: tuple[str, ...]) -> None:
    settings = ", ".join(
        f"'{key.strip()}' = '{value.strip()}'"
        for key, value in (text.split("=") for text in properties)
    )
    spark.sql(
        f"CREATE TABLE delta.`{table}` USING delta"
        + (f" TBLPROPERTIES ({settings})" if settings else "")
        + f" AS {query}"
    )


def rows_file(spark: Any, folder: Path, query: str) -> Path:
    target = folder / f"rows-{len(list(folder.glob('rows-*')))}"
    # Of INT96, which is Spark's own choice, nothing says whether it is in UTC.
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    try:
        spark.sql(query).coalesce(1).write.parquet(str(target))
    finally:
        spark.conf.unset("spark.sql.parquet.outputTimestampType")
    (file,) = target.glob("*.parquet")
    return file


def metadata(table: Path) -> dict[str, Any]:
    """The newest metaData action: nothing here makes checkpoints."""
    newest: dict[str, Any] = {}
    for commit in sorted((table / "_delta_log").glob("?" * 20 + ".json")):
        for line in commit.read_text("utf-8").splitlines():
            newest = json.loads(line).get("metaData", newest)
    return newest


def schema_of(table: Path) -> Any:
    """The schema without the physical names that were drawn; the ids are those that Spark gives."""

    def without_names(part: Any) -> Any:
        if isinstance(part, list):
            return [without_names(item) for item in part]
        if isinstance(part, dict):
            drawn = "delta.columnMapping.physicalName"
            return {key: without_names(value) for key, value in part.items() if key != drawn}
        return part

    return without_names(json.loads(metadata(table)["schemaString"]))


def both_append(spark: Any, codeanatomy: Path, folder: Path, pair: Pair) -> tuple[Path, Path]:
    """The table that Spark appended to, and the one that we appended to."""
    ours, theirs = folder / "ours", folder / "theirs"
    make(spark, ours, pair.table, pair.properties)
    shutil.copytree(ours, theirs)
    file = rows_file(spark, folder, pair.rows)
    rows = spark.read.parquet(str(file))
    rows.write.format("delta").mode("append").option("mergeSchema", "true").save(str(theirs))
    delta(codeanatomy, "write", ours, "--from", file, "--merge-schema")
    return theirs, ours


def by_us(codeanatomy: Path, table: Path, folder: Path) -> readers.Table:
    target = folder / "scan.parquet"
    delta(codeanatomy, "scan", table, "-o", target)
    return readers.from_arrow(pq.read_table(target))


@pytest.mark.parametrize("mapping", ["none", "name"])
@pytest.mark.parametrize("name", PAIRS)
def test_schemas_merge_as_in_spark(
    spark: Any,
    codeanatomy: Path,
    tmp_path: Path,
    all_readers: dict[str, readers.Reader],
    name: str,
    mapping: str,
) -> None:
    mapped = () if mapping == "none" else ("delta.columnMapping.mode = name",)
    pair = Pair(PAIRS[name].table, PAIRS[name].rows, mapped)
    theirs, ours = both_append(spark, codeanatomy, tmp_path, pair)
    assert schema_of(ours) == schema_of(theirs)
    highest = "delta.columnMapping.maxColumnId"
    assert metadata(ours)["configuration"].get(highest) == metadata(theirs)["configuration"].get(
        highest
    )
    expected = all_readers["Spark"](theirs)
    assert all_readers["Spark"](ours) == expected
    assert by_us(codeanatomy, theirs, tmp_path) == expected
    assert by_us(codeanatomy, ours, tmp_path) == expected
    assert all_readers["DuckDB"](ours) == all_readers["DuckDB"](theirs)
    # delta-rs reads no file whose maps lack fields of the table's: those that were there before,
    # and of Spark's, which stores rows as they come, the new ones too.
    unread = {"fields missing": [theirs]}.get(name, [theirs, ours] if name in GROWN_MAPS else [])
    for table in unread:
        with pytest.raises(Exception, match="Cannot cast column"):
            all_readers["delta-rs"](table)
    if theirs not in unread:
        assert all_readers["delta-rs"](ours) == all_readers["delta-rs"](theirs)
    elif ours not in unread:
        assert all_readers["delta-rs"](ours) == expected


@pytest.mark.parametrize("name", WIDENED)
def test_types_become_wider_as_in_spark(
    spark: Any,
    codeanatomy: Path,
    tmp_path: Path,
    read_spark: readers.Reader,
    read_duckdb: readers.Reader,
    name: str,
) -> None:
    theirs, ours = both_append(spark, codeanatomy, tmp_path, WIDENED[name])
    assert schema_of(ours) == schema_of(theirs)
    assert "delta.typeChanges" in metadata(ours)["schemaString"]
    expected = read_spark(theirs)
    assert read_spark(ours) == expected
    assert by_us(codeanatomy, theirs, tmp_path) == expected
    assert by_us(codeanatomy, ours, tmp_path) == expected
    assert read_duckdb(ours) == read_duckdb(theirs)


@pytest.mark.parametrize("path", CONFLICTS)
def test_conflicts_are_refused_by_both(
    spark: Any, codeanatomy: Path, tmp_path: Path, path: str
) -> None:
    table_query, rows_query = CONFLICTS[path]
    table = tmp_path / "table"
    make(spark, table, table_query, ())
    file = rows_file(spark, tmp_path, rows_query)
    before = schema_of(table)
    writer = spark.read.parquet(str(file)).write.format("delta").mode("append")
    with pytest.raises(Exception, match=r"DELTA_FAILED_TO_MERGE_FIELDS|DELTA_MERGE_INCOMPATIBLE"):
        writer.option("mergeSchema", "true").save(str(table))
    done = subprocess.run(
        [codeanatomy, "delta", "write", table, "--from", file, "--merge-schema"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert f"column '{path}' is " in done.stderr
    assert schema_of(table) == before


@pytest.mark.parametrize("mapping", ["none", "name"])
def test_fields_are_added_by_every_way_of_writing(
    spark: Any, codeanatomy: Path, tmp_path: Path, read_spark: readers.Reader, mapping: str
) -> None:
    """Of a table with partitions: dynamic overwrite, replace-where, overwrite."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    spark.sql(
        f"CREATE TABLE delta.`{ours}` (p INT, s STRUCT<x: INT, y: STRING>) USING delta"
        f" PARTITIONED BY (p) TBLPROPERTIES ('delta.columnMapping.mode' = '{mapping}')"
    )
    spark.sql(
        f"INSERT INTO delta.`{ours}` SELECT id, named_struct('x', id, 'y', 'a') FROM range(4)"
    )
    shutil.copytree(ours, theirs)
    for query, options, arguments in [
        (
            "SELECT named_struct('z', 1, 'X', 20) AS s, 2 AS p",
            {"partitionOverwriteMode": "dynamic"},
            ["--mode", "overwrite", "--partition-overwrite", "dynamic"],
        ),
        (
            "SELECT 3 AS p, named_struct('w', array(named_struct('a', 1)), 'y', 'b') AS s",
            {"replaceWhere": "p >= 3"},
            ["--replace-where", "p >= 3"],
        ),
        (
            "SELECT named_struct('w', array(named_struct('b', 2, 'a', 1))) AS s, 3 AS p",
            {},
            ["--mode", "append"],
        ),
        ("SELECT named_struct('v', 1.5D) AS s, 7 AS p", {}, ["--mode", "overwrite"]),
    ]:
        file = rows_file(spark, tmp_path, query)
        mode = "append" if arguments[-1] == "append" else "overwrite"
        writer = spark.read.parquet(str(file)).write.format("delta").mode(mode)
        writer.options(mergeSchema="true", **options).save(str(theirs))
        delta(codeanatomy, "write", ours, "--from", file, "--merge-schema", *arguments)
        assert schema_of(ours) == schema_of(theirs), query
        expected = read_spark(theirs)
        assert read_spark(ours) == expected, query
        assert by_us(codeanatomy, ours, tmp_path) == expected, query


def test_fields_that_rows_lack_are_null_without_merging_as_in_spark(
    spark: Any, codeanatomy: Path, tmp_path: Path, read_spark: readers.Reader
) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    make(spark, ours, PAIRS["fields missing"].table, ())
    shutil.copytree(ours, theirs)
    file = rows_file(spark, tmp_path, PAIRS["fields missing"].rows)
    spark.read.parquet(str(file)).write.format("delta").mode("append").save(str(theirs))
    delta(codeanatomy, "write", ours, "--from", file)
    assert schema_of(ours) == schema_of(theirs)
    assert read_spark(ours) == read_spark(theirs)


def test_a_table_that_we_merged_is_written_by_spark(
    spark: Any, codeanatomy: Path, tmp_path: Path, read_spark: readers.Reader
) -> None:
    table = tmp_path / "table"
    first = rows_file(spark, tmp_path, f"SELECT 1 AS id, array({X_Y}) AS l")
    named = ["--property", "delta.columnMapping.mode=name"]
    delta(codeanatomy, "write", table, "--from", first, *named)
    second = rows_file(spark, tmp_path, "SELECT 2 AS id, array(named_struct('z', 3L)) AS l")
    delta(codeanatomy, "write", table, "--from", second, "--merge-schema")
    third = "SELECT 3 AS id, array(named_struct('w', 5, 'z', 4L)) AS l"
    writer = spark.sql(third).write.format("delta").mode("append")
    writer.option("mergeSchema", "true").save(str(table))
    expected = [
        (1, [{"x": 1, "y": "a", "z": None, "w": None}]),
        (2, [{"x": None, "y": None, "z": 3, "w": None}]),
        (3, [{"x": None, "y": None, "z": 4, "w": 5}]),
    ]
    assert read_spark(table).rows == expected
    assert by_us(codeanatomy, table, tmp_path).rows == expected
