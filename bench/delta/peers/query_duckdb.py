"""DuckDB runs a query over the table with its delta extension."""

import json
import sys
import time
from pathlib import Path

import duckdb
import duckdb_extension_delta

packaged = Path(duckdb_extension_delta.__file__).parent / "extensions"
(extension,) = packaged.glob("*/delta.duckdb_extension")
connection = duckdb.connect(config={"autoinstall_known_extensions": False})
connection.load_extension(str(extension))
started = time.perf_counter()
rows = connection.execute(sys.argv[1]).to_arrow_table()
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "answer": rows.column(0)[0].as_py()}))
