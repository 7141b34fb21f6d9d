"""Opening a table whose log names 300,000 files, and listing them."""

from __future__ import annotations

from case import OURS, Case
from paths import ours, peer
from table_300k import MISSING, unpack

CASES = [
    Case(
        name="list-files",
        about="open a table of 300,000 files and 100 columns, name every live file "
        "(ours with all that the log says of it, DuckDB's with its size, delta-rs its path alone)",
        prepare=unpack,
        missing=MISSING,
        peers={
            OURS: lambda table, _: ours("delta_list_files", table),
            "delta-rs": lambda table, _: peer("list_files_delta_rs.py", table),
            "DuckDB's delta extension": lambda table, _: peer("list_files_duckdb.py", table),
        },
    )
]
