"""Which features of Delta tables which writers write and which readers read, tried out.

Spark makes a table that uses a feature; where they can, delta-rs and we make one, too. Writers
change copies of these: they append, replace rows and delete; we optimize, checkpoint and vacuum as
well. Then every reader reads every copy, and what it reads is held against what Spark reads from
the copy of its own table that it changed itself.
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
    # Whether its values are each writer's own, and only have to differ.
    generates_own: bool = False
    # Rows that each maker deletes from its table.
    deleted: str | None = None
    # Whether rows may be replaced and deleted.
    changes: bool = True
    # Who makes such a table beside Spark, from the properties, `partition_by` and `deleted` alone.
    others: frozenset[str] = frozenset()
    partition_by: tuple[str, ...] = ()
    constraint: str | None = None
    cluster_by: tuple[str, ...] = ()
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

BOTH = frozenset({"CodeAnatomy", "delta-rs"})
OURS = frozenset({"CodeAnatomy"})

FEATURES = [
    Feature("partition values", more="PARTITIONED BY (text)", others=BOTH, partition_by=("text",)),
    Feature(
        "nested types",
        columns="id LONG, text STRUCT<a: INT, l: ARRAY<STRING>, m: MAP<STRING, INT>>",
        values=NESTED,
        others=BOTH,
    ),
    Feature(
        "timestampNtz",
        columns="id LONG, text TIMESTAMP_NTZ",
        others=BOTH,
        values=pa.array([0, None, 1_700_000_000_000_001, -1, 5, 6], pa.timestamp("us")),
    ),
    Feature(
        "deletionVectors",
        properties={"delta.enableDeletionVectors": "true"},
        deleted="id = 1",
        others=BOTH,
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
            others=OURS,
        )
        for mode in ("name", "id")
    ),
    Feature(
        "typeWidening",
        columns="id INT, text STRING",
        properties={"delta.enableTypeWidening": "true"},
        then=("ALTER TABLE {t} CHANGE COLUMN id TYPE LONG",),
    ),
    Feature("changeDataFeed", properties={"delta.enableChangeDataFeed": "true"}, others=BOTH),
    Feature("appendOnly", properties={"delta.appendOnly": "true"}, changes=False, others=BOTH),
    Feature("invariants (NOT NULL)", columns="id LONG NOT NULL, text STRING"),
    Feature("checkConstraints", constraint="id >= 0", others=BOTH),
    Feature("generatedColumns", generated=("twice", "id * 2")),
    Feature(
        "allowColumnDefaults",
        columns="id LONG, text STRING, more STRING DEFAULT 'none'",
        properties={"delta.feature.allowColumnDefaults": "supported"},
    ),
    Feature("identityColumns", generated=("number", IdentityGenerator()), generates_own=True),
    Feature(
        "inCommitTimestamp", properties={"delta.enableInCommitTimestamps": "true"}, others=OURS
    ),
    Feature("rowTracking", properties={"delta.enableRowTracking": "true"}, others=OURS),
    Feature("clustering", more="CLUSTER BY (id)", others=OURS, cluster_by=("id",)),
    Feature("v2Checkpoint", properties={"delta.checkpointPolicy": "v2"}, others=OURS),
    Feature(
        "vacuumProtocolCheck",
        properties={"delta.feature.vacuumProtocolCheck": "supported"},
        others=OURS,
    ),
]


@dataclass(frozen=True)
class Content:
    """Columns with Delta's names of their types, and the rows as text: to Python, 1, 1.0,
    Decimal(1) and True are equal."""

    columns: list[tuple[str, str]]
    rows: list[str]


@dataclass(frozen=True)
class Writer:
    append: Callable[[Path, pa.Table], None]
    delete: Callable[[Path, str], None]
    # Puts the rows in the place of those that meet the condition.
    replace: Callable[[Path, str, pa.Table], None]
    maintain: Callable[[Path], None]


def change(writer: Writer, feature: Feature, path: Path) -> None:
    writer.append(path, feature.rows(3, 3))
    if feature.changes:
        writer.replace(path, "id >= 5", feature.rows(6, 2))
        writer.delete(path, "id = 3")
    writer.maintain(path)


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
    spark_writer(spark).append(path, feature.rows(0, 3).rename_columns(["id", "text"]))
    statements = list(feature.then)
    if feature.deleted:
        statements.append(f"DELETE FROM {{t}} WHERE {feature.deleted}")
    if feature.constraint:
        statements.append(f"ALTER TABLE {{t}} ADD CONSTRAINT known CHECK ({feature.constraint})")
    for statement in statements:
        spark.sql(statement.format(t=f"delta.`{path}`"))


def make_by_delta_rs(feature: Feature, path: Path) -> None:
    deltalake.write_deltalake(
        str(path),
        feature.rows(0, 3),
        partition_by=list(feature.partition_by),
        configuration=dict(feature.properties),
    )
    if feature.deleted:
        deltalake.DeltaTable(str(path)).delete(feature.deleted)
    if feature.constraint:
        deltalake.DeltaTable(str(path)).alter.add_constraint({"known": feature.constraint})


def make_ours(program: Path, feature: Feature, path: Path) -> None:
    source = path.with_suffix(".parquet")
    pq.write_table(feature.rows(0, 3), source)
    options = [f"--property={key}={value}" for key, value in feature.properties.items()]
    if feature.partition_by:
        options.append("--partition-by=" + ",".join(feature.partition_by))
    if feature.cluster_by:
        options.append("--cluster-by=" + ",".join(feature.cluster_by))
    delta(program, "write", path, "--from", source, *options)
    if feature.deleted:
        delta(program, "delete", path, "--where", feature.deleted)
    if feature.constraint:
        delta(program, "constraint", path, "add", "known", feature.constraint)


def spark_writer(spark: Any) -> Writer:
    def append(path: Path, rows: pa.Table) -> None:
        spark.createDataFrame(rows).createOrReplaceTempView("batch")
        columns = ", ".join(rows.column_names)
        spark.sql(f"INSERT INTO delta.`{path}` ({columns}) SELECT {columns} FROM batch")

    def delete(path: Path, where: str) -> None:
        spark.sql(f"DELETE FROM delta.`{path}` WHERE {where}")

    # REPLACE WHERE knows no list of columns.
    def replace_rows(path: Path, where: str, rows: pa.Table) -> None:
        delete(path, where)
        append(path, rows)

    return Writer(append, delete, replace_rows, lambda path: None)


def delta_rs_writer() -> Writer:
    def append(path: Path, rows: pa.Table) -> None:
        deltalake.write_deltalake(str(path), rows, mode="append", schema_mode="merge")

    def delete(path: Path, where: str) -> None:
        deltalake.DeltaTable(str(path)).delete(where)

    def replace_rows(path: Path, where: str, rows: pa.Table) -> None:
        delete(path, where)
        append(path, rows)

    return Writer(append, delete, replace_rows, lambda path: None)


def our_writer(program: Path) -> Writer:
    def write(path: Path, rows: pa.Table, *options: str) -> None:
        source = path.with_suffix(".parquet")
        pq.write_table(rows, source)
        delta(program, "write", path, "--from", source, *options)

    def delete(path: Path, where: str) -> None:
        delta(program, "delete", path, "--where", where)

    def replace_rows(path: Path, where: str, rows: pa.Table) -> None:
        write(path, rows, "--mode=overwrite", "--replace-where", where)

    def maintain(path: Path) -> None:
        for command in ("optimize", "checkpoint", "vacuum"):
            delta(program, command, path)

    return Writer(write, delete, replace_rows, maintain)


def comparable(feature: Feature, table: readers.Table) -> Content:
    """What the table has; of a column with values of each writer's own, how many there are."""
    rows = table.rows
    if feature.generates_own:
        generated = {row[-1] for row in rows} - {None}
        rows = [*(row[:-1] for row in rows), (len(generated),)]
    return Content(table.columns, [repr(row) for row in rows])


def who_reads(
    feature: Feature,
    path: Path,
    all_readers: Mapping[str, readers.Reader],
    expected: Content,
) -> str:
    refuse, wrong = [], []
    for name, read in all_readers.items():
        try:
            found = comparable(feature, read(path))
        except readers.UnknownTypeError:
            raise
        except Exception:
            refuse.append(name)
            continue
        if found != expected:
            wrong.append(name)
            print(f"{feature.name}: {path.name}: {name} reads {found}, expected {expected}")
    kinds = []
    if refuse:
        kinds.append(f"not {', '.join(refuse)}")
    if wrong:
        kinds.append(f"**wrongly** {', '.join(wrong)}")
    return "; ".join(kinds) or "all"


def matrix(
    spark: Any, program: Path, all_readers: Mapping[str, readers.Reader], folder: Path
) -> list[str]:
    """The lines of the table in Markdown."""
    writers = {
        "Spark": spark_writer(spark),
        "CodeAnatomy": our_writer(program),
        "delta-rs": delta_rs_writer(),
    }
    makers: dict[str, Callable[[Feature, Path], None]] = {
        "Spark": lambda feature, path: make(spark, feature, path),
        "delta-rs": make_by_delta_rs,
        "CodeAnatomy": lambda feature, path: make_ours(program, feature, path),
    }
    columns = [
        ("Spark", "Spark"),
        ("Spark", "CodeAnatomy"),
        ("Spark", "delta-rs"),
        ("delta-rs", "CodeAnatomy"),
        ("CodeAnatomy", "CodeAnatomy"),
        ("CodeAnatomy", "Spark"),
    ]
    titles = (f"{maker} makes, {writer} changes" for maker, writer in columns)
    lines = [
        f"| feature | {' | '.join(titles)} |",
        f"| {' | '.join('---' for _ in range(len(columns) + 1))} |",
    ]
    for number, feature in enumerate(FEATURES):
        made: dict[str, Path] = {}
        for maker, make_table in makers.items():
            if maker != "Spark" and maker not in feature.others:
                continue
            made[maker] = folder / f"feature-{number}-by-{maker}"
            make_table(feature, made[maker])
        cells = []
        expected: Content | None = None
        for maker, writer in columns:
            if maker not in made:
                cells.append("")
                continue
            copy = folder / f"feature-{number}-by-{maker}-{writer}"
            shutil.copytree(made[maker], copy)
            try:
                change(writers[writer], feature, copy)
            except Exception:
                assert cells, f"{writer}: {feature.name}"
                cells.append("refused")
                continue
            expected = expected or comparable(feature, all_readers["Spark"](copy))
            cells.append(who_reads(feature, copy, all_readers, expected))
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
