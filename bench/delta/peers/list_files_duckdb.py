"""DuckDB's delta extension lists the table's live files."""

import json
import sys
import time

import duckdb_with_delta

connection = duckdb_with_delta.connect()
started = time.perf_counter()
files = connection.execute("FROM delta_list_files(?)", [sys.argv[1]]).to_arrow_table()
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "answer": files.num_rows}))
