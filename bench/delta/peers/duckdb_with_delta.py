"""DuckDB with its delta extension, from the package that holds it; nothing is fetched."""

from pathlib import Path

import duckdb
import duckdb_extension_delta


def connect() -> duckdb.DuckDBPyConnection:
    packaged = Path(duckdb_extension_delta.__file__).parent / "extensions"
    (extension,) = packaged.glob("*/delta.duckdb_extension")
    connection = duckdb.connect(config={"autoinstall_known_extensions": False})
    connection.load_extension(str(extension))
    return connection
