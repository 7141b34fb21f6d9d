"""The SQL functions as contract/functions.md tells them, in Python."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

WHITE_SPACE = set(
    "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)


def digest(text: str, size: int) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=size).digest()


def hash64(text: str) -> int:
    return int.from_bytes(digest(text, 8), "big") & (2**63 - 1)


def stable_id(prefix: str | None, value: str | None) -> str | None:
    return None if prefix is None or value is None else f"{prefix}:{digest(value, 16).hex()}"


def stable_id_parts(prefix: str | None, *parts: Any) -> str | None:
    texts = ["__NULL__" if part is None else str(part) for part in parts]
    return stable_id(prefix, "\x1f".join(texts))


def words(text: str) -> list[str]:
    found = [""]
    for c in text:
        if c not in WHITE_SPACE:
            found[-1] += c
        elif found[-1]:
            found.append("")
    return found if found[-1] else found[:-1]


def trimmed(text: str) -> str:
    return text.strip("".join(WHITE_SPACE))


def utf8_normalize(
    text: str | None, form: str = "NFKC", casefold: bool = True, collapse: bool = True
) -> str | None:
    if text is None:
        return None
    result = unicodedata.normalize(form, trimmed(text))
    if casefold:
        result = result.lower()
    return " ".join(words(result)) if collapse else result


def null_if_blank(text: str | None) -> str | None:
    return None if text is None else trimmed(text) or None


def qname_normalize(symbol: str | None, module: str | None = None) -> str | None:
    s, m = utf8_normalize(symbol), utf8_normalize(module)
    if not s:
        return None
    return s if "." in s or not m else f"{m}.{s}"
