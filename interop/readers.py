"""Reads a Delta table with other people's readers into one form that can be compared.

Every reader gives an Arrow table, from which `Table` takes the columns' types in Delta's own
names and the rows in an order of their own, since Delta tables have none.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import deltalake
import duckdb
import duckdb_extension_delta
import polars
import pyarrow as pa

Reader = Callable[[Path | str], "Table"]


class UnknownTypeError(TypeError):
    """A reader gives a type for which there is no name here: a fault of the tests, not its own."""


SCALAR_TYPES: list[tuple[Callable[[pa.DataType], bool], str]] = [
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_int8, "byte"),
    (pa.types.is_int16, "short"),
    (pa.types.is_int32, "integer"),
    (pa.types.is_int64, "long"),
    (pa.types.is_float32, "float"),
    (pa.types.is_float64, "double"),
    (pa.types.is_string, "string"),
    (pa.types.is_large_string, "string"),
    (pa.types.is_string_view, "string"),
    (pa.types.is_binary, "binary"),
    (pa.types.is_large_binary, "binary"),
    (pa.types.is_binary_view, "binary"),
    (pa.types.is_date, "date"),
]


@dataclass(frozen=True)
class Table:
    """Columns as (name, Delta type) in the table's order; rows sorted, as comparable values.

    Timestamps are aware datetimes in UTC, timestamp_ntz naive ones; structs are dicts; maps are
    sorted tuples of pairs; arrays are lists; a NaN is the text 'NaN'.
    """

    columns: list[tuple[str, str]]
    rows: list[tuple[Any, ...]]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.columns]

    def column(self, name: str) -> list[Any]:
        index = self.names.index(name)
        return [row[index] for row in self.rows]


def delta_type(arrow: pa.DataType) -> str:
    """The Delta type that a reader's Arrow type stands for, such as array<long>.

    Arrow has several types for what is one to Delta, and each reader picks its own: texts, binary
    values and lists with offsets of 32 or 64 bits or as views, timestamps in any unit and in UTC
    under any name, values in dictionaries. None of these changes what a value is."""
    for matches, name in SCALAR_TYPES:
        if matches(arrow):
            return name
    if pa.types.is_timestamp(arrow):
        return "timestamp" if arrow.tz else "timestamp_ntz"
    if pa.types.is_decimal(arrow):
        return f"decimal({arrow.precision},{arrow.scale})"
    if pa.types.is_map(arrow):
        return f"map<{delta_type(arrow.key_type)},{delta_type(arrow.item_type)}>"
    if pa.types.is_struct(arrow):
        fields = (f"{field.name}:{delta_type(field.type)}" for field in arrow)
        return f"struct<{','.join(fields)}>"
    if pa.types.is_list(arrow) or pa.types.is_large_list(arrow) or pa.types.is_list_view(arrow):
        return f"array<{delta_type(arrow.value_type)}>"
    if pa.types.is_dictionary(arrow):
        return delta_type(arrow.value_type)
    raise UnknownTypeError(f"no Delta type is known for Arrow's {arrow}")


def comparable(value: Any, arrow: pa.DataType) -> Any:
    """A Python value of that Arrow type in the form that `Table` promises."""
    if value is None:
        return None
    if pa.types.is_floating(arrow) and math.isnan(value):
        return "NaN"
    if pa.types.is_timestamp(arrow) and arrow.tz:
        return value.astimezone(datetime.UTC)
    if pa.types.is_struct(arrow):
        return {field.name: comparable(value[field.name], field.type) for field in arrow}
    if pa.types.is_map(arrow):
        pairs = value.items() if isinstance(value, dict) else value
        return tuple(
            sorted(
                (
                    (comparable(key, arrow.key_type), comparable(item, arrow.item_type))
                    for key, item in pairs
                ),
                key=repr,
            )
        )
    if isinstance(value, list):
        return [comparable(item, arrow.value_type) for item in value]
    return value


def from_arrow(arrow: pa.Table) -> Table:
    columns = [(field.name, delta_type(field.type)) for field in arrow.schema]
    values = [
        [comparable(value, field.type) for value in arrow.column(index).to_pylist()]
        for index, field in enumerate(arrow.schema)
    ]
    return Table(columns, sorted(zip(*values, strict=True), key=repr))


def read_delta_rs(path: Path | str) -> Table:
    """With delta-rs, through its query engine, which also applies deletion vectors."""
    table = deltalake.DeltaTable(str(path))
    rows = deltalake.QueryBuilder().register("t", table).execute("SELECT * FROM t")
    return from_arrow(pa.table(rows.read_all()))


def read_polars(path: Path | str) -> Table:
    return from_arrow(polars.read_delta(str(path)).to_arrow())


def read_duckdb(path: Path | str) -> Table:
    """With DuckDB's own delta extension, loaded from its Python package."""
    packaged = Path(duckdb_extension_delta.__file__).parent / "extensions"
    (extension,) = packaged.glob("*/delta.duckdb_extension")
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.load_extension(str(extension))
        rows = connection.execute("SELECT * FROM delta_scan(?)", [str(path)])
        return from_arrow(rows.to_arrow_table())


def spark_reader(spark: Any) -> Reader:
    """With Spark and Delta's own reader, in the given session."""

    def read_spark(path: Path | str) -> Table:
        return from_arrow(spark.read.format("delta").load(str(path)).toArrow())

    return read_spark
