"""Random types, and values at their borders as expressions of Spark's SQL."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

TEXTS = [
    *("", " ", "a", "b", "a b", "a%20b", "100%", "a=b", "a/b", "c:d", "'", '"', "\\", "e#?f", "+"),
    *("é", "e\u0301", "日本", "🙂", "\uffff", "\u0001", "\u007f", "null", "NULL", ".", "..", "a."),
    *(
        "__HIVE_DEFAULT_PARTITION__",
        "{a}",
        "[b]",
        "a,b",
        "a\nb",
        "a\tb",
        "*",
        "%00",
        " x ",
        "~^|<>",
    ),
    *("x" * 31 + "🙂y", "x" * 32, "x" * 33, "\uffff" * 40, "🙂" * 33, "z" * 300, "A", "a_b", "a%b"),
]
BYTES = ["", "00", "62696E", "FF", "FF80", "C3A9", "7F" * 40]
DATES = [
    *("1970-01-01", "1969-12-31", "2024-02-29", "0001-01-01", "1582-10-04", "1582-10-15"),
    *("9999-12-31", "1900-01-01", "-0044-03-15", "+12345-06-07", "2262-04-12"),
]
TIMES = [
    *("1970-01-01 00:00:00", "1969-12-31 23:59:59.999999", "2024-02-29 12:00:00.123456"),
    *(
        "2024-02-29 12:00:00.123",
        "2024-02-29 12:00:00.1",
        "2024-02-29 12:00:00",
        "0001-01-01 00:00:00",
    ),
    *("1900-01-01 00:00:00", "1583-01-01 00:00:00.5", "9999-12-31 23:59:59.999999"),
    *("2024-03-31 02:30:00.000001", "1960-06-01 01:02:03.004005", "-0044-03-15 01:02:03.4"),
]
FLOATS = ["0.0", "-0.0", "1.5", "-2.25", "NaN", "Infinity", "-Infinity", "1e-40", "3.4e38", "1.1"]
WHOLE = {"BYTE": 8, "SHORT": 16, "INT": 32, "LONG": 64}
WIDER = {
    "BYTE": ["SHORT", "INT", "LONG", "DOUBLE", "DECIMAL(10,0)", "DECIMAL(12,2)"],
    "SHORT": ["INT", "LONG", "DOUBLE", "DECIMAL(10,0)", "DECIMAL(15,4)"],
    "INT": ["LONG", "DOUBLE", "DECIMAL(10,0)", "DECIMAL(38,10)"],
    "LONG": ["DECIMAL(20,0)", "DECIMAL(25,5)"],
    "FLOAT": ["DOUBLE"],
    "DATE": ["TIMESTAMP_NTZ"],
}


def quote(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return f"'{text}'"


def quote_name(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


@dataclass(frozen=True)
class Type:
    """A primitive type by its name in SQL, or STRUCT, ARRAY and MAP with their parts."""

    name: str
    parts: tuple[tuple[str, Type], ...] = ()

    @property
    def sql(self) -> str:
        inner = [part.sql for _, part in self.parts]
        if self.name == "STRUCT":
            return f"STRUCT<{', '.join(f'{quote_name(n)}: {t.sql}' for n, t in self.parts)}>"
        return f"{self.name}<{', '.join(inner)}>" if inner else self.name

    def leaves(self) -> list[tuple[tuple[str, ...], Type]]:
        """The primitive types inside, with their ways there; a type without parts is its own."""
        if not self.parts:
            return [((), self)]
        return [((n, *way), leaf) for n, part in self.parts for way, leaf in part.leaves()]

    def with_leaf(self, way: tuple[str, ...], leaf: Type) -> Type:
        if not way:
            return leaf
        changed = ((n, t.with_leaf(way[1:], leaf) if n == way[0] else t) for n, t in self.parts)
        return Type(self.name, tuple(changed))

    def literal(self, rnd: random.Random, null: float = 0.15) -> str:
        """A value as an SQL expression."""
        if rnd.random() < null:
            return f"CAST(NULL AS {self.sql})"
        if self.name == "STRUCT":
            fields = ", ".join(f"{quote(n)}, {t.literal(rnd)}" for n, t in self.parts)
            return f"CAST(NAMED_STRUCT({fields}) AS {self.sql})"
        if self.name == "ARRAY":
            items = [self.parts[0][1].literal(rnd) for _ in range(rnd.randrange(3))]
            return f"CAST(ARRAY({', '.join(items)}) AS {self.sql})"
        if self.name == "MAP":
            keys = {self.parts[0][1].literal(rnd, null=0) for _ in range(rnd.randrange(3))}
            pairs = [f"{key}, {self.parts[1][1].literal(rnd)}" for key in sorted(keys)]
            return f"CAST(MAP({', '.join(pairs)}) AS {self.sql})"
        return self.scalar(rnd)

    def scalar(self, rnd: random.Random) -> str:
        if self.name in WHOLE:
            most = 2 ** (WHOLE[self.name] - 1) - 1
            value = rnd.choice([0, 1, -1, 7, most, -most - 1, rnd.randrange(100)])
            return f"CAST('{value}' AS {self.name})"
        if self.name in ("FLOAT", "DOUBLE"):
            return f"CAST('{rnd.choice(FLOATS)}' AS {self.name})"
        if self.name.startswith("DECIMAL"):
            return f"CAST('{decimal(rnd, self.name)}' AS {self.name})"
        if self.name.startswith(("CHAR", "VARCHAR")):
            return quote(rnd.choice(["", "a", "b ", "é", "a=b", "日本"]))
        if self.name == "STRING":
            return quote(rnd.choice(TEXTS))
        if self.name == "BINARY":
            return f"X'{rnd.choice(BYTES)}'"
        if self.name == "BOOLEAN":
            return rnd.choice(["true", "false"])
        values = DATES if self.name == "DATE" else TIMES
        return f"{self.name}'{rnd.choice(values)}'"


def decimal(rnd: random.Random, name: str) -> str:
    precision, scale = map(int, re.findall(r"\d+", name))
    digits = rnd.choice(["0", "1", "9" * precision, "5" * rnd.randint(1, precision)])
    digits = digits.rjust(scale + 1, "0")
    value = f"{digits[: len(digits) - scale]}.{digits[len(digits) - scale :]}".rstrip(".")
    return rnd.choice(["", "-"]) + value


def random_scalar(rnd: random.Random) -> Type:
    precision = rnd.choice([1, 4, 9, 10, 18, 19, 38])
    scale = rnd.choice([0, min(2, precision), precision])
    return Type(
        rnd.choice(
            [
                *("BYTE", "SHORT", "INT", "LONG", "FLOAT", "DOUBLE", "BOOLEAN", "BINARY", "DATE"),
                *("STRING", "STRING", "TIMESTAMP", "TIMESTAMP", "TIMESTAMP_NTZ", "VARCHAR(10)"),
                *(f"DECIMAL({precision},{scale})", "CHAR(5)"),
            ]
        )
    )


def random_type(rnd: random.Random) -> Type:
    return random_scalar(rnd) if rnd.random() < 0.65 else random_nested(rnd, rnd.choice([1, 2, 3]))


def random_part(rnd: random.Random, depth: int) -> Type:
    """What may be inside of another type; lengths are for columns alone."""
    if depth > 0 and rnd.random() < 0.5:
        return random_nested(rnd, depth)
    kind = random_scalar(rnd)
    return kind if "CHAR" not in kind.name else Type("STRING")


def random_nested(rnd: random.Random, depth: int) -> Type:
    shape = rnd.choice(["STRUCT", "STRUCT", "ARRAY", "MAP"])
    if shape == "STRUCT":
        names = rnd.sample(["x", "y", "z", "X_Y", "w", "a.b", "é", "1", "-"], rnd.randint(1, 3))
        return Type(shape, tuple((name, random_part(rnd, depth - 1)) for name in names))
    if shape == "ARRAY":
        return Type(shape, (("element", random_part(rnd, depth - 1)),))
    keys = ["STRING", "INT", "DATE", "BYTE", "TIMESTAMP", "DECIMAL(10,2)", "BINARY"]
    key = Type(rnd.choice(keys))
    if rnd.random() < 0.2:
        key = Type("STRUCT", (("k", key), ("l", Type("SHORT"))))
    return Type(shape, (("key", key), ("value", random_part(rnd, depth - 1))))
