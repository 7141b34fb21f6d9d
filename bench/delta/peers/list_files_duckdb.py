"""DuckDB's delta extension lists the table's live files."""

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
files = connection.execute("FROM delta_list_files(?)", [sys.argv[1]]).to_arrow_table()
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "answer": files.num_rows}))
