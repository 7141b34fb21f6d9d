"""Tables of random types, partitions and changes that delta-rs makes, read by us as by itself."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import deltalake
import pyarrow as pa
import pytest

from arrow_values import NESTED, SHORT_TEXTS, VALUES
from compared_tables import Answer, Ours, compare
from generated_tables import Made, first_line
from generated_values import TEXTS
from skipped_files import skipping_faults

# delta-rs writes bytes and negative decimals ("-1.-5") as partition values that it cannot read, and
# takes empty texts there for texts, while the protocol says that they are NULL.
PARTITIONS = [kind for kind in VALUES if "binary" not in kind and "decimal" not in kind]


class Maker:
    def __init__(self, path: Path, seed: int) -> None:
        self.path, self.rnd = path, random.Random(seed)
        self.made = Made(path, seed)
        self.next_id = 0
        self.columns: dict[str, str] = {}
        self.partitions: list[str] = []

    def values(self, kind: str) -> tuple[pa.DataType, list[Any]]:
        return VALUES.get(kind) or NESTED[kind]

    def rows(self, count: int, columns: dict[str, str] | None = None) -> pa.Table:
        ids = pa.array(range(self.next_id, self.next_id + count), pa.int64())
        self.next_id += count
        arrays = {"id": ids}
        for name, kind in (self.columns if columns is None else columns).items():
            arrow, values = self.values(kind)
            if name in self.partitions and values is TEXTS:
                values = SHORT_TEXTS  # they are part of the file's name
            chosen = [
                None if self.rnd.random() < 0.2 else self.rnd.choice(values) for _ in range(count)
            ]
            if pa.types.is_dictionary(arrow):
                arrays[name] = pa.array(chosen, arrow.value_type).dictionary_encode()
            else:
                arrays[name] = pa.array(chosen, arrow)
        return pa.table(arrays)

    def run(self, what: str, act: Callable[[], Any]) -> bool:
        try:
            act()
        except Exception as error:
            self.made.refused.append(f"{what} -- {first_line(error)}")
            return False
        self.made.done.append(what)
        return True

    def table(self) -> deltalake.DeltaTable:
        return deltalake.DeltaTable(str(self.path))

    def make(self) -> Made:
        kinds = [*VALUES, *NESTED]
        self.columns = {f"c{i}": self.rnd.choice(kinds) for i in range(self.rnd.randint(1, 5))}
        parts = {f"p{i}": self.rnd.choice(PARTITIONS) for i in range(self.rnd.choice([0, 1, 1, 2]))}
        self.columns |= parts
        self.partitions = list(parts)
        configuration = {
            name: value
            for name, value in {
                "delta.enableChangeDataFeed": "true",
                "delta.checkpointInterval": "2",
                "delta.dataSkippingNumIndexedCols": self.rnd.choice(["1", "-1", "0"]),
                "delta.enableDeletionVectors": "true",
            }.items()
            if self.rnd.random() < 0.4
        }
        rows = self.rows(8)
        created = self.run(
            f"create {self.columns} by {self.partitions} with {configuration}",
            lambda: deltalake.write_deltalake(
                str(self.path), rows, partition_by=self.partitions, configuration=configuration
            ),
        )
        if not created:
            self.columns = {"c0": self.rnd.choice([*VALUES])}
            self.partitions = []
            deltalake.write_deltalake(str(self.path), self.rows(8), mode="overwrite")
        changes = [self.append] * 4 + [self.delete] * 3 + [self.update] * 2 + [self.merge] * 2
        changes += [self.evolve, self.optimize, self.checkpoint, self.restore, self.overwrite]
        changes += [self.replace]
        for _ in range(self.rnd.randint(2, 9)):
            self.rnd.choice(changes)()
        return self.made

    def append(self) -> None:
        rows = self.rows(self.rnd.choice([1, 5, 20]))
        self.run(
            f"append {rows.num_rows}",
            lambda: deltalake.write_deltalake(str(self.path), rows, mode="append"),
        )

    def evolve(self) -> None:
        name, kind = f"e{self.next_id}", self.rnd.choice([*VALUES, *NESTED])
        columns = {**self.columns, name: kind}
        rows = self.rows(4, columns)
        if self.run(
            f"append with another column, a {kind}",
            lambda: deltalake.write_deltalake(
                str(self.path), rows, mode="append", schema_mode="merge"
            ),
        ):
            self.columns = columns

    def condition(self) -> str:
        choices = [f"id % 3 = {self.rnd.randrange(3)}", f"id < {self.next_id // 2}"]
        choices += [f"{name} IS NULL" for name in self.columns]
        return self.rnd.choice(choices)

    def delete(self) -> None:
        condition = self.condition()
        self.run(f"delete {condition}", lambda: self.table().delete(condition))

    def update(self) -> None:
        condition = self.condition()
        self.run(
            f"update {condition}",
            lambda: self.table().update(updates={"id": "id + 1000"}, predicate=condition),
        )

    def merge(self) -> None:
        self.next_id = max(0, self.next_id - 3)
        rows = self.rows(6)
        self.run(
            "merge",
            lambda: (
                self.table()
                .merge(rows, "t.id = s.id", source_alias="s", target_alias="t")
                .when_matched_update_all()
                .when_not_matched_insert_all()
                .execute()
            ),
        )

    def optimize(self) -> None:
        self.run("optimize", lambda: self.table().optimize.compact())

    def checkpoint(self) -> None:
        self.run("checkpoint", lambda: self.table().create_checkpoint())

    def restore(self) -> None:
        version = self.rnd.randint(0, self.table().version())
        if self.run(f"restore {version}", lambda: self.table().restore(version)):
            there = self.table().schema().to_arrow().names
            self.columns = {name: kind for name, kind in self.columns.items() if name in there}

    def overwrite(self) -> None:
        columns = {
            name: self.rnd.choice([*VALUES, *NESTED]) if name not in self.partitions else kind
            for name, kind in self.columns.items()
        }
        rows = self.rows(5, columns)
        if self.run(
            f"overwrite with {columns}",
            lambda: deltalake.write_deltalake(
                str(self.path), rows, mode="overwrite", schema_mode="overwrite"
            ),
        ):
            self.columns = columns

    def replace(self) -> None:
        rows = self.rows(3)
        predicate = f"id >= {self.next_id - 3}"
        self.run(
            f"replace {predicate}",
            lambda: deltalake.write_deltalake(
                str(self.path), rows, mode="overwrite", predicate=predicate
            ),
        )


def read_delta_rs(path: Path, version: int) -> Answer:
    try:
        table = deltalake.DeltaTable(str(path), version=version)
        rows = deltalake.QueryBuilder().register("t", table).execute("SELECT * FROM t")
        return Answer(rows=plain(pa.table(rows.read_all())))
    except Exception as error:
        return Answer(error=first_line(error))


def plain_type(kind: pa.DataType) -> pa.DataType:
    """Without the ways in which Arrow may lay out the same values."""
    if pa.types.is_dictionary(kind):
        return plain_type(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind):
        return pa.binary()
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, plain_type(field.type)) for field in kind])
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_list_view(kind):
        return pa.list_(plain_type(kind.value_type))
    if pa.types.is_map(kind):
        return pa.map_(plain_type(kind.key_type), plain_type(kind.item_type))
    return kind


def plain(rows: pa.Table) -> pa.Table:
    return rows.cast(pa.schema([(field.name, plain_type(field.type)) for field in rows.schema]))


def faults(codeanatomy: Path, scratch: Path, made: Made) -> list[str]:
    ours = Ours(codeanatomy, made, scratch)
    newest = deltalake.DeltaTable(str(made.path)).version()
    found = []
    for version in {newest, newest // 2, 0}:
        mine = ours.scan("--version", version)
        found += compare(f"version {version}", mine, read_delta_rs(made.path, version))
    return found + skipping_faults(codeanatomy, scratch, made)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40))
def test_tables_that_delta_rs_makes_at_random_are_read_as_it_reads_them(
    tmp_path: Path, codeanatomy: Path, seed: int
) -> None:
    made = Maker(tmp_path / f"table {seed}", seed).make()
    found = faults(codeanatomy, tmp_path, made)
    assert not found, "\n".join([*found, "after:", *made.done])
