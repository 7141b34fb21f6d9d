"""Delta tables that tests write by hand: data files by Spark's Parquet library, column by column in
the form that is asked for, and the log line by line."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

JULIAN_DAY_OF_EPOCH = 2440588
EPOCH = datetime.datetime(1970, 1, 1)
MICROSECONDS_OF_A_DAY = 86_400_000_000


def write_parquet(spark: Any, path: Path, column: str, values: Sequence[Any]) -> None:
    """Writes a file of one column, described as in a Parquet message, such as
    "optional int64 v (DECIMAL(9,2));". Values are those stored: integers, bytes, dictionaries of
    them for groups, None."""
    jvm = spark._jvm
    schema = jvm.org.apache.parquet.schema.MessageTypeParser.parseMessageType(
        f"message table {{ {column} }}"
    )
    example = jvm.org.apache.parquet.hadoop.example.ExampleParquetWriter
    file = jvm.org.apache.hadoop.fs.Path(str(path))
    writer = example.builder(file).withType(schema).build()
    for value in values:
        row = jvm.org.apache.parquet.example.data.simple.SimpleGroup(schema)
        add_field(jvm, row, 0, value)
        writer.write(row)
    writer.close()
    path.with_name(f".{path.name}.crc").unlink(missing_ok=True)


def add_field(jvm: Any, group: Any, index: int, value: Any) -> None:
    if value is None:
        return
    field = group.getType().getType(index)
    if field.isPrimitive():
        group.add(index, primitive(jvm, field.getPrimitiveTypeName().name(), value))
        return
    inner = group.addGroup(index)
    for name, part in value.items():
        add_field(jvm, inner, field.getFieldIndex(name), part)


def primitive(jvm: Any, physical: str, value: Any) -> Any:
    """A value of the physical type that Python's numbers do not tell."""
    simple = jvm.org.apache.parquet.example.data.simple
    if physical == "INT32":
        return simple.IntegerValue(value)
    if physical == "INT64":
        return simple.LongValue(value)
    binary = jvm.org.apache.parquet.io.api.Binary.fromConstantByteArray(bytearray(value))
    return simple.Int96Value(binary) if physical == "INT96" else simple.BinaryValue(binary)


def int96(time: datetime.datetime) -> bytes:
    """Nanoseconds of the day and Julian day, little-endian."""
    microseconds = (time - EPOCH) // datetime.timedelta(microseconds=1)
    day, of_day = divmod(microseconds, MICROSECONDS_OF_A_DAY)
    return (of_day * 1000).to_bytes(8, "little") + (day + JULIAN_DAY_OF_EPOCH).to_bytes(4, "little")


def shortest(unscaled: int) -> bytes:
    """Two's complement in as few bytes as hold it, big-endian."""
    length = (unscaled if unscaled >= 0 else ~unscaled).bit_length() // 8 + 1
    return unscaled.to_bytes(length, "big", signed=True)


def as_json(value: Any) -> str:
    """A value as it stands in statistics: decimals exact, timestamps cut off to milliseconds."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        return json.dumps(value.isoformat(timespec="milliseconds"))
    return json.dumps(value)


def statistics(name: str, values: Sequence[Any]) -> str:
    """Of a file of one column."""
    present = [value for value in values if value is not None]
    of_column = {"nullCount": str(len(values) - len(present))}
    if present:
        of_column |= {"minValues": as_json(min(present)), "maxValues": as_json(max(present))}
    parts = [f'"{kind}":{{"{name}":{value}}}' for kind, value in of_column.items()]
    return f'{{"numRecords":{len(values)},{",".join(parts)}}}'


def add(path: Path, stats: str | None = None, **more: Any) -> dict[str, Any]:
    action = {
        "path": path.name,
        "partitionValues": {},
        "size": path.stat().st_size,
        "modificationTime": 0,
        "dataChange": True,
    }
    if stats is not None:
        action["stats"] = stats
    return {"add": action | more}


def commit(
    table: Path, columns: dict[str, str], files: Sequence[dict[str, Any]], features: Sequence[str]
) -> None:
    """Writes version 0 of a table with these columns, name to Delta type."""
    fields = [
        {"name": name, "type": kind, "nullable": True, "metadata": {}}
        for name, kind in columns.items()
    ]
    protocol = {
        "minReaderVersion": 3,
        "minWriterVersion": 7,
        "readerFeatures": list(features),
        "writerFeatures": list(features),
    }
    metadata = {
        "id": "hand-made",
        "format": {"provider": "parquet", "options": {}},
        "schemaString": json.dumps({"type": "struct", "fields": fields}),
        "partitionColumns": [],
        "configuration": {},
    }
    log = table / "_delta_log"
    log.mkdir(parents=True, exist_ok=True)
    actions = [{"protocol": protocol}, {"metaData": metadata}, *files]
    (log / "00000000000000000000.json").write_text("\n".join(map(json.dumps, actions)) + "\n")
