"""delta-rs writes the rows of a folder of Parquet files to a new table."""

import json
import sys
import time

import deltalake
import pyarrow.dataset

started = time.perf_counter()
source = pyarrow.dataset.dataset(sys.argv[1], format="parquet")
deltalake.write_deltalake(sys.argv[2], source.scanner().to_reader())
seconds = time.perf_counter() - started
added = deltalake.DeltaTable(sys.argv[2]).get_add_actions(flatten=True)
rows = sum(added.column("num_records").to_pylist())
print(json.dumps({"seconds": seconds, "answer": rows}))
