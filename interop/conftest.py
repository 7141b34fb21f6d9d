"""What the interop tests share: our binary, one Spark session, and the readers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import readers

SOURCE_DIR = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-matrix",
        action="store_true",
        help="write the feature matrix that was found to docs/delta.md",
    )


@pytest.fixture(scope="session")
def codeanatomy() -> Path:
    """The release binary, or the one that CODEANATOMY_BINARY names."""
    binary = Path(
        os.environ.get("CODEANATOMY_BINARY", SOURCE_DIR / "build" / "release" / "codeanatomy")
    )
    assert binary.exists(), f"{binary} is missing; run make build"
    return binary


def test_program(name: str) -> Path:
    program = SOURCE_DIR / "build" / "release" / "tests" / name
    assert program.exists(), f"{program} is missing; run make build"
    return program


@pytest.fixture(scope="session")
def failing_calls() -> Path:
    """A library that makes a process's calls fail: interop/failing_calls.c."""
    return test_program("failing_calls.so")


@pytest.fixture(scope="session")
def sidecar_checkpoint() -> Path:
    """A program that writes checkpoints with small sidecars: duck/sidecar_checkpoint_program.cc."""
    return test_program("sidecar_checkpoint")


@pytest.fixture(scope="session")
def append_rows() -> Path:
    """A program that appends rows one commit each: append_rows LOCATION WRITER COUNT."""
    return test_program("append_rows")


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One Spark session with Delta for all tests; nothing is fetched when it starts."""
    from pyspark.sql import SparkSession

    jars = sorted((SOURCE_DIR / "build" / "jars").glob("*.jar"))
    assert jars, "build/jars is empty; run make interop"
    scratch = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.driver.memory": "1g",
        "spark.driver.extraClassPath": ":".join(map(str, jars)),
        "spark.driver.extraJavaOptions": (
            "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=192m "
            f"-Duser.timezone=UTC -Dderby.system.home={scratch}"
        ),
        "spark.local.dir": str(scratch / "local"),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.databricks.delta.snapshotPartitions": "1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = SparkSession.builder.appName("interop").master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def read_spark(spark: Any) -> readers.Reader:
    return readers.spark_reader(spark)


@pytest.fixture(scope="session")
def read_delta_rs() -> readers.Reader:
    return readers.read_delta_rs


@pytest.fixture(scope="session")
def read_duckdb() -> readers.Reader:
    return readers.read_duckdb


@pytest.fixture(scope="session")
def read_polars() -> readers.Reader:
    return readers.read_polars


@pytest.fixture(scope="session")
def all_readers(
    read_spark: readers.Reader,
    read_delta_rs: readers.Reader,
    read_duckdb: readers.Reader,
    read_polars: readers.Reader,
) -> dict[str, readers.Reader]:
    """The readers by name, to hold one table against all of them."""
    return {
        "Spark": read_spark,
        "delta-rs": read_delta_rs,
        "DuckDB": read_duckdb,
        "Polars": read_polars,
    }
