"""delta-rs writes the rows of a folder of Parquet files to a new table, synced with `--sync`."""

import json
import os
import sys
import time
from pathlib import Path

import deltalake
import pyarrow.dataset


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


started = time.perf_counter()
source = pyarrow.dataset.dataset(sys.argv[1], format="parquet")
deltalake.write_deltalake(sys.argv[2], source.scanner().to_reader())
if "--sync" in sys.argv:
    sync_tree(Path(sys.argv[2]))
seconds = time.perf_counter() - started
added = deltalake.DeltaTable(sys.argv[2]).get_add_actions(flatten=True)
rows = sum(added.column("num_records").to_pylist())
print(json.dumps({"seconds": seconds, "answer": rows}))
