"""Which table properties can be set: what Spark answers to a key and a value, and what we do.

Spark and we are each asked to make a table with one property. Where we answer otherwise than Spark,
that is said here.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

FLAGS = [
    "appendOnly",
    "autoOptimize",
    "autoOptimize.autoCompact",
    "autoOptimize.optimizeWrite",
    "castIcebergTimeType",
    "checkpoint.writeStatsAsJson",
    "checkpoint.writeStatsAsStruct",
    "compatibility.symlinkFormatManifest.enabled",
    "enableChangeDataCapture",
    "enableChangeDataFeed",
    "enableDeletionVectors",
    "enableExpiredLogCleanup",
    "enableFullRetentionRollback",
    "enableInCommitTimestamps",
    "enableRowTracking",
    "enableTypeWidening",
    "ignoreIcebergBucketPartition",
    "randomizeFilePrefixes",
    "rowTrackingSuspended",
]

# Flags of which only "false" is the same to both.
UNWRITTEN_FLAGS = [
    "enableIcebergCompatV1",
    "enableIcebergCompatV2",
    "enableMaterializePartitionColumnsFeature",
    "enableVariantShredding",
    "universalFormat.iceberg.atomicConversion.supported",
]

INTERVALS = [
    "checkpointRetentionDuration",
    "dropFeatureTruncateHistory.retentionDuration",
    "sampleRetentionDuration",
    "setTransactionRetentionDuration",
]

INTERVAL_VALUES = [
    "interval 30 days",
    "5 WEEKS",
    "0 seconds",
    "interval 12 days -1 hours",
    "+40 days",
    "- 1 day + 25 hours",
    "2.5 seconds",
    ".5 second",
    "0 months 3000000000 milliseconds",
    "106751991 days",
    "106751992 days",
    "2147483648 days",
    "30",
    "",
    "interval",
    "1 month",
    "interval 1 year",
    "-1 days",
    "1.5 days",
    "1. seconds",
    ". seconds",
    "40days",
    "900 h",
    "1 nanosecond",
    "intervals 1 day",
]

VALUES: dict[str, Sequence[str]] = {
    **{f"delta.{key}": ["true", "FALSE", "yes", "1", ""] for key in FLAGS},
    **{f"delta.{key}": ["false", "yes"] for key in UNWRITTEN_FLAGS},
    **{f"delta.{key}": ["1 day", "x"] for key in INTERVALS},
    "delta.setTransactionRetentionDuration": INTERVAL_VALUES,
    "delta.logRetentionDuration": ["7 days", "6 days", "30"],
    "delta.deletedFileRetentionDuration": ["0 hours", "30 days", "31 days", "x"],
    "delta.checkpointInterval": ["10", "+10", "010", "0", "-1", " 10", "3.5", "2147483648", "1e2"],
    "delta.randomPrefixLength": ["2", "0"],
    "delta.dataSkippingNumIndexedCols": ["-1", "0", "-2", "x", "2147483648"],
    "delta.dataSkippingStringPrefixLength": ["0", "-1"],
    "delta.dataSkippingStatsColumns": [
        "id",
        "ID, `s`",
        "",
        "st",
        "st.l",
        "nope",
        "st.nope",
        "b",
        "flag",
        "l",
        "p",
        "id,id",
        "st,st.a",
        "id,",
        "a-b",
    ],
    "delta.checkpointPolicy": ["classic", "v2", "V2", ""],
    "delta.isolationLevel": ["Serializable", "serializable", "SnapshotIsolation"],
    "delta.columnMapping.mode": ["none", "NAME", "x"],
    "delta.columnMapping.maxColumnId": ["77"],
    "delta.rowTracking.materializedRowIdColumnName": ["x"],
    "delta.rowTracking.materializedRowCommitVersionColumnName": ["x"],
    "delta.universalFormat.enabledFormats": ["", "iceberg", "x"],
    "delta.universalFormat.config.iceberg.X": ["y"],
    "delta.coordinatedCommits.commitCoordinator-preview": ["x"],
    "delta.coordinatedCommits.tableConf-preview": ["{}"],
    "delta.feature.appendOnly": ["supported", "Enabled", "on"],
    "delta.feature.unheardOf": ["supported"],
    "Delta.Feature.TIMESTAMPNTZ": ["supported"],
    "Delta.AppendOnly": ["true", "x"],
    "delta.CHECKPOINTinterval": ["10", "0"],
    "delta.foo": ["1"],
    "Delta.foo": ["1"],
    "delta.": ["1"],
    "delta": ["1"],
    "foo": ["1"],
    "checkpointInterval": ["x"],
}

# Spark takes these, and we do not: what we have not, what only the writer is to keep, and the
# protocol, which is as the table needs it.
ONLY_SPARK = {
    "delta.enableVariantShredding": "true",
    "delta.ignoreProtocolDefaults": "true",
    "delta.inCommitTimestampEnablementTimestamp": "3",
    "delta.inCommitTimestampEnablementVersion": "3",
    "delta.minReaderVersion": "1",
    "delta.minWriterVersion": "7",
    "delta.requireCheckpointProtectionBeforeVersion": "3",
    "delta.universalFormat.iceberg.atomicConversion.supported": "true",
}

# We take these: Databricks and the text of the protocol know them, Spark's open writer does not.
ONLY_WE = {
    "delta.enableIcebergCompatV3": "false",
    "delta.enableIcebergWriterCompatV1": "false",
    "delta.isolationLevel": "WriteSerializable",
    "delta.parquet.compression.codec": "zstd",
    "delta.parquet.format.version": "2.12.0",
    "delta.targetFileSize": "10mb",
    "delta.vacuum.logging.enabled": "true",
}

COLUMNS = (
    "id LONG, s STRING, b BINARY, flag BOOLEAN, l ARRAY<INT>, st STRUCT<a: INT, l: ARRAY<INT>>"
)
PARTITIONED = f"({COLUMNS}, p STRING) USING delta PARTITIONED BY (p)"
ROWS = pa.table(
    {
        "id": pa.array([1], pa.int64()),
        "s": ["x"],
        "b": [b"x"],
        "flag": [True],
        "l": pa.array([[1]], pa.list_(pa.int32())),
        "st": pa.array(
            [{"a": 1, "l": [1]}], pa.struct([("a", pa.int32()), ("l", pa.list_(pa.int32()))])
        ),
        "p": ["y"],
    }
)
REFUSALS = {"DELTA_PROPERTY_INVALID", "DELTA_UNSUPPORTED_FEATURE"}


def pairs(values: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    return ((key, value) for key, of_key in values.items() for value in of_key)


class Ours:
    def __init__(self, program: Path, folder: Path) -> None:
        self.program = program
        self.folder = folder
        self.rows = folder / "rows.parquet"
        self.tables = 0
        pq.write_table(ROWS, self.rows)

    def write(self, table: Path, *options: str) -> bool:
        command = [self.program, "delta", "write", table, "--from", self.rows, *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode == 0:
            return True
        assert any(f"error[{code}]" in done.stderr for code in REFUSALS), done.stderr
        return False

    def new_table(self) -> Path:
        self.tables += 1
        return self.folder / f"ours-{self.tables}"

    def create(self, key: str, value: str) -> bool:
        table = self.new_table()
        taken = self.write(table, "--partition-by", "p", "--property", f"{key}={value}")
        assert taken == table.exists()
        return taken


@pytest.fixture(scope="module")
def ours(codeanatomy: Path, tmp_path_factory: pytest.TempPathFactory) -> Ours:
    return Ours(codeanatomy, tmp_path_factory.mktemp("properties"))


class Sparks:
    def __init__(self, spark: Any, folder: Path) -> None:
        self.spark = spark
        self.folder = folder
        self.tables = 0

    def create(self, key: str, value: str) -> bool:
        from py4j.protocol import Py4JJavaError
        from pyspark.errors import PySparkException

        self.tables += 1
        table = f"delta.`{self.folder}/sparks-{self.tables}`"
        properties = f"TBLPROPERTIES ('{key}' = '{value}')"
        try:
            self.spark.sql(f"CREATE TABLE {table} {PARTITIONED} {properties}")
        except (PySparkException, Py4JJavaError):
            return False
        return True


@pytest.fixture(scope="module")
def sparks(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Sparks:
    return Sparks(spark, tmp_path_factory.mktemp("spark-properties"))


def test_spark_and_we_take_and_refuse_the_same(ours: Ours, sparks: Sparks) -> None:
    answers = {pair: ours.create(*pair) for pair in pairs(VALUES)}
    assert answers == {pair: sparks.create(*pair) for pair in pairs(VALUES)}
    assert {True, False} == set(answers.values())


def test_where_we_answer_otherwise(ours: Ours, sparks: Sparks) -> None:
    for pair in ONLY_SPARK.items():
        assert (ours.create(*pair), sparks.create(*pair)) == (False, True), pair
    for pair in ONLY_WE.items():
        assert (ours.create(*pair), sparks.create(*pair)) == (True, False), pair


def test_every_key_that_spark_knows_is_asked_for(spark: Any) -> None:
    asked = {*VALUES, *ONLY_SPARK, *ONLY_WE}
    known = spark._jvm.org.apache.spark.sql.delta.DeltaConfigs.getAllConfigs().iterator()
    keys = set()
    while known.hasNext():
        keys.add(known.next()._2().key())
    # What sends readers elsewhere, and needs a JSON document that names a table.
    keys -= {"delta.redirectReaderWriter-preview", "delta.redirectWriterOnly-preview"}
    # Only together with a coordinator's name.
    keys -= {"delta.coordinatedCommits.commitCoordinatorConf-preview"}
    assert keys - asked == set()


def test_tables_that_are_there_are_held_to_the_same(ours: Ours) -> None:
    table = ours.new_table()
    assert ours.write(table, "--partition-by", "p")
    wrong = [
        "delta.checkpointPolicy=V2",
        "delta.setTransactionRetentionDuration=x",
        "delta.enableInCommitTimestamps=yes",
        "delta.checkpointInterval=0",
        "delta.logRetentionDuration=30",
        "delta.enableIcebergCompatV2=true",
        "delta.foo=1",
        "delta.dataSkippingStatsColumns=nope",
        "delta.dataSkippingStatsColumns=b",
        "delta.columnMapping.maxColumnId=77",
        "delta.rowTracking.materializedRowIdColumnName=x",
    ]
    assert [item for item in wrong if ours.write(table, "--property", item)] == []
    assert len(list((table / "_delta_log").glob("*.json"))) == 1


def test_spark_obeys_what_is_set_in_any_case(ours: Ours, spark: Any) -> None:
    table = ours.new_table()
    options = [
        "Delta.AppendOnly=true",
        "DELTA.constraints.c=id < 100",
        "Delta.feature.APPENDONLY=supported",
    ]
    given = [part for item in options for part in ("--property", item)]
    assert ours.write(table, "--partition-by", "p", *given)
    log = (table / "_delta_log" / f"{0:020}.json").read_text().splitlines()
    metadata = next(line for line in map(json.loads, log) if "metaData" in line)["metaData"]
    assert metadata["configuration"] == {
        "delta.appendOnly": "true",
        "delta.constraints.c": "id < 100",
    }
    with pytest.raises(Exception, match="append"):
        spark.sql(f"DELETE FROM delta.`{table}`")
    with pytest.raises(Exception, match="CHECK constraint c"):
        spark.sql(f"INSERT INTO delta.`{table}` (id, p) VALUES (100, 'z')")
