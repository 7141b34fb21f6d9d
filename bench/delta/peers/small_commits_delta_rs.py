"""delta-rs appends one row a commit, through one table object."""

import json
import sys
import time

import deltalake
import pyarrow

location, commits = sys.argv[1], int(sys.argv[2])


def row(number: int) -> pyarrow.Table:
    return pyarrow.table({"id": [number], "text": [f"row {number}"]})


started = time.perf_counter()
deltalake.write_deltalake(location, row(0), configuration={"delta.checkpointInterval": "100"})
table = deltalake.DeltaTable(location)
for number in range(1, commits):
    deltalake.write_deltalake(table, row(number), mode="append")
seconds = time.perf_counter() - started
added = deltalake.DeltaTable(location).get_add_actions(flatten=True)
rows = sum(added.column("num_records").to_pylist())
print(json.dumps({"seconds": seconds, "answer": rows}))
