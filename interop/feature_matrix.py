"""Which features of Delta tables which writers write and which readers read, tried out.

Spark makes a table that uses a feature. Each writer appends to a copy of it; ours also optimizes
and checkpoints its copy. Then every reader reads every copy, and what it reads is held against
what Spark reads from the copy that Spark wrote.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import deltalake
import pyarrow as pa
import pyarrow.parquet as pq
from delta.tables import DeltaTable, IdentityGenerator

import readers
from upkeep import delta

BEGIN = "<!-- found by interop/test_feature_matrix.py -->"
END = "<!-- end -->"


@dataclass(frozen=True)
class Feature:
    """A table as Spark's SQL makes it, after which `then` is done with it ({t}: the table)."""

    name: str
    columns: str = "id LONG, text STRING"
    more: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    then: tuple[str, ...] = ()
    # What the rows give for the second column, and what they call it.
    second: str = "text"
    # A further column that Spark gives its values, with what it gives.
    generated: tuple[str, str | IdentityGenerator] | None = None
    values: pa.Array = field(default_factory=lambda: pa.array(["a/b", None, "ü", "", "e=f", "g"]))

    def rows(self, first: int, count: int) -> pa.Table:
        ids = pa.array(range(first, first + count), pa.int64())
        return pa.table({"id": ids, self.second: self.values.slice(first % 3, count)})


NESTED = pa.array(
    [{"a": i, "l": ["x", None], "m": [("k", i)]} if i else None for i in range(6)],
    pa.struct(
        [
            ("a", pa.int32()),
            ("l", pa.list_(pa.string())),
            ("m", pa.map_(pa.string(), pa.int32())),
        ]
    ),
)

FEATURES = [
    Feature("partition values", more="PARTITIONED BY (text)"),
    Feature(
        "nested types",
        columns="id LONG, text STRUCT<a: INT, l: ARRAY<STRING>, m: MAP<STRING, INT>>",
        values=NESTED,
    ),
    Feature(
        "timestampNtz",
        columns="id LONG, text TIMESTAMP_NTZ",
        values=pa.array([0, None, 1_700_000_000_000_001, -1, 5, 6], pa.timestamp("us")),
    ),
    Feature(
        "deletionVectors",
        properties={"delta.enableDeletionVectors": "true"},
        then=("DELETE FROM {t} WHERE id = 1",),
    ),
    Feature(
        "deletionVectors in partitions",
        more="PARTITIONED BY (text)",
        properties={"delta.enableDeletionVectors": "true"},
        then=("INSERT INTO {t} SELECT id + 10, text FROM {t}", "DELETE FROM {t} WHERE id = 10"),
    ),
    *(
        Feature(
            f"columnMapping by {mode}",
            properties={"delta.columnMapping.mode": mode},
            then=("ALTER TABLE {t} RENAME COLUMN text TO words",),
            second="words",
        )
        for mode in ("name", "id")
    ),
    Feature(
        "typeWidening",
        columns="id INT, text STRING",
        properties={"delta.enableTypeWidening": "true"},
        then=("ALTER TABLE {t} CHANGE COLUMN id TYPE LONG",),
    ),
    Feature("changeDataFeed", properties={"delta.enableChangeDataFeed": "true"}),
    Feature("appendOnly", properties={"delta.appendOnly": "true"}),
    Feature("invariants (NOT NULL)", columns="id LONG NOT NULL, text STRING"),
    Feature("checkConstraints", then=("ALTER TABLE {t} ADD CONSTRAINT known CHECK (id >= 0)",)),
    Feature("generatedColumns", generated=("twice", "id * 2")),
    Feature(
        "allowColumnDefaults",
        columns="id LONG, text STRING, more STRING DEFAULT 'none'",
        properties={"delta.feature.allowColumnDefaults": "supported"},
    ),
    Feature("identityColumns", generated=("number", IdentityGenerator())),
    Feature("inCommitTimestamp", properties={"delta.enableInCommitTimestamps": "true"}),
    Feature("rowTracking", properties={"delta.enableRowTracking": "true"}),
    Feature("clustering", more="CLUSTER BY (id)"),
    Feature("v2Checkpoint", properties={"delta.checkpointPolicy": "v2"}),
    Feature("vacuumProtocolCheck", properties={"delta.feature.vacuumProtocolCheck": "supported"}),
]

Append = Callable[[Path, pa.Table], None]


def create(spark: Any, feature: Feature, path: Path) -> None:
    if feature.generated:
        name, value = feature.generated
        builder = DeltaTable.create(spark).location(str(path))
        builder.addColumn("id", "LONG").addColumn("text", "STRING")
        builder.addColumn(name, "LONG", generatedAlwaysAs=value).execute()
        return
    pairs = ", ".join(f"'{key}' = '{value}'" for key, value in feature.properties.items())
    properties = f" TBLPROPERTIES ({pairs})" if pairs else ""
    spark.sql(
        f"CREATE TABLE delta.`{path}` ({feature.columns}) USING delta {feature.more}{properties}"
    )


def make(spark: Any, feature: Feature, path: Path) -> None:
    create(spark, feature, path)
    append_spark(spark)(path, feature.rows(0, 3).rename_columns(["id", "text"]))
    for statement in feature.then:
        spark.sql(statement.format(t=f"delta.`{path}`"))


def append_spark(spark: Any) -> Append:
    def append(path: Path, rows: pa.Table) -> None:
        spark.createDataFrame(rows).createOrReplaceTempView("batch")
        columns = ", ".join(rows.column_names)
        spark.sql(f"INSERT INTO delta.`{path}` ({columns}) SELECT {columns} FROM batch")

    return append


def append_delta_rs(path: Path, rows: pa.Table) -> None:
    deltalake.write_deltalake(str(path), rows, mode="append", schema_mode="merge")


def append_ours(program: Path) -> Append:
    def append(path: Path, rows: pa.Table) -> None:
        source = path.with_suffix(".parquet")
        pq.write_table(rows, source)
        delta(program, "write", path, "--from", source)
        delta(program, "optimize", path)
        delta(program, "checkpoint", path)

    return append


def who_reads(
    path: Path, all_readers: Mapping[str, readers.Reader], expected: readers.Table
) -> str:
    refuse, wrong = [], []
    for name, read in all_readers.items():
        try:
            if read(path).rows != expected.rows:
                wrong.append(name)
        except Exception:
            refuse.append(name)
    found = []
    if refuse:
        found.append(f"not {', '.join(refuse)}")
    if wrong:
        found.append(f"**wrongly** {', '.join(wrong)}")
    return "; ".join(found) or "all"


def matrix(
    spark: Any, program: Path, all_readers: Mapping[str, readers.Reader], folder: Path
) -> list[str]:
    """The lines of the table in Markdown."""
    writers: dict[str, Append] = {
        "Spark": append_spark(spark),
        "CodeAnatomy": append_ours(program),
        "delta-rs": append_delta_rs,
    }
    lines = [
        f"| feature | {' | '.join(f'{name} writes, read by' for name in writers)} |",
        f"| {' | '.join('---' for _ in range(len(writers) + 1))} |",
    ]
    for number, feature in enumerate(FEATURES):
        made = folder / f"feature-{number}"
        make(spark, feature, made)
        cells = []
        expected: readers.Table | None = None  # what Spark reads of what Spark wrote
        for writer, append in writers.items():
            copy = folder / f"feature-{number}-{writer}"
            shutil.copytree(made, copy)
            try:
                append(copy, feature.rows(3, 3))
            except Exception:
                assert expected is not None, f"{writer}: {feature.name}"
                cells.append("refused")
                continue
            expected = expected or all_readers["Spark"](copy)
            cells.append(who_reads(copy, all_readers, expected))
        lines.append(f"| {feature.name} | {' | '.join(cells)} |")
    return lines


def documented(text: str) -> list[str]:
    """The lines of the table in docs/delta.md."""
    return text.split(BEGIN + "\n")[1].split("\n" + END)[0].splitlines()


def with_matrix(text: str, lines: list[str]) -> str:
    between = re.escape(BEGIN) + r"\n.*?" + re.escape(END)
    return re.sub(
        between, lambda _: "\n".join([BEGIN, *lines, END]), text, count=1, flags=re.DOTALL
    )
