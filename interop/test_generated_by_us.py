"""Tables that our commands make and change by chains of random steps, with Spark's statements among
them: every version has the rows that a model of the table says, for Spark and for others."""

from __future__ import annotations

import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import readers
from arrow_values import NESTED, SHORT_TEXTS, VALUES
from compared_tables import Ours, quoted
from generated_tables import Made
from generated_values import TEXTS, quote_name
from upkeep import commits

# Names that mean something to readers or to SQL, and some that have to be quoted.
NAMES = [
    *("file_index", "file_row_number", "filename", "_row_id", "_commit_version", "rowid", "row"),
    # Not _metadata: Spark cannot read a table with such a column and deletion vectors.
    *("order", "select", "values", "t", "i", "count", "é", "日本", "X", "Y_", "add"),
]
# Those that Spark has for mapped columns alone.
ODD_NAMES = ["a b", "last, first", "semi;", "q'uote", 'q"uote', "a.b", "b`c", "=", "{x}", "(y)"]
# Bytes are escaped there by the protocol, which Spark does not undo.
PARTITION_KINDS = [kind for kind in VALUES if kind != "dictionary" and "binary" not in kind]
PROPERTIES: dict[str, list[str]] = {
    "delta.enableDeletionVectors": ["true", "true", "false"],
    "delta.enableChangeDataFeed": ["true"],
    "delta.enableRowTracking": ["true"],
    "delta.enableInCommitTimestamps": ["true"],
    "delta.checkpointInterval": ["1", "2", "5"],
    "delta.checkpointPolicy": ["v2", "classic"],
    "delta.checkpoint.writeStatsAsStruct": ["true", "false"],
    "delta.checkpoint.writeStatsAsJson": ["true", "false"],
    "delta.dataSkippingNumIndexedCols": ["0", "1", "3", "-1"],
    "delta.targetFileSize": ["1kb", "10kb"],
    "delta.isolationLevel": ["Serializable", "WriteSerializable"],
    "delta.parquet.compression.codec": ["snappy", "zstd", "gzip", "uncompressed"],
    "delta.vacuum.logging.enabled": ["true"],
}


# Seeds of tables without what other readers than Spark do not read as it does: such as a partition
# whose text is __HIVE_DEFAULT_PARTITION__ (Polars), bytes as partition values (Polars), or times in
# the years 1 and 9999 (delta-rs).
READ_BY_ALL = (0, 8, 9, 13)


@dataclass
class Model:
    """The table's rows, one for each id, and its columns with their kinds."""

    columns: dict[str, str] = field(default_factory=dict)
    partitions: list[str] = field(default_factory=list)
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)

    def arrow(self) -> pa.Table:
        arrays = {"id": pa.array(self.rows, pa.int64())}
        for name, kind in self.columns.items():
            arrow = type_of(kind)
            arrays[name] = pa.array([row.get(name) for row in self.rows.values()], arrow)
        return pa.table(arrays)

    def matching(self, rows: pa.Table, condition: str) -> set[int]:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.register("rows", rows)
            found = connection.execute(f"SELECT id FROM rows WHERE {condition}").fetchall()
        return {row[0] for row in found}

    def partition_of(self, row: dict[str, Any]) -> tuple[Any, ...]:
        # An empty text is NULL as a partition value.
        return tuple(repr(row.get(name) or None) for name in self.partitions)


def in_words(row: tuple[Any, ...]) -> str:
    """Its zeros are one: DuckDB's own Parquet writer, which hands us our rows, takes them so."""
    return re.sub(r"-0\.0(?![\d e])", "0.0", repr(row))


def type_of(kind: str) -> pa.DataType:
    arrow = (VALUES.get(kind) or NESTED[kind])[0]
    return arrow.value_type if pa.types.is_dictionary(arrow) else arrow


class Maker:
    def __init__(self, codeanatomy: Path, spark: Any, path: Path, seed: int) -> None:
        self.codeanatomy, self.spark, self.path = codeanatomy, spark, path
        self.rnd = random.Random(seed)
        self.model = Model()
        self.versions: dict[int, Model] = {}
        self.properties: dict[str, str] = {}
        self.done: list[str] = []
        self.next_id = 0
        # The first version whose changes are recorded, and row ids by version.
        self.feed_from: int | None = None
        self.constraints = 0

    # What a step does, and what is left of it.

    def run(self, *arguments: object) -> str:
        command, *rest = map(str, arguments)
        self.done.append(" ".join([command, *map(repr, rest)]))
        done = subprocess.run(
            [self.codeanatomy, "delta", command, self.path, *rest],
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{done.stderr}\nafter:\n" + "\n".join(self.done)
        return done.stdout

    def sql(self, statement: str) -> None:
        self.done.append(statement)
        self.spark.sql(statement)

    def remember(self) -> None:
        for version in commits(self.path):
            self.versions.setdefault(
                version,
                Model(dict(self.model.columns), self.model.partitions, dict(self.model.rows)),
            )

    @property
    def table(self) -> str:
        return f"delta.`{self.path}`"

    @property
    def is_mapped(self) -> bool:
        return "delta.columnMapping.mode" in self.properties

    # Rows.

    def value(self, name: str, kind: str) -> Any:
        if self.rnd.random() < 0.2:
            return None
        values = (VALUES.get(kind) or NESTED[kind])[1]
        if name in self.model.partitions and values is TEXTS:
            values = SHORT_TEXTS  # they are part of the file's name
        return self.rnd.choice(values)

    def new_rows(self, count: int, columns: dict[str, str]) -> dict[int, dict[str, Any]]:
        rows = {}
        for _ in range(count):
            rows[self.next_id] = {name: self.value(name, kind) for name, kind in columns.items()}
            self.next_id += 1
        return rows

    def source(self, rows: dict[int, dict[str, Any]], columns: dict[str, str]) -> Path:
        file = self.path.with_name("rows.parquet")
        order = ["id", *columns]
        self.rnd.shuffle(order)
        arrow = Model(columns, [], rows).arrow().select(order)
        pq.write_table(arrow, file, row_group_size=self.rnd.choice([2, 1000]))
        return file

    def some_columns(self) -> dict[str, str]:
        if self.rnd.random() < 0.8:
            return self.model.columns
        return {name: kind for name, kind in self.model.columns.items() if self.rnd.random() < 0.6}

    def write(
        self, rows: dict[int, dict[str, Any]], columns: dict[str, str], *more: object
    ) -> None:
        self.run("write", "--from", self.source(rows, columns), *more)
        full = {
            key: {name: row.get(name) for name in self.model.columns} for key, row in rows.items()
        }
        for row in full.values():
            for name in self.model.partitions:
                if row[name] == "" or row[name] == b"":
                    row[name] = None
        self.model.rows.update(full)

    def condition(self) -> str:
        choices = [
            f"id % {self.rnd.randint(2, 5)} = {self.rnd.randrange(2)}",
            f"id < {self.rnd.randint(0, self.next_id + 1)}",
            f"NOT (id BETWEEN 3 AND {self.rnd.randint(3, self.next_id + 3)})",
        ]
        for name, kind in self.model.columns.items():
            column = quoted(name)
            choices += [f"{column} IS NULL", f"{column} IS NOT NULL", f"{column} = {column}"]
            if kind in ("string", "large string"):
                choices += [f"{column} > 'a'", f"NOT ({column} LIKE 'a%')", f"{column} <> ''"]
            if kind in ("integer", "long", "double", "float", "short"):
                choices += [f"{column} > 0", f"{column} = 0.0", f"{column} NOT IN (1, NULL)"]
                choices += [f"{column} IN (0, -1)", f"coalesce({column}, 1) <= 1"]
            if kind == "boolean":
                choices += [column, f"NOT {column}", f"{column} IS NOT TRUE"]
        one = self.rnd.choice(choices)
        if self.rnd.random() < 0.3:
            one = f"{one} {self.rnd.choice(['AND', 'OR'])} {self.rnd.choice(choices)}"
        return one

    # How the table comes to be.

    def make(self) -> None:
        for name in self.rnd.sample(sorted(PROPERTIES), self.rnd.randint(0, 5)):
            self.properties[name] = self.rnd.choice(PROPERTIES[name])
        if self.rnd.random() < 0.4:
            self.properties["delta.columnMapping.mode"] = self.rnd.choice(["name", "id"])
        names = NAMES + (ODD_NAMES if self.is_mapped else [])
        if {"delta.enableRowTracking", "delta.enableChangeDataFeed"} & {*self.properties}:
            names = [name for name in names if name not in ("_row_id", "_commit_version")]
        for name in self.rnd.sample(names, self.rnd.randint(1, 6)):
            self.model.columns[name] = self.rnd.choice([*VALUES, *NESTED])
        if self.rnd.random() < 0.5:
            plain = [n for n, kind in self.model.columns.items() if kind in PARTITION_KINDS]
            self.model.partitions = plain[: self.rnd.randint(0, 2)]
        properties = [
            part for k, v in self.properties.items() for part in ("--property", f"{k}={v}")
        ]
        for name in self.model.partitions:
            properties += ["--partition-by", self.in_list(name)]
        rows = self.new_rows(self.rnd.choice([1, 5, 20]), self.model.columns)
        self.write(rows, self.model.columns, *properties)
        self.remember()
        self.note_feed()
        for _ in range(self.rnd.randint(4, 12)):
            self.rnd.choice(self.steps())()
            self.remember()
            self.note_feed()

    def in_list(self, name: str) -> str:
        return f'"{name.replace(chr(34), chr(34) * 2)}"' if "," in name or '"' in name else name

    def note_feed(self) -> None:
        if self.feed_from is None and self.properties.get("delta.enableChangeDataFeed") == "true":
            self.feed_from = commits(self.path)[-1]

    def steps(self) -> list[Callable[[], None]]:
        steps = [self.append] * 5 + [self.delete] * 6 + [self.replace_where] * 4
        steps += [self.overwrite, self.evolve, self.evolve, self.set_property, self.set_property]
        steps += [self.optimize] * 2 + [self.zorder] * 2 + [self.checkpoint, self.vacuum]
        steps += [self.constrain, self.append_once, self.spark_deletes, self.spark_inserts]
        steps += [self.spark_optimizes]
        if self.model.partitions:
            steps += [self.overwrite_partitions] * 4
        return steps

    # What may happen to it.

    def append(self) -> None:
        columns = self.some_columns()
        self.write(self.new_rows(self.rnd.choice([1, 3, 30]), columns), columns)

    def append_once(self) -> None:
        columns = self.model.columns
        number = self.rnd.randrange(1000)
        rows = self.new_rows(3, columns)
        before = commits(self.path)
        self.write(rows, columns, "--txn", f"app {self.next_id}:{number}")
        assert len(commits(self.path)) > len(before)
        self.remember()
        again = self.run(
            "write", "--from", self.source(rows, columns), "--txn", f"app {self.next_id}:{number}"
        )
        assert "nothing was written" in again

    def overwrite(self) -> None:
        self.model.rows.clear()
        columns = self.some_columns()
        self.write(
            self.new_rows(self.rnd.choice([0, 2, 9]), columns), columns, "--mode", "overwrite"
        )

    def overwrite_partitions(self) -> None:
        columns = self.model.columns
        rows = self.new_rows(self.rnd.choice([1, 3]), columns)
        gone = {self.model.partition_of(row) for row in rows.values()}
        for key in [k for k, r in self.model.rows.items() if self.model.partition_of(r) in gone]:
            del self.model.rows[key]
        self.write(rows, columns, "--mode", "overwrite", "--partition-overwrite", "dynamic")

    def replace_where(self) -> None:
        columns = self.model.columns
        condition = self.condition()
        rows = self.new_rows(self.rnd.choice([2, 10]), columns)
        for row in rows.values():
            for name in self.model.partitions:
                row[name] = row[name] or None if row[name] in ("", b"") else row[name]
        allowed = self.model.matching(Model(columns, [], rows).arrow(), condition)
        rows = {key: row for key, row in rows.items() if key in allowed}
        for key in self.model.matching(self.model.arrow(), condition):
            del self.model.rows[key]
        self.write(rows, columns, "--replace-where", condition)

    def delete(self) -> None:
        condition = self.condition()
        gone = self.model.matching(self.model.arrow(), condition)
        said = self.run("delete", "--where", condition)
        plural = "" if len(gone) == 1 else "s"
        told = f": {len(gone):,} row{plural} deleted" if gone else "no row matches"
        assert told in said, said
        for key in gone:
            del self.model.rows[key]

    def evolve(self) -> None:
        name = f"{self.rnd.choice(NAMES)}{self.next_id}"
        columns = {**self.some_columns(), name: self.rnd.choice([*VALUES, *NESTED])}
        self.model.columns[name] = columns[name]
        self.write(self.new_rows(4, columns), columns, "--merge-schema")

    def set_property(self) -> None:
        known = [*PROPERTIES]
        if not self.is_mapped and self.rnd.random() < 0.2:
            name, value = "delta.columnMapping.mode", "name"
        else:
            name = self.rnd.choice(known)
            value = self.rnd.choice(PROPERTIES[name])
        # Spark has columns of such names then.
        adds_names = name in ("delta.enableRowTracking", "delta.enableChangeDataFeed")
        if adds_names and {"_row_id", "_commit_version"} & {*self.model.columns}:
            return
        columns = self.model.columns
        self.write(self.new_rows(2, columns), columns, "--property", f"{name}={value}")
        self.properties[name] = value

    def optimize(self) -> None:
        self.run("optimize", *self.rnd.choice([[], ["--target-size", "2kB"]]))

    def zorder(self) -> None:
        names = ["id"] + [
            name
            for name, kind in self.model.columns.items()
            if kind in VALUES and name not in self.model.partitions
        ]
        chosen = self.rnd.sample(names, min(len(names), self.rnd.randint(1, 3)))
        more = [part for name in chosen for part in ("--zorder", self.in_list(name))]
        self.run("optimize", *more)

    def checkpoint(self) -> None:
        self.run("checkpoint")

    def vacuum(self) -> None:
        self.run("vacuum", *self.rnd.choice([[], ["--lite"]]))

    def constrain(self) -> None:
        self.constraints += 1
        self.run("constraint", "add", f"positive_{self.constraints}", "id >= 0")

    def spark_deletes(self) -> None:
        self.sql(f"DELETE FROM {self.table} WHERE id % 7 = 1")
        for key in [key for key in self.model.rows if key % 7 == 1]:
            del self.model.rows[key]

    def spark_inserts(self) -> None:
        columns = self.model.columns
        names = ", ".join(quote_name(name) for name in ["id", *columns])
        nulls = ", ".join("NULL" for _ in columns)
        self.sql(f"INSERT INTO {self.table} ({names}) SELECT {self.next_id}L, {nulls}")
        self.model.rows[self.next_id] = dict.fromkeys(columns)
        self.next_id += 1

    def spark_optimizes(self) -> None:
        self.sql(f"OPTIMIZE {self.table}")

    # What others find.

    def expected(self, version: int) -> readers.Table:
        return readers.from_arrow(self.versions[version].arrow())

    def spark_rows(self, **options: Any) -> readers.Table:
        rows = self.spark.read.format("delta").options(**options).load(str(self.path))
        return readers.from_arrow(rows.toArrow())

    def faults(self, found: readers.Table, expected: readers.Table) -> str:
        """What differs, whatever the order of the columns."""
        if sorted(found.columns) != sorted(expected.columns):
            return f"columns {found.columns}, in the model {expected.columns}"
        order = [found.names.index(name) for name in expected.names]
        rows = sorted((tuple(row[i] for i in order) for row in found.rows), key=repr)
        mine, theirs = Counter(map(in_words, expected.rows)), Counter(map(in_words, rows))
        if mine == theirs:
            return ""
        return f"missing {[*(mine - theirs)][:3]}, too many {[*(theirs - mine)][:3]}"

    def changes(self, version: int) -> Counter[str]:
        """What the feed says came (positive) and went (negative) with the version."""
        rows = self.spark_rows(
            readChangeFeed="true", startingVersion=version, endingVersion=version
        )
        names = ["id", *self.versions[version].columns]
        order = [rows.names.index(name) for name in names]
        kind = rows.names.index("_change_type")
        net: Counter[str] = Counter()
        for row in rows.rows:
            sign = 1 if row[kind] in ("insert", "update_postimage") else -1
            net[repr(tuple(row[i] for i in order))] += sign
        return Counter({row: count for row, count in net.items() if count})

    def expected_changes(self, version: int) -> Counter[str]:
        columns = self.versions[version].columns
        net: Counter[str] = Counter(map(repr, self.expected(version).rows))
        before = Model(dict(columns), [], self.versions[version - 1].rows)
        net.subtract(map(repr, readers.from_arrow(before.arrow()).rows))
        return Counter({row: count for row, count in net.items() if count})

    def check(self, others: dict[str, readers.Reader], scratch: Path) -> list[str]:
        found = []
        latest = commits(self.path)[-1]
        for version in self.versions:
            fault = self.faults(self.spark_rows(versionAsOf=version), self.expected(version))
            found += [f"Spark, version {version}: {fault}"] if fault else []
        expected = self.expected(latest)
        for name, read in others.items():
            fault = self.faults(read(self.path), expected)
            found += [f"{name}: {fault}"] if fault else []
        ours = Ours(self.codeanatomy, Made(self.path, 0), scratch).scan()
        fault = ours.error or self.faults(readers.from_arrow(ours.rows), expected)
        found += [f"ours: {fault}"] if fault else []
        if self.feed_from is not None:
            for version in range(self.feed_from + 1, latest + 1):
                mine, theirs = self.expected_changes(version), self.changes(version)
                if mine != theirs:
                    found.append(f"changes of {version}: {theirs}, in the model {mine}")
        assert "no faults" in self.run("verify")
        return found


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(i, marks=pytest.mark.long) for i in range(1, 15))]
)
def test_tables_that_we_make_at_random_have_the_rows_of_a_model(
    spark: Any,
    tmp_path: Path,
    codeanatomy: Path,
    all_readers: dict[str, readers.Reader],
    seed: int,
) -> None:
    maker = Maker(codeanatomy, spark, tmp_path / f"table-{seed}", seed)
    maker.make()
    others = {name: read for name, read in all_readers.items() if name != "Spark"}
    if seed not in READ_BY_ALL:
        others.clear()
    elif maker.is_mapped or maker.properties.get("delta.checkpointPolicy") == "v2":
        others.pop("Polars")
    found = maker.check(others, tmp_path)
    assert not found, "\n".join([*found, "after:", *maker.done])
