"""The SQL functions on random values, against contract/functions.md read anew."""

from __future__ import annotations

import json
import random
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

from plain_functions import (
    WHITE_SPACE,
    digest,
    hash64,
    null_if_blank,
    qname_normalize,
    stable_id,
    stable_id_parts,
    utf8_normalize,
)

SEED = 20261126
ROWS = 4000

PIECES = [
    "", "a", "B", "Ab", ".", "é", "e\u0301", "\u0301", "ß", "ẞ", "ﬁ", "\u2167", "\u0130",
    "I\u0131", "\u03a3", "\u0391\u03a3", "\u0391\u03a3\u0301", "\u03a3\u0345\u0391", "日本",
    "한", "\u1112\u1161\u11ab", "😀", "👩\u200d💻", "Ǆ", "ǰ", "\u212b", "\u1e9b\u0323",
    "\u00ad", "\u200b", "\ufeff", "\x1c", "\x1f", "\x00", "\x7f", "Å", "ⓐ", "½",
    "\u0130\u0307", "\u10a0", "\u13a0", "\U0001d400", "𐐀", "\ufffd", "\ue000", "ᾳ", "ᾼ",
    "\u03d3", "\u2026", " ", "  ", "\t", "\n", *sorted(WHITE_SPACE),
]  # fmt: skip
# Unassigned in Python's Unicode, assigned in a later one: its properties are not known here.
ASSIGNED = [
    chr(c)
    for c in range(0x20, 0x20000)
    if not 0xD800 <= c < 0xE000 and unicodedata.category(chr(c)) != "Cn"
]


def random_text(r: random.Random) -> str | None:
    kind = r.random()
    if kind < 0.05:
        return None
    if kind < 0.3:
        return "".join(r.choice(ASSIGNED) for _ in range(r.randrange(6)))
    if kind < 0.35:
        return "x" * r.choice([11, 12, 13, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1000])
    return "".join(r.choice(PIECES) for _ in range(r.randrange(7)))


def rows_of(codeanatomy: Path, query: str) -> list[dict[str, Any]]:
    run = subprocess.run(
        [codeanatomy, "sql", query, "--format", "jsonl"],
        capture_output=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr.decode()
    return [json.loads(line) for line in run.stdout.decode().split("\n") if line]


def read_rows(folder: Path, rows: list[dict[str, Any]], columns: dict[str, str]) -> str:
    """SQL that reads rows, in their order, from a file."""
    file = folder / "rows.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for i, row in enumerate(rows):
            lines.write(json.dumps({"i": i} | row) + "\n")
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in {"i": "BIGINT", **columns}.items())
    return f"read_json('{file}', format = 'newline_delimited', columns = {{{types}}}) ORDER BY i"


def test_hashes_and_ids(codeanatomy: Path, tmp_path: Path) -> None:
    r = random.Random(SEED)
    rows = [
        {
            "p": random_text(r),
            "a": random_text(r),
            "b": random_text(r),
            "n": r.choice([None, 0, -1, 2**63 - 1, -(2**63), r.randrange(10**6)]),
        }
        for _ in range(ROWS)
    ]
    source = read_rows(
        tmp_path, rows, {"p": "VARCHAR", "a": "VARCHAR", "b": "VARCHAR", "n": "BIGINT"}
    )
    found = rows_of(
        codeanatomy,
        "SELECT stable_id(p, a) AS id, stable_id_parts(p, a) AS one, stable_id_parts(p, a, n, b) AS"
        " parts, stable_id_multi(p, b, b) AS multi, stable_hash64(a)::VARCHAR AS h64,"
        " hash64(b)::VARCHAR AS h64b, stable_hash128(a) AS h128, hash128(b) AS h128b,"
        " prefixed_hash64(p, a) AS ph, prefixed_hash(p, b) AS phb, span_id(p, a, n, n) AS sid,"
        f" span_id(p, a, n, n, b) AS kind, stable_id('c', n) AS number FROM {source}",
    )
    for row, values in zip(rows, found, strict=True):
        p, a, b, n = row["p"], row["a"], row["b"], row["n"]
        expected = {
            "id": stable_id(p, a),
            "one": stable_id_parts(p, a),
            "parts": stable_id_parts(p, a, n, b),
            "multi": stable_id_parts(p, b, b),
            "h64": None if a is None else str(hash64(a)),
            "h64b": None if b is None else str(hash64(b)),
            "h128": None if a is None else digest(a, 16).hex(),
            "h128b": None if b is None else digest(b, 16).hex(),
            "ph": None if p is None or a is None else f"{p}:{hash64(a)}",
            "phb": None if p is None or b is None else f"{p}:{hash64(b)}",
            "sid": stable_id_parts(p, a, n, n),
            "kind": stable_id_parts(p, a, n, n, b),
            "number": stable_id("c", None if n is None else str(n)),
        }
        assert values == expected, row


def test_texts(codeanatomy: Path, tmp_path: Path) -> None:
    r = random.Random(SEED + 1)
    rows = [
        {
            "a": random_text(r),
            "m": random_text(r),
            "f": r.choice(["NFC", "NFD", "NFKC", "NFKD"]),
            "c": r.random() < 0.5,
            "w": r.random() < 0.5,
        }
        for _ in range(ROWS)
    ]
    types = {"a": "VARCHAR", "m": "VARCHAR", "f": "VARCHAR", "c": "BOOLEAN", "w": "BOOLEAN"}
    found = rows_of(
        codeanatomy,
        "SELECT utf8_normalize(a) AS n, normalize_utf8(a, f) AS nf, utf8_normalize(a, f, c) AS nc,"
        " utf8_normalize(a, f, c, w) AS nw, utf8_null_if_blank(a) AS blank, null_if_blank(m) AS mb,"
        " qname_normalize(a) AS q, qname_normalize(a, m) AS qm, qualname_normalize(a, m, f) AS ql"
        f" FROM {read_rows(tmp_path, rows, types)}",
    )
    for row, values in zip(rows, found, strict=True):
        a, m, f, c, w = (row[name] for name in "amfcw")
        assert values == {
            "n": utf8_normalize(a),
            "nf": utf8_normalize(a, f),
            "nc": utf8_normalize(a, f, c),
            "nw": utf8_normalize(a, f, c, w),
            "blank": null_if_blank(a),
            "mb": null_if_blank(m),
            "q": qname_normalize(a),
            "qm": qname_normalize(a, m),
            "ql": qname_normalize(a, m),
        }, row


def test_spans(codeanatomy: Path, tmp_path: Path) -> None:
    r = random.Random(SEED + 2)
    numbers = [None, -(2**62), -1, 0, 1, 2, 3, 4, 5, 2**62 - 1]
    rows = [
        {name: r.choice(numbers if r.random() < 0.3 else range(8)) for name in "abcd"}
        | {"x": r.random() < 0.7, "y": r.choice([True, False, False, None])}
        for _ in range(ROWS)
    ]
    types = dict.fromkeys("abcd", "BIGINT") | {"x": "BOOLEAN", "y": "BOOLEAN"}
    found = rows_of(
        codeanatomy,
        "WITH s AS (SELECT *, span_make(a, b, 0, 'byte', x) AS s, span(c, d, 1, 'utf8', y) AS t"
        f" FROM (FROM {read_rows(tmp_path, rows, types)}))"
        " SELECT s, t, span_make(a, b) AS plain, span_len(s) AS length,"
        " span_overlaps(s, t) AS overlaps, span_contains(s, t) AS contains FROM s ORDER BY i",
    )

    def span(start: Any, end: Any, *rest: Any) -> dict[str, Any] | None:
        names = ("bstart", "bend", "line_base", "col_unit", "end_exclusive")
        values = (start, end, *rest)
        return None if None in values else dict(zip(names, values, strict=True))

    for row, values in zip(rows, found, strict=True):
        a, b, c, d, x, y = (row[name] for name in "abcdxy")
        s, t = span(a, b, 0, "byte", x), span(c, d, 1, "utf8", y)
        ends = (b if x else (b or 0) + 1, d if y else (d or 0) + 1)
        either_null = s is None or t is None
        assert values == {
            "s": s,
            "t": t,
            "plain": span(a, b, 0, "byte", True),
            "length": None if s is None else b - a,
            "overlaps": None if either_null else a < ends[1] and c < ends[0],
            "contains": None if either_null else a <= c and ends[1] <= ends[0],
        }, row
