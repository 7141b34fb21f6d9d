"""What Spark and we read from one table, and in what we differ."""

from __future__ import annotations

import datetime
import json
import random
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

import readers
from generated_tables import Made, first_line


@dataclass
class Answer:
    """What Spark reads: an Arrow table, or its error's first line."""

    rows: Any = None
    error: str | None = None


def ask(read: Callable[[], Any]) -> Answer:
    try:
        return Answer(rows=read())
    except Exception as error:
        return Answer(error=first_line(error))


def moment(ms: int) -> str:
    """In UTC, as Spark's options take it."""
    at = datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC)
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def spark_answers(spark: Any, made: Made) -> dict[str, Any]:
    """By what was asked for: the latest rows, those of versions, changes, times, row ids."""
    from pyspark.sql import functions

    # What it remembers may be older than what was done to the log by hand.
    spark._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()
    # The protocol knows no CHAR: such columns hold the texts that were written.
    spark.conf.set("spark.sql.readSideCharPadding", "false")
    rnd = random.Random(made.seed)
    path = str(made.path)

    def load(**options: Any) -> Any:
        return spark.read.format("delta").options(**options).load(path)

    history = [
        (row.version, row.ms, row.operation)
        for row in spark.sql(f"DESCRIBE HISTORY delta.`{path}`")
        .selectExpr("version", "unix_millis(timestamp) AS ms", "operation")
        .collect()
    ]
    newest = history[0][0]
    answers: dict[str, Any] = {"history": history, "latest": ask(lambda: load().toArrow())}
    versions = [version for version, _, _ in history]
    for version in rnd.sample(versions, min(3, len(versions))):
        answers[f"version {version}"] = ask(lambda v=version: load(versionAsOf=v).toArrow())
    # A range may start before the feed was turned on, so some are refused.
    ranges = {(versions[-1], newest)} | {
        tuple(sorted(rnd.choices(versions, k=2))) for _ in range(3)
    }
    for first, last in sorted(ranges):
        answers[f"changes {first} {last}"] = ask(
            lambda f=first, t=last: (
                load(readChangeFeed="true", startingVersion=f, endingVersion=t)
                .withColumn("_commit_timestamp", functions.expr("unix_millis(_commit_timestamp)"))
                .toArrow()
            )
        )
    for first, last in sorted(ranges):
        since, until = (
            next(ms for version, ms, _ in history if version == end) + rnd.choice([0, 0, 1, -1])
            for end in (first, last)
        )
        answers[f"changes_at {since} {until}"] = ask(
            lambda s=since, u=until: (
                load(readChangeFeed="true", startingTimestamp=moment(s), endingTimestamp=moment(u))
                .withColumn("_commit_timestamp", functions.expr("unix_millis(_commit_timestamp)"))
                .toArrow()
            )
        )
    answers["row ids"] = ask(
        lambda: (
            load()
            .selectExpr("id", "_metadata.row_id AS r", "_metadata.row_commit_version AS v")
            .toArrow()
        )
    )
    return answers


class Ours:
    """Runs our binary and gives Arrow tables."""

    def __init__(self, codeanatomy: Path, made: Made, scratch: Path) -> None:
        self.codeanatomy, self.path, self.scratch = codeanatomy, made.path, scratch
        self.table = "delta_scan(" + "'" + str(made.path).replace("'", "''") + "')"

    def read(self, *command: object) -> Answer:
        out = self.scratch / "ours.parquet"
        done = subprocess.run(
            [self.codeanatomy, *map(str, command), "--format", "parquet", "-o", out],
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode:
            assert done.returncode in (1, 2), (command, done.stderr)
            return Answer(error=done.stderr)
        return Answer(rows=pq.read_table(out))

    def sql(self, query: str) -> Answer:
        return self.read("sql", query)

    def scan(self, *more: object) -> Answer:
        return self.read("delta", "scan", self.path, *more)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def in_words(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> str:
    """Registers the rows; a query for them with each column as text. The zeros are one: DuckDB's
    Parquet writer, which hands us our rows, takes them for the same value."""
    connection.register(name, rows)
    columns = ", ".join(
        f"regexp_replace({quoted(column)}::VARCHAR, '-0\\.0($|[^0-9e])', '0.0\\1', 'g')"
        for column in rows.column_names
    )
    return f"SELECT {columns} FROM {name}"


def difference(ours: pa.Table, theirs: pa.Table) -> str:
    """What differs, or nothing."""
    types = [
        [(field.name, readers.delta_type(field.type)) for field in rows.schema]
        for rows in (ours, theirs)
    ]
    if types[0] != types[1]:
        return f"columns {types[0]}, in Spark {types[1]}"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        left = in_words(connection, "ours", ours)
        right = in_words(connection, "theirs", theirs)
        found = []
        for what, one, other in (("only ours", left, right), ("only Spark's", right, left)):
            rows = connection.execute(f"({one}) EXCEPT ALL ({other})").fetchall()
            if rows:
                found.append(f"{len(rows)} rows {what}, such as {rows[:2]}")
        return "; ".join(found)


def compare(what: str, ours: Answer, theirs: Answer) -> list[str]:
    """What differs. Where they refuse, such as a change feed over another schema, we need not."""
    if theirs.error is not None:
        return []
    if ours.error is not None:
        return [f"{what}: ours is refused: {ours.error}"]
    differs = difference(ours.rows, theirs.rows)
    return [f"{what}: {differs}"] if differs else []


def changes(ours: Ours, *ends: object) -> Answer:
    answer = ours.read("delta", "changes", ours.path, *ends)
    if answer.rows is not None:
        index = answer.rows.column_names.index("_commit_timestamp")
        ms = answer.rows.column(index).cast(pa.timestamp("ms", "UTC"), safe=False).cast(pa.int64())
        answer = Answer(rows=answer.rows.set_column(index, "_commit_timestamp", ms))
    return answer


def faults(codeanatomy: Path, scratch: Path, made: Made, answers: dict[str, Any]) -> list[str]:
    """Everything in which we differ from Spark."""
    ours = Ours(codeanatomy, made, scratch)
    latest = ours.scan()
    found = compare("latest", latest, answers["latest"])
    for what, answer in answers.items():
        name, *numbers = what.split()
        if name == "version":
            found += compare(what, ours.scan("--version", numbers[0]), answer)
        elif name == "changes":
            found += compare(what, changes(ours, "--from", numbers[0], "--to", numbers[1]), answer)
        elif name == "changes_at":
            since, until = (moment(int(ms)).replace(" ", "T") + "Z" for ms in numbers)
            ends = ("--from-timestamp", since, "--to-timestamp", until)
            found += compare(what, changes(ours, *ends), answer)
    if answers["row ids"].error is None:
        rows = ours.sql(f"SELECT id, _row_id r, _row_commit_version v FROM {ours.table}")
        found += compare("row ids", rows, answers["row ids"])
    found += history_faults(ours, made, answers)
    return found


def history_faults(ours: Ours, made: Made, answers: dict[str, Any]) -> list[str]:
    out = subprocess.run(
        [ours.codeanatomy, "delta", "history", ours.path, "--format", "jsonl"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    if out.returncode:
        return [f"history: {out.stderr}"]
    entries = [json.loads(line) for line in out.stdout.splitlines()]
    mine = [
        (
            entry["version"],
            round(datetime.datetime.fromisoformat(entry["timestamp"]).timestamp() * 1000),
            entry["operation"],
        )
        for entry in entries
    ]
    found = [] if mine == answers["history"] else [f"history: {mine} for {answers['history']}"]
    rnd = random.Random(made.seed)
    for version, ms, _ in rnd.sample(answers["history"], min(3, len(answers["history"]))):
        for offset in (0, 1):
            at = datetime.datetime.fromtimestamp((ms + offset) / 1000, datetime.UTC).isoformat()
            by_time = ours.scan("--timestamp", at)
            newer = [m for v, m, _ in answers["history"] if v > version]
            if newer and min(newer) <= ms + offset:
                continue
            if not newer and offset:
                continue
            by_version = ours.scan("--version", version)
            if by_version.error:
                continue
            if by_time.error:
                found.append(f"at {at}: {by_time.error}")
            elif differs := difference(by_time.rows, by_version.rows):
                found.append(f"at {at}, version {version}: {differs}")
    return found
