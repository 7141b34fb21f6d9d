"""Values at the borders of their types, as Arrow has them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from generated_values import TEXTS

UTC = datetime.UTC
MOMENTS = [
    datetime.datetime(1970, 1, 1),
    datetime.datetime(1969, 12, 31, 23, 59, 59, 999999),
    datetime.datetime(2024, 2, 29, 12, 0, 0, 123456),
    datetime.datetime(2024, 2, 29, 12, 0, 0, 123000),
    datetime.datetime(1, 1, 1),
    datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),
    datetime.datetime(1582, 10, 4),
]
VALUES: dict[str, tuple[pa.DataType, list[Any]]] = {
    "byte": (pa.int8(), [0, 1, -1, 127, -128]),
    "short": (pa.int16(), [0, 1, -1, 32767, -32768]),
    "integer": (pa.int32(), [0, 1, -1, 2**31 - 1, -(2**31)]),
    "long": (pa.int64(), [0, 1, -1, 2**63 - 1, -(2**63)]),
    "float": (pa.float32(), [0.0, -0.0, 1.5, float("nan"), float("inf"), float("-inf"), 1e-40]),
    "double": (pa.float64(), [0.0, -0.0, 1.1, float("nan"), float("inf"), float("-inf"), 1e300]),
    "boolean": (pa.bool_(), [True, False]),
    "string": (pa.string(), TEXTS),
    "large string": (pa.large_string(), TEXTS),
    "string view": (pa.string_view(), TEXTS),
    "dictionary": (pa.dictionary(pa.int32(), pa.string()), TEXTS),
    "binary": (pa.binary(), [b"", b"\x00", b"bin", b"\xff\x80", b"\x7f" * 40]),
    "large binary": (pa.large_binary(), [b"", b"\x00", b"bin", b"\xff"]),
    "date": (pa.date32(), [moment.date() for moment in MOMENTS]),
    "timestamp": (
        pa.timestamp("us", "UTC"),
        [moment.replace(tzinfo=UTC) for moment in MOMENTS],
    ),
    "timestamp_ntz": (pa.timestamp("us"), MOMENTS),
    "timestamp ms": (
        pa.timestamp("ms", "UTC"),
        [moment.replace(microsecond=0, tzinfo=UTC) for moment in MOMENTS],
    ),
    "decimal(5,2)": (pa.decimal128(5, 2), [Decimal("0.00"), Decimal("-999.99"), Decimal("1.50")]),
    "decimal(18,0)": (pa.decimal128(18, 0), [Decimal(0), Decimal(10**18 - 1), Decimal(-7)]),
    "decimal(38,38)": (
        pa.decimal128(38, 38),
        [Decimal("0." + "9" * 38), Decimal("-0." + "1" * 38)],
    ),
    "decimal(38,10)": (pa.decimal128(38, 10), [Decimal("1.5"), Decimal(10**27), Decimal(-1)]),
}
SHORT_TEXTS = [text for text in TEXTS if 0 < len(text) < 30]
NESTED: dict[str, tuple[pa.DataType, list[Any]]] = {
    "struct": (
        pa.struct([("x", pa.int32()), ("y", pa.string())]),
        [{"x": 1, "y": "a"}, {"x": None, "y": None}, {"x": -5, "y": "é"}],
    ),
    "list": (pa.list_(pa.int64()), [[], [1], [None, 2]]),
    "large list": (pa.large_list(pa.string()), [[], ["a"], [None, "b"]]),
    "list of structs": (pa.list_(pa.struct([("z", pa.date32())])), [[], [{"z": None}], [None]]),
    "map": (pa.map_(pa.string(), pa.int32()), [[], [("k", 1)], [("k", None), ("l", 2)]]),
    "struct in struct": (
        pa.struct([("s", pa.struct([("t", pa.timestamp("us", "UTC"))]))]),
        [{"s": {"t": MOMENTS[2].replace(tzinfo=UTC)}}, {"s": None}, {"s": {"t": None}}],
    ),
}
