"""DuckDB runs a query over the table with its delta extension."""

import json
import sys
import time

import duckdb_with_delta

connection = duckdb_with_delta.connect()
started = time.perf_counter()
rows = connection.execute(sys.argv[1]).to_arrow_table()
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "answer": rows.column(0)[0].as_py()}))
