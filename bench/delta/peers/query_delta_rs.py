"""delta-rs opens the table and runs a query over it, called t, with DataFusion."""

import json
import sys
import time

import deltalake

table, sql = sys.argv[1:]
started = time.perf_counter()
query = deltalake.QueryBuilder().register("t", deltalake.DeltaTable(table))
rows = query.execute(sql).read_all()
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "answer": rows.column(0)[0].as_py()}))
