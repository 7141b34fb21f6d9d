"""Decimals and timestamps in every form that Parquet files have them in, found by every condition:
with what the log says of each file, and with what the files say themselves."""

from __future__ import annotations

import datetime
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

import hand_made
import readers

UTC = datetime.UTC
MICROSECOND = datetime.timedelta(microseconds=1)


@dataclass(frozen=True)
class Form:
    """How the files of a table hold its column."""

    delta_type: str
    parquet: str  # as in a Parquet message
    stored: Callable[[Any], Any]
    # Of three files; their ranges do not meet, so that conditions leave some of them out.
    values: list[list[Any]]


SHORT = [
    [Decimal("-99.99"), Decimal("-1.28")],
    [Decimal("-0.01"), None, Decimal("0.00"), Decimal("1.27")],
    [Decimal("2.56"), Decimal("99.99")],
]
MIDDLE = [
    [Decimal("-9999999.99"), Decimal("-70000.25"), Decimal("-1.28")],
    SHORT[1],
    [Decimal("2.56"), Decimal("70000.25"), Decimal("9999999.99")],
]
LONG = [
    [Decimal("-1" + 34 * "0" + ".25"), Decimal("-92233720368547758.09")],
    SHORT[1],
    [Decimal("92233720368547758.08"), Decimal(36 * "9" + ".99")],
]
TIMES = [
    [datetime.datetime(1, 1, 1), datetime.datetime(1582, 10, 15, 3, 4, 5, 678901)],
    [datetime.datetime(1969, 12, 31, 23, 59, 59, 999999), None, datetime.datetime(1970, 1, 1)],
    [datetime.datetime(2024, 2, 29, 12, 0, 0, 123456), datetime.datetime(9999, 12, 31, 23, 59)],
]
# Those that nanoseconds in 64 bits can tell.
RECENT_TIMES = [
    [datetime.datetime(1700, 1, 1), datetime.datetime(1900, 1, 1, 3, 4, 5, 678901)],
    TIMES[1],
    [datetime.datetime(2024, 2, 29, 12, 0, 0, 123456), datetime.datetime(2250, 12, 31, 23, 59)],
]
WHOLE_MILLISECONDS = [
    [time and time.replace(microsecond=time.microsecond // 1000 * 1000) for time in times]
    for times in TIMES
]


def unscaled(value: Decimal) -> int:
    return int(format(value, "f").replace(".", ""))


def shortest(value: Decimal) -> bytes:
    return hand_made.shortest(unscaled(value))


def fixed(length: int) -> Callable[[Decimal], bytes]:
    return lambda value: unscaled(value).to_bytes(length, "big", signed=True)


def microseconds(time: datetime.datetime) -> int:
    return (time - hand_made.EPOCH) // MICROSECOND


def decimals(
    precision: int, parquet: str, stored: Callable[[Decimal], Any], values: list[list[Any]]
) -> Form:
    return Form(f"decimal({precision},2)", f"optional {parquet};", stored, values)


FORMS = {
    "int32": decimals(9, "int32 v (DECIMAL(9,2))", unscaled, MIDDLE),
    "int64": decimals(18, "int64 v (DECIMAL(18,2))", unscaled, MIDDLE),
    "binary": decimals(9, "binary v (DECIMAL(9,2))", shortest, MIDDLE),
    "long binary": decimals(38, "binary v (DECIMAL(38,2))", shortest, LONG),
    "fixed": decimals(9, "fixed_len_byte_array(4) v (DECIMAL(9,2))", fixed(4), MIDDLE),
    "long fixed": decimals(38, "fixed_len_byte_array(16) v (DECIMAL(38,2))", fixed(16), LONG),
    "int32 of few digits": decimals(4, "int32 v (DECIMAL(4,2))", unscaled, SHORT),
    "int64 of few digits": decimals(9, "int64 v (DECIMAL(9,2))", unscaled, MIDDLE),
    "binary of few digits": decimals(4, "binary v (DECIMAL(4,2))", shortest, SHORT),
    "fixed longer than needed": decimals(
        9, "fixed_len_byte_array(12) v (DECIMAL(9,2))", fixed(12), MIDDLE
    ),
    "int32 in more digits": decimals(9, "int32 v (DECIMAL(4,2))", unscaled, SHORT),
    "int32 in digits of int64": decimals(18, "int32 v (DECIMAL(9,2))", unscaled, MIDDLE),
    "int32 in most digits": decimals(38, "int32 v (DECIMAL(9,2))", unscaled, MIDDLE),
    "int64 in most digits": decimals(38, "int64 v (DECIMAL(18,2))", unscaled, MIDDLE),
    "binary in most digits": decimals(38, "binary v (DECIMAL(9,2))", shortest, MIDDLE),
    "fixed in most digits": decimals(
        38, "fixed_len_byte_array(4) v (DECIMAL(9,2))", fixed(4), MIDDLE
    ),
    "int64 in fewer digits": decimals(9, "int64 v (DECIMAL(18,2))", unscaled, MIDDLE),
    "binary in fewer digits": decimals(9, "binary v (DECIMAL(38,2))", shortest, MIDDLE),
    "fixed in fewer digits": decimals(
        9, "fixed_len_byte_array(16) v (DECIMAL(38,2))", fixed(16), MIDDLE
    ),
} | {
    f"{kind} as {name}": Form(kind, f"optional {parquet};", stored, values)
    for kind, zoned in (("timestamp", "true"), ("timestamp_ntz", "false"))
    for name, parquet, stored, values in (
        ("int96", "int96 v", hand_made.int96, TIMES),
        (
            "milliseconds",
            f"int64 v (TIMESTAMP(MILLIS,{zoned}))",
            lambda time: microseconds(time) // 1000,
            WHOLE_MILLISECONDS,
        ),
        ("microseconds", f"int64 v (TIMESTAMP(MICROS,{zoned}))", microseconds, TIMES),
        (
            "nanoseconds",
            f"int64 v (TIMESTAMP(NANOS,{zoned}))",
            lambda time: microseconds(time) * 1000,
            RECENT_TIMES,
        ),
    )
}


def make_table(spark: Any, table: Path, form: Form, *, in_log: bool) -> None:
    table.mkdir()
    files = []
    for number, values in enumerate(form.values):
        file = table / f"{number}.parquet"
        stored = [None if value is None else form.stored(value) for value in values]
        hand_made.write_parquet(spark, file, form.parquet, stored)
        files.append(hand_made.add(file, hand_made.statistics("v", values) if in_log else None))
    features = ["timestampNtz"] if form.delta_type == "timestamp_ntz" else []
    hand_made.commit(table, {"v": form.delta_type}, files, features)


def literal(value: Any, delta_type: str) -> str:
    if not isinstance(value, datetime.datetime):
        return f"'{value}'::{delta_type}"
    zoned = delta_type == "timestamp"
    return f"TIMESTAMPTZ '{value}+00'" if zoned else f"TIMESTAMP '{value}'"


def conditions(values: Sequence[Any], delta_type: str) -> dict[str, int]:
    """Conditions with the number of rows that meet them."""
    present = [value for value in values if value is not None]
    found = {"IS NULL": len(values) - len(present), "IS NOT NULL": len(present)}
    for value in present:
        text = literal(value, delta_type)
        found[f"= {text}"] = present.count(value)
        found[f"<> {text}"] = len(present) - present.count(value)
        found[f"< {text}"] = sum(other < value for other in present)
        found[f"<= {text}"] = sum(other <= value for other in present)
        found[f"> {text}"] = sum(other > value for other in present)
        found[f">= {text}"] = sum(other >= value for other in present)
    first, last = literal(present[0], delta_type), literal(present[-1], delta_type)
    found[f"IN ({first}, {last})"] = 2
    found[f"BETWEEN {first} AND {last}"] = sum(
        present[0] <= other <= present[-1] for other in present
    )
    return found


@pytest.mark.parametrize("in_log", [True, False], ids=["log", "files"])
@pytest.mark.parametrize("name", FORMS)
def test_values_are_found_in_every_form(
    spark: Any, codeanatomy: Path, tmp_path: Path, name: str, in_log: bool
) -> None:
    form = FORMS[name]
    table = tmp_path / "table"
    make_table(spark, table, form, in_log=in_log)

    out = tmp_path / "out.parquet"

    def query(sql: str) -> pyarrow.Table:
        command = [codeanatomy, "sql", sql, "--format", "parquet", "-o", out]
        subprocess.run(command, check=True, capture_output=True, text=True)
        return pyarrow.parquet.read_table(out)

    scan = f"delta_scan('{table}')"
    values = [value for values in form.values for value in values]
    zoned = form.delta_type == "timestamp"
    in_utc = [(value.replace(tzinfo=UTC) if value and zoned else value,) for value in values]
    assert readers.from_arrow(query(f"FROM {scan}")) == readers.Table(
        [("v", form.delta_type)], sorted(in_utc, key=repr)
    )

    wanted = conditions(values, form.delta_type)
    counts = " UNION ALL ".join(
        f"SELECT {number} AS number, count(*) AS found FROM {scan} WHERE v {condition}"
        for number, condition in enumerate(wanted)
    )
    found = query(f"SELECT found FROM ({counts}) ORDER BY number").column("found").to_pylist()
    assert dict(zip(wanted, found, strict=True)) == wanted

    if in_log:
        where = f"v = {literal(values[-1], form.delta_type)}"
        scanned = subprocess.run(
            [codeanatomy, "delta", "scan", table, "--where", where, "--stats"],
            check=True,
            capture_output=True,
            text=True,
        )
        assert "pruned by statistics: 2\n" in scanned.stderr + scanned.stdout
