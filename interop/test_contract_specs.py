"""Spec hashes and what is refused in a spec's form, against contract/spec-v4.md read anew."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from blake3_reference import blake3_hex
from spec_form import Pairs, Places, canonical, json_text, path_text, random_spec, replaced

SEED = 20261126
SPECS = 80


def spec_hash(codeanatomy: Path, file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [codeanatomy, "hash", file, "--errors", "json"],
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_blake3_of_the_papers_examples() -> None:
    assert blake3_hex(b"").startswith("af1349b9f5f9a1a6a0404dea36dcc949")
    numbers = bytes(i % 251 for i in range(5121))
    assert blake3_hex(numbers).startswith("628bd2cb2004694adaab7bbd778a25df")


def test_hashes_of_random_specs(codeanatomy: Path, tmp_path: Path) -> None:
    r = random.Random(SEED)
    specs = [random_spec(r) for _ in range(SPECS)]
    files = [tmp_path / f"{i}.json" for i in range(SPECS)]
    for spec, file in zip(specs, files, strict=True):
        file.write_text(json_text(spec, r), "utf-8")
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda file: spec_hash(codeanatomy, file), files))
    for spec, file, run in zip(specs, files, runs, strict=True):
        assert run.returncode == 0, (file.read_text("utf-8"), run.stderr)
        assert run.stdout.strip() == blake3_hex(canonical(spec).encode()), file.read_text("utf-8")


# Faults: each makes a field of an object wrong, and gives the fields' last step and what the
# message says of it.
Fault = Callable[[random.Random, Pairs], tuple[Pairs, str, str] | None]


def with_unknown_field(r: random.Random, value: Pairs) -> tuple[Pairs, str, str]:
    pairs = list(value.pairs)
    pairs.insert(r.randint(0, len(pairs)), ("Name", 1))
    return Pairs(tuple(pairs)), "Name", "unknown field"


def with_repeated_field(r: random.Random, value: Pairs) -> tuple[Pairs, str, str] | None:
    if not value.pairs:
        return None
    name, member = r.choice(value.pairs)
    return Pairs((*value.pairs, (name, member))), name, "is repeated"


def with_number_for_field(r: random.Random, value: Pairs) -> tuple[Pairs, str, str] | None:
    texts = [
        i for i, (_, member) in enumerate(value.pairs) if isinstance(member, str | list | Pairs)
    ]
    if not texts:
        return None
    place = r.choice(texts)
    name = value.pairs[place][0]
    pairs = [(k, 1.5 if i == place else member) for i, (k, member) in enumerate(value.pairs)]
    return Pairs(tuple(pairs)), name, "found a number"


def faulty_spec(r: random.Random, fault: Fault) -> tuple[Pairs, str, str]:
    while True:
        spec = random_spec(r)
        places = Places()
        places.walk(spec)
        at, value = r.choice(places.found)
        is_map = at and at[-1] in (
            "columns",
            "write_metadata",
            "lineage_tags",
            "otel_resource_attributes",
            "custom_span_fields",
        )
        if is_map and fault is with_unknown_field:
            continue
        made = fault(r, value)
        if made is None or made[1] == "params":
            continue
        return replaced(spec, at, made[0]), path_text((*at, made[1])), made[2]


@pytest.mark.parametrize("fault", [with_unknown_field, with_repeated_field, with_number_for_field])
def test_faults_of_random_specs_are_told_with_their_paths(
    codeanatomy: Path, tmp_path: Path, fault: Fault
) -> None:
    r = random.Random(f"{SEED} {fault.__name__}")
    for i in range(25):
        spec, path, words = faulty_spec(r, fault)
        file = tmp_path / f"{i}.json"
        file.write_text(json_text(spec, r), "utf-8")
        run = spec_hash(codeanatomy, file)
        assert run.returncode == 2, (path, run.stdout)
        error: dict[str, Any] = json.loads(run.stderr)
        assert error["code"] == "INVALID_SPEC_JSON"
        assert error["details"]["path"] == path
        assert words in error["message"]
        assert "\n" not in run.stderr.rstrip("\n")
