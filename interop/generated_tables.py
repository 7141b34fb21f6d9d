"""Tables that Spark makes by random features of Delta.

A seed tells everything: columns of random types, some of them partition columns, values at the
borders of their types, table properties, and a chain of statements that change rows, columns,
properties and the log. A statement that Spark refuses is left out: Spark says what is legal.
"""

from __future__ import annotations

import contextlib
import random
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import generated_logs
from generated_values import WIDER, Type, quote, quote_name, random_part, random_scalar, random_type


@dataclass
class Column:
    name: str
    type: Type
    is_partition: bool = False
    is_generated: bool = False
    # What is computed from it forbids to change it.
    is_needed: bool = False


# Settings of Spark's that change how the same rows are written.
WAYS_TO_WRITE: dict[str, list[str]] = {
    "spark.sql.parquet.outputTimestampType": ["INT96", "TIMESTAMP_MILLIS", "TIMESTAMP_MICROS"],
    "spark.sql.parquet.writeLegacyFormat": ["true", "false"],
    "spark.sql.parquet.compression.codec": ["snappy", "zstd", "gzip", "none", "lz4_raw"],
    "spark.databricks.delta.checkpoint.partSize": ["2", "1000"],
    "spark.databricks.delta.v2.checkpoint.topLevelFileFormat": ["json", "parquet"],
    "spark.databricks.delta.stats.collect": ["true", "true", "false"],
    "spark.databricks.delta.write.utcTimestampPartitionValues": ["true", "false"],
    "spark.databricks.delta.delete.deletionVectors.persistent": ["true", "false"],
    "spark.databricks.delta.update.deletionVectors.persistent": ["true", "false"],
    "spark.databricks.delta.merge.deletionVectors.persistent": ["true", "false"],
    "spark.databricks.delta.writeChecksumFile.enabled": ["true", "false"],
    "spark.databricks.delta.checkpointV2.fileAction.writeStats": ["true", "false"],
    "parquet.writer.version": ["PARQUET_1_0", "PARQUET_2_0"],
    "parquet.enable.dictionary": ["true", "false"],
    "parquet.bloom.filter.enabled": ["true"],
    # Row groups and pages of a few rows.
    "parquet.block.size": ["1024", "16384"],
    "parquet.block.size.row.check.min": ["1", "10"],
    "parquet.page.row.count.limit": ["3", "50"],
    "spark.sql.sources.partitionOverwriteMode": ["static", "dynamic"],
}

# What may stand in a name; Parquet's names, which mapped columns do not share, allow less.
ODD_NAMES = ["é", ".dot", "-m", "%20", "#?", "/s", ":", "'\"", "[0]", "*&+", "日本", "`", "\\"]
NAMES_OF_MAPPED_COLUMNS = [" é", "=%", " q", ",c;", "(p)", "{}", "\ttab"]

PROPERTIES: dict[str, list[str]] = {
    "delta.enableChangeDataFeed": ["true"],
    "delta.enableDeletionVectors": ["true", "true", "false"],
    "delta.enableInCommitTimestamps": ["true"],
    "delta.enableRowTracking": ["true"],
    "delta.enableTypeWidening": ["true"],
    "delta.checkpointInterval": ["1", "2", "3", "5"],
    "delta.checkpointPolicy": ["v2", "classic"],
    "delta.checkpoint.writeStatsAsStruct": ["true", "false"],
    "delta.checkpoint.writeStatsAsJson": ["true", "false"],
    "delta.dataSkippingNumIndexedCols": ["0", "1", "3", "-1"],
    "delta.columnMapping.mode": ["name", "name", "id"],
    "delta.randomizeFilePrefixes": ["true"],
    "delta.enableIcebergCompatV2": ["true"],
    "delta.feature.timestampNtz": ["supported"],
    "delta.feature.allowColumnDefaults": ["supported"],
}


@dataclass
class Made:
    """A table that a seed has made, with the statements that made it."""

    path: Path
    seed: int
    columns: list[Column] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    source: Path | None = None


class Maker:
    """Makes one table."""

    def __init__(self, spark: Any, path: Path, seed: int) -> None:
        self.spark = spark
        self.rnd = random.Random(seed)
        self.made = Made(path, seed)
        self.next_id = 0
        self.next_name = 0
        self.properties: dict[str, str] = {}

    @property
    def table(self) -> str:
        return f"delta.`{self.made.path}`"

    def run(self, statement: str, act: Callable[[], Any] | None = None) -> bool:
        """Whether Spark did it."""
        try:
            if act:
                act()
            else:
                self.spark.sql(statement)
        except Exception as error:
            self.made.refused.append(f"{statement} -- {first_line(error)}")
            return False
        self.made.done.append(statement)
        return True

    def new_name(self) -> str:
        self.next_name += 1
        odd = ODD_NAMES + (NAMES_OF_MAPPED_COLUMNS if self.is_mapped else [])
        chosen = self.rnd.choice(odd) if self.rnd.random() < 0.4 else ""
        return self.rnd.choice(["c", "C", "col_"]) + str(self.next_name) + chosen

    @property
    def is_mapped(self) -> bool:
        return self.properties.get("delta.columnMapping.mode", "none") != "none"

    def make(self) -> Made:
        with self.settings():
            {0: self.convert, 1: self.clone}.get(self.rnd.randrange(8), self.create)()
        for _ in range(self.rnd.randint(3, 12)):
            with self.settings():
                self.rnd.choice(self.changes())()
        self.made.done += generated_logs.spoil(self.made.path, self.rnd)
        return self.made

    @contextlib.contextmanager
    def settings(self) -> Iterator[None]:
        chosen = self.rnd.sample(sorted(WAYS_TO_WRITE), self.rnd.randint(0, 4))
        if self.rnd.random() < 0.1:
            chosen.append("spark.sql.session.timeZone")
        for name in chosen:
            values = WAYS_TO_WRITE.get(name, ["America/Los_Angeles", "Asia/Tokyo"])
            value = self.rnd.choice(values)
            self.made.done.append(f"SET {name} = {value}")
            self.spark.conf.set(name, value)
        try:
            yield
        finally:
            for name in chosen:
                self.spark.conf.unset(name)
            self.spark.conf.set("spark.sql.session.timeZone", "UTC")

    # How a table comes to be.

    def choose_columns(self) -> None:
        names = [Column("id", Type(self.rnd.choice(["INT", "LONG"])))]
        names += [
            Column(self.new_name(), random_type(self.rnd)) for _ in range(self.rnd.randint(1, 5))
        ]
        partitions = self.rnd.choice([0, 0, 1, 1, 2, 3])
        names += [
            Column(self.new_name(), random_scalar(self.rnd), is_partition=True)
            for _ in range(partitions)
        ]
        self.rnd.shuffle(names)
        self.made.columns = names

    def choose_properties(self) -> None:
        for name in self.rnd.sample(sorted(PROPERTIES), self.rnd.randint(0, 6)):
            self.properties[name] = self.rnd.choice(PROPERTIES[name])
        for name in ("delta.enableChangeDataFeed", "delta.enableDeletionVectors"):
            if self.rnd.random() < 0.6:
                self.properties[name] = "true"
        if self.rnd.random() < 0.3:
            self.properties["delta.columnMapping.mode"] = self.rnd.choice(["name", "id"])
        if self.rnd.random() < 0.3:
            self.properties["delta.enableTypeWidening"] = "true"

    def create(self) -> None:
        self.choose_properties()
        self.choose_columns()
        columns = self.made.columns
        described = [f"{quote_name(c.name)} {c.type.sql}" for c in columns]
        whole = [c for c in columns if c.type.name in ("INT", "LONG", "SHORT", "DATE")]
        if whole and self.rnd.random() < 0.15 and not self.is_mapped:
            source = self.rnd.choice(whole)
            kind = "INT" if source.type.name == "DATE" else "LONG"
            how = f"YEAR({quote_name(source.name)})" if kind == "INT" else None
            how = how or f"CAST({quote_name(source.name)} % 3 AS LONG)"
            name = self.new_name()
            source.is_needed = True
            columns.append(
                Column(name, Type(kind), is_partition=self.rnd.random() < 0.5, is_generated=True)
            )
            described.append(f"{quote_name(name)} {kind} GENERATED ALWAYS AS ({how})")
        if self.rnd.random() < 0.1:
            name = self.new_name()
            columns.append(Column(name, Type("LONG"), is_generated=True))
            described.append(f"{quote_name(name)} LONG GENERATED ALWAYS AS IDENTITY")
        partitions = [quote_name(c.name) for c in columns if c.is_partition]
        more = f"PARTITIONED BY ({', '.join(partitions)})" if partitions else ""
        plain = [c for c in columns if not c.type.parts and c.type.name != "BINARY"]
        plain = [c for c in plain if c.type.name != "BOOLEAN"]
        if not partitions and plain and self.rnd.random() < 0.25:
            chosen = self.rnd.sample(plain, min(len(plain), self.rnd.randint(1, 3)))
            more = f"CLUSTER BY ({', '.join(quote_name(c.name) for c in chosen)})"
        pairs = ", ".join(f"'{k}' = '{v}'" for k, v in self.properties.items())
        tail = f" TBLPROPERTIES ({pairs})" if pairs else ""
        # By its path alone, Spark makes no table with generated columns.
        name = f"made_{self.made.seed}"
        place = f"LOCATION {quote(str(self.made.path))}"
        statement = f"CREATE TABLE {name} ({', '.join(described)}) USING delta {more} {place}"
        is_made = self.run(statement + tail)
        self.spark.sql(f"DROP TABLE IF EXISTS {name}")
        if not is_made:
            kept = ("delta.enableDeletionVectors", "delta.columnMapping.mode")
            self.properties = {k: v for k, v in self.properties.items() if k in kept}
            self.made.columns[:] = [c for c in columns if not c.is_generated]
            for c in self.made.columns:
                if c.type.name == "VOID":
                    c.type = Type("STRING")
            described = [f"{quote_name(c.name)} {c.type.sql}" for c in self.made.columns]
            partitions = [quote_name(c.name) for c in self.made.columns if c.is_partition]
            more = f"PARTITIONED BY ({', '.join(partitions)})" if partitions else ""
            pairs = ", ".join(f"'{k}' = '{v}'" for k, v in self.properties.items())
            tail = f" TBLPROPERTIES ({pairs})" if pairs else ""
            statement = f"CREATE TABLE {self.table} ({', '.join(described)}) USING delta {more}"
            self.run(statement + tail)
        self.insert()

    def convert(self) -> None:
        self.choose_columns()
        columns = self.made.columns
        # CONVERT puts partition columns last.
        columns.sort(key=lambda c: c.is_partition)
        for c in columns:
            if "CHAR" in c.type.name:
                c.type = Type("STRING")
        partitions = [c for c in columns if c.is_partition]
        rows = self.spark.sql(self.values(6))
        writer = rows.write.mode("append")
        if partitions:
            writer = writer.partitionBy(*(c.name for c in partitions))
        ok = self.run(
            f"write Parquet {self.values(6)}", lambda: writer.parquet(str(self.made.path))
        )
        listed = ", ".join(f"{quote_name(c.name)} {c.type.sql}" for c in partitions)
        statement = f"CONVERT TO DELTA parquet.`{self.made.path}`"
        if not (ok and self.run(statement + (f" PARTITIONED BY ({listed})" if listed else ""))):
            shutil.rmtree(self.made.path, ignore_errors=True)
            self.next_name = 0
            self.create()

    def clone(self) -> None:
        target = self.made.path
        self.made.source = self.made.path = target.with_name(target.name + " source 100%é")
        self.create()
        for _ in range(self.rnd.randint(0, 4)):
            self.rnd.choice(self.changes())()
        source = self.table
        self.made.path = target
        self.run(f"CREATE TABLE {self.table} SHALLOW CLONE {source}")

    # What may happen to it.

    def changes(self) -> list[Callable[[], None]]:
        some = (
            [self.insert] * 5
            + [self.insert_many] * 2
            + [self.delete] * 6
            + [self.update] * 4
            + [self.merge] * 4
        )
        some += [self.add_column] * 2 + [self.set_property] * 4 + [self.optimize, self.restore]
        some += [self.checkpoint] * 4 + [self.overwrite, self.replace_where, self.reorg]
        some += [
            self.add_field,
            self.evolve,
            self.dynamic_overwrite,
            self.constrain,
            self.same_rows,
        ]
        some += [self.cluster, self.drop_feature, self.replace, self.vacuum]
        if self.is_mapped:
            some += [self.rename, self.rename, self.drop, self.drop_and_add, self.drop_field]
        if self.properties.get("delta.enableTypeWidening") == "true":
            some += [self.widen] * 5
        return some

    def written(self) -> list[Column]:
        return [c for c in self.made.columns if not c.is_generated]

    def values(self, count: int, columns: list[Column] | None = None) -> str:
        columns = columns or self.written()
        rows = []
        for _ in range(count):
            values = []
            for c in columns:
                if c.name == "id":
                    self.next_id += 1
                    values.append(f"CAST({self.next_id} AS {c.type.sql})")
                else:
                    values.append(c.type.literal(self.rnd))
            rows.append(f"({', '.join(values)})")
        names = ", ".join(quote_name(c.name) for c in columns)
        return f"SELECT * FROM VALUES {', '.join(rows)} AS v({names})"

    def names(self, columns: list[Column]) -> str:
        return ", ".join(quote_name(c.name) for c in columns)

    def insert(self) -> None:
        columns = self.written()
        if self.rnd.random() < 0.2 and len(columns) > 2:
            columns = [c for c in columns if c.name == "id" or self.rnd.random() < 0.7]
        rows = self.values(self.rnd.choice([1, 3, 8, 20]), columns)
        if self.rnd.random() < 0.4:
            rows = rows.replace(
                "SELECT *", f"SELECT /*+ REPARTITION({self.rnd.randint(2, 4)}) */ *"
            )
        self.run(f"INSERT INTO {self.table} ({self.names(columns)}) {rows}")

    def insert_many(self) -> None:
        columns = self.written()
        before = self.next_id
        rows = self.values(8, columns)
        times = self.rnd.choice([30, 200])
        number = next(c.type.sql for c in columns if c.name == "id")
        chosen = ", ".join(
            f"CAST(v.id + 8 * r.id AS {number})" if c.name == "id" else f"v.{quote_name(c.name)}"
            for c in columns
        )
        self.next_id = before + 8 * times
        self.run(
            f"INSERT INTO {self.table} ({self.names(columns)}) "
            f"SELECT {chosen} FROM ({rows}) v CROSS JOIN range({times}) r"
        )

    def condition(self) -> str:
        c = self.rnd.choice(self.made.columns)
        choices = [f"id % {self.rnd.randint(2, 7)} = {self.rnd.randrange(2)}"]
        choices.append(f"id < {self.rnd.randint(0, self.next_id + 1)}")
        if not c.type.parts:
            choices.append(f"{quote_name(c.name)} = {c.type.literal(self.rnd, 0)}")
            choices.append(f"{quote_name(c.name)} IS NULL")
        return self.rnd.choice(choices)

    def delete(self) -> None:
        self.run(f"DELETE FROM {self.table} WHERE {self.condition()}")

    def update(self) -> None:
        columns = [c for c in self.written() if c.name != "id"]
        chosen = self.rnd.sample(columns, min(len(columns), self.rnd.randint(1, 2)))
        sets = ", ".join(f"{quote_name(c.name)} = {c.type.literal(self.rnd)}" for c in chosen)
        self.run(f"UPDATE {self.table} SET {sets} WHERE {self.condition()}")

    def merge(self, evolve: str = "", columns: list[Column] | None = None) -> None:
        columns = columns or self.written()
        before = self.next_id
        self.next_id = max(0, self.next_id - 5)
        rows = self.values(8, columns)
        self.next_id = max(before, self.next_id)
        clauses = [
            *("WHEN MATCHED AND s.id % 3 = 0 THEN DELETE", "WHEN MATCHED THEN UPDATE SET *"),
            *("WHEN NOT MATCHED THEN INSERT *",),
            *("WHEN NOT MATCHED BY SOURCE AND t.id % 5 = 1 THEN DELETE",),
        ]
        chosen = [clause for clause in clauses if self.rnd.random() < 0.8] or clauses
        self.run(
            f"MERGE {evolve} INTO {self.table} t USING ({rows}) s ON t.id = s.id {' '.join(chosen)}"
        )

    def evolve(self) -> None:
        added = Column(self.new_name(), random_type(self.rnd))
        if self.rnd.random() < 0.5:
            before = len(self.made.done)
            self.merge("WITH SCHEMA EVOLUTION", [*self.written(), added])
            # Only what inserts or updates all adds columns.
            if len(self.made.done) > before:
                self.learn()
            return
        rows = self.values(4, [*self.written(), added])
        write = lambda: (  # noqa: E731
            self.spark.sql(rows)
            .write.format("delta")
            .mode("append")
            .option("mergeSchema", "true")
            .save(str(self.made.path))
        )
        if self.run(f"append with mergeSchema {rows}", write):
            self.made.columns.append(added)

    def learn(self) -> None:
        """Takes the columns that the table has beyond those known."""
        there = self.spark.read.format("delta").load(str(self.made.path)).schema.names
        self.made.columns = [c for c in self.made.columns if c.name in there]

    def add_column(self) -> None:
        added = Column(self.new_name(), random_type(self.rnd))
        place = ""
        if self.rnd.random() < 0.4:
            after = self.rnd.choice(self.made.columns).name
            place = self.rnd.choice(["FIRST", f"AFTER {quote_name(after)}"])
        if self.run(
            f"ALTER TABLE {self.table} ADD COLUMN {quote_name(added.name)} {added.type.sql} {place}"
        ):
            self.made.columns.append(added)
            if "delta.feature.allowColumnDefaults" in self.properties and not added.type.parts:
                self.run(
                    f"ALTER TABLE {self.table} ALTER COLUMN {quote_name(added.name)} "
                    f"SET DEFAULT {added.type.literal(self.rnd)}"
                )

    def structs(self) -> list[tuple[str, Column, Callable[[Type], None], Type]]:
        """Structs: how a statement calls them, their column, what sets their type."""
        found = []
        for c in self.made.columns:
            kind, path = c.type, quote_name(c.name)

            def set_whole(new: Type, column: Column = c) -> None:
                column.type = new

            def set_part(new: Type, column: Column = c) -> None:
                column.type = Type(
                    column.type.name, (*column.type.parts[:-1], (column.type.parts[-1][0], new))
                )

            if kind.name == "STRUCT":
                found.append((path, c, set_whole, kind))
            elif kind.parts and kind.parts[-1][1].name == "STRUCT":
                found.append((f"{path}.{kind.parts[-1][0]}", c, set_part, kind.parts[-1][1]))
        return found

    def add_field(self) -> None:
        structs = self.structs()
        if not structs:
            return self.add_column()
        path, _, replace, kind = self.rnd.choice(structs)
        name, added = f"f{self.next_id}_{self.rnd.randrange(1000)}", random_part(self.rnd, 1)
        place = self.rnd.choice(["", "", "FIRST"])
        if self.run(f"ALTER TABLE {self.table} ADD COLUMN {path}.{name} {added.sql} {place}"):
            new = [(name, added)]
            parts = new + list(kind.parts) if place else list(kind.parts) + new
            replace(Type("STRUCT", tuple(parts)))
        return None

    def drop_field(self) -> None:
        structs = [found for found in self.structs() if len(found[3].parts) > 1]
        if not structs:
            return self.rename()
        path, _, replace, kind = self.rnd.choice(structs)
        name, _ = gone = self.rnd.choice(kind.parts)
        if self.rnd.random() < 0.5:
            if self.run(f"ALTER TABLE {self.table} DROP COLUMN {path}.{quote_name(name)}"):
                replace(Type("STRUCT", tuple(part for part in kind.parts if part != gone)))
        elif self.run(
            f"ALTER TABLE {self.table} RENAME COLUMN {path}.{quote_name(name)} TO {name}r"
        ):
            replace(Type("STRUCT", tuple((f"{n}r" if n == name else n, t) for n, t in kind.parts)))
        return None

    def changeable(self) -> list[Column]:
        return [
            c
            for c in self.made.columns
            if c.name != "id" and not c.is_needed and not c.is_generated
        ]

    def rename(self) -> None:
        columns = self.changeable()
        if not columns:
            return
        c = self.rnd.choice(columns)
        name = self.new_name()
        if self.run(
            f"ALTER TABLE {self.table} RENAME COLUMN {quote_name(c.name)} TO {quote_name(name)}"
        ):
            c.name = name

    def drop(self) -> Column | None:
        columns = [c for c in self.changeable() if not c.is_partition]
        if len(columns) < 2:
            return None
        c = self.rnd.choice(columns)
        if self.run(f"ALTER TABLE {self.table} DROP COLUMN {quote_name(c.name)}"):
            self.made.columns.remove(c)
            return c
        return None

    def drop_and_add(self) -> None:
        gone = self.drop()
        if gone is None:
            return
        again = Column(gone.name, random_type(self.rnd))
        if self.run(
            f"ALTER TABLE {self.table} ADD COLUMN {quote_name(again.name)} {again.type.sql}"
        ):
            self.made.columns.append(again)

    def widen(self) -> None:
        c = self.rnd.choice(self.changeable() or self.made.columns)
        way, kind = self.rnd.choice(c.type.leaves())
        wider = WIDER.get(kind.name, [])
        if kind.name.startswith("DECIMAL"):
            precision, scale = map(int, re.findall(r"\d+", kind.name))
            more, places = self.rnd.choice([(1, 0), (3, 3), (10, 4), (12, 12)])
            if precision + more <= 38:
                wider = [f"DECIMAL({precision + more},{scale + places})"]
        if not wider:
            return
        to = self.rnd.choice(wider)
        path = ".".join(map(quote_name, (c.name, *way)))
        if self.run(f"ALTER TABLE {self.table} ALTER COLUMN {path} TYPE {to}"):
            c.type = c.type.with_leaf(way, Type(to))

    def set_property(self) -> None:
        name = self.rnd.choice(sorted(PROPERTIES))
        value = self.rnd.choice([*PROPERTIES[name], *(["false"] if "enable" in name else [])])
        if self.run(f"ALTER TABLE {self.table} SET TBLPROPERTIES ('{name}' = '{value}')"):
            self.properties[name] = value

    def drop_feature(self) -> None:
        name = self.rnd.choice(
            ["deletionVectors", "typeWidening", "v2Checkpoint", "rowTracking", "inCommitTimestamp"]
        )
        self.run(f"ALTER TABLE {self.table} DROP FEATURE {name}")

    def optimize(self) -> None:
        plain = [c for c in self.made.columns if not c.type.parts and not c.is_partition]
        order = f" ZORDER BY ({quote_name(self.rnd.choice(plain).name)})" if plain else ""
        self.run(f"OPTIMIZE {self.table}{self.rnd.choice(['', order])}")

    def reorg(self) -> None:
        self.run(f"REORG TABLE {self.table} APPLY (PURGE)")

    def cluster(self) -> None:
        plain = [c for c in self.made.columns if not c.type.parts and c.type.name != "BINARY"]
        chosen = self.rnd.sample(plain, min(len(plain), self.rnd.randint(0, 2)))
        by = f"({self.names(chosen)})" if chosen else "NONE"
        self.run(f"ALTER TABLE {self.table} CLUSTER BY {by}")

    def restore(self) -> None:
        version = self.rnd.choice(generated_logs.commits(self.made.path))
        self.run(f"RESTORE TABLE {self.table} TO VERSION AS OF {version}")
        self.refresh()

    def refresh(self) -> None:
        """Forgets columns that the table no longer has."""
        schema = self.spark.read.format("delta").load(str(self.made.path)).schema
        types = {f.name: f.dataType.simpleString() for f in schema}
        self.made.columns = [
            c
            for c in self.made.columns
            if c.name in types and (c.name == "id" or same_shape(c.type, types[c.name]))
        ]
        if not any(c.name == "id" for c in self.made.columns):
            self.made.columns.append(Column("id", Type("LONG")))

    def checkpoint(self) -> None:
        nothing = self.spark._jvm.scala.Option.empty()

        def write() -> None:
            log = self.spark._jvm.org.apache.spark.sql.delta.DeltaLog.forTable(
                self.spark._jsparkSession, str(self.made.path)
            )
            log.checkpoint(log.update(False, nothing, nothing), nothing)

        self.run("checkpoint", write)

    def overwrite(self) -> None:
        old = self.made.columns
        if self.rnd.random() < 0.5:
            return self.insert_overwrite()
        self.choose_columns()
        if self.is_mapped or any("CHAR" in c.type.name for c in self.made.columns):
            for c in self.made.columns:
                c.type = Type("STRING") if "CHAR" in c.type.name else c.type
        rows = self.values(7)
        partitions = [c.name for c in self.made.columns if c.is_partition]

        def write() -> None:
            writer = self.spark.sql(rows).write.format("delta").mode("overwrite")
            writer = writer.option("overwriteSchema", "true")
            writer = writer.option("partitionOverwriteMode", "static")
            (writer.partitionBy(*partitions) if partitions else writer).save(str(self.made.path))

        if not self.run(f"overwrite with another schema {rows} by {partitions}", write):
            self.made.columns = old
        return None

    def insert_overwrite(self) -> None:
        columns = self.written()
        self.run(f"INSERT OVERWRITE {self.table} ({self.names(columns)}) {self.values(5, columns)}")

    def dynamic_overwrite(self) -> None:
        self.spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
        try:
            self.insert_overwrite()
        finally:
            self.spark.conf.unset("spark.sql.sources.partitionOverwriteMode")

    def replace_where(self) -> None:
        columns = self.written()
        self.run(
            f"INSERT INTO {self.table} REPLACE WHERE id >= {self.next_id - 3} "
            f"{self.values(5, columns)}"
        )

    def replace(self) -> None:
        """Another table in this one's place and history."""
        old = self.made.columns
        self.choose_columns()
        columns = self.made.columns
        for c in columns:
            c.type = Type("STRING") if "CHAR" in c.type.name else c.type
        partitions = [quote_name(c.name) for c in columns if c.is_partition]
        more = f"PARTITIONED BY ({', '.join(partitions)})" if partitions else ""
        statement = f"CREATE OR REPLACE TABLE {self.table} USING delta {more}"
        if not self.run(f"{statement} AS {self.values(6)}"):
            self.made.columns = old
        told = self.spark.sql(f"SHOW TBLPROPERTIES {self.table}").collect()
        self.properties = {row.key: row.value for row in told if row.key in PROPERTIES}

    def vacuum(self) -> None:
        """Versions before may have lost files; where Spark cannot read them, nobody has to."""
        check = "spark.databricks.delta.retentionDurationCheck.enabled"
        self.spark.conf.set(check, "false")
        try:
            self.run(f"VACUUM {self.table} {self.rnd.choice(['', 'LITE'])} RETAIN 0 HOURS")
        finally:
            self.spark.conf.unset(check)

    def same_rows(self) -> None:
        self.run(
            f"INSERT INTO {self.table} ({self.names(self.written())}) "
            f"SELECT {self.names(self.written())} FROM {self.table}"
        )

    def constrain(self) -> None:
        self.run(f"ALTER TABLE {self.table} ADD CONSTRAINT k{self.next_id} CHECK (id >= 0)")


def same_shape(kind: Type, simple: str) -> bool:
    """Whether Spark calls the type so."""
    return kind.sql.lower().replace(" ", "").replace("`", "").replace("byte", "tinyint").replace(
        "short", "smallint"
    ).replace("long", "bigint") == simple.lower().replace(" ", "").replace("`", "")


def first_line(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line]
    return next((line for line in lines if not line.startswith("An error occurred")), "")[:300]
