"""What may be in a table's log besides what Spark has just written: log compactions, commits of
other times, files that are gone or damaged without loss."""

from __future__ import annotations

import json
import os
import random
import re
import time
import urllib.parse
from pathlib import Path
from typing import Any

COMMIT = re.compile(r"(\d{20})\.json")
# By what a newer action takes the place of an older one.
KEYS = {"txn": "appId", "domainMetadata": "domain"}


def commits(table: Path) -> list[int]:
    names = sorted(file.name for file in (table / "_delta_log").iterdir())
    return [int(match[1]) for name in names if (match := COMMIT.fullmatch(name))]


def commit_file(table: Path, version: int) -> Path:
    return table / "_delta_log" / f"{version:020}.json"


def drop_local_checksum(file: Path) -> None:
    """Hadoop's local file system keeps one beside each file and would tell of a change."""
    file.with_name(f".{file.name}.crc").unlink(missing_ok=True)


def identity(kind: str, action: dict[str, Any]) -> tuple[str, ...]:
    if kind not in ("add", "remove"):
        return (kind, action[KEYS[kind]] if kind in KEYS else "")
    vector = action.get("deletionVector") or {}
    told = [str(vector.get(part, "")) for part in ("storageType", "pathOrInlineDv", "offset")]
    return ("file", urllib.parse.unquote(action["path"]), *told)


def compact(table: Path, first: int, last: int, rnd: random.Random) -> None:
    """Writes the newest action of each, in no order, as some other writer may have done."""
    newest: dict[tuple[str, ...], str] = {}
    for version in range(first, last + 1):
        for line in commit_file(table, version).read_text("utf-8").splitlines():
            for kind, action in json.loads(line).items():
                if kind in ("commitInfo", "cdc"):
                    continue
                if kind in ("add", "remove"):
                    action["dataChange"] = False
                newest[identity(kind, action)] = json.dumps({kind: action}, ensure_ascii=False)
    lines = list(newest.values())
    rnd.shuffle(lines)
    name = f"{first:020}.{last:020}.compacted.json"
    (table / "_delta_log" / name).write_text("\n".join(lines) + "\n", "utf-8")


def move_times(table: Path, rnd: random.Random) -> None:
    """Gives the commits times as copies of a log have them: the same, far apart, going back."""
    at = int(time.time() * 1000) - 40_000_000
    for version in commits(table):
        at += rnd.choice([0, 0, 1, 2, 999, 60_000, -5, -1000])
        os.utime(commit_file(table, version), ns=(at * 1_000_000, at * 1_000_000))


def spoil(table: Path, rnd: random.Random) -> list[str]:
    """Changes nothing that the table means; says what was done."""
    log = table / "_delta_log"
    done = []
    there = commits(table)
    if len(there) > 2 and rnd.random() < 0.4:
        for _ in range(rnd.randint(1, 2)):
            first, last = sorted(rnd.sample(there, 2))
            compact(table, first, last, rnd)
            done.append(f"compact the log from {first} to {last}")
    if rnd.random() < 0.3:
        move_times(table, rnd)
        done.append("move the times of commits")
    if rnd.random() < 0.2:
        (log / "_last_checkpoint").unlink(missing_ok=True)
        done.append("remove _last_checkpoint")
    elif rnd.random() < 0.1:
        (log / "_last_checkpoint").write_text('{"version":')
        done.append("cut off _last_checkpoint")
    for file in log.glob("_last_checkpoint"):
        drop_local_checksum(file)
    if rnd.random() < 0.3:
        for file in log.glob("*.crc"):
            file.unlink()
        done.append("remove *.crc")
    checkpoints = [int(file.name[:20]) for file in log.glob("[0-9]*.checkpoint.*")]
    if checkpoints and rnd.random() < 0.2:
        newest = max(checkpoints)
        for version in there:
            if version < newest:
                commit_file(table, version).unlink()
                drop_local_checksum(commit_file(table, version))
        done.append(f"remove commits before {newest}")
    return done
