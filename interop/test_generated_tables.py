"""Tables of random features that Spark makes, read by us as Spark reads them: the rows of several
versions, types, history, change feeds, row ids; and conditions that leave out files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import generated_tables
from compared_tables import faults, spark_answers
from skipped_files import skipping_faults


@pytest.mark.long
@pytest.mark.parametrize("seed", range(24))
def test_tables_of_random_features_are_read_as_spark_reads_them(
    spark: Any, tmp_path: Path, codeanatomy: Path, seed: int
) -> None:
    made = generated_tables.Maker(spark, tmp_path / f"table {seed}", seed).make()
    answers = spark_answers(spark, made)
    assert answers["latest"].error is None
    found = faults(codeanatomy, tmp_path, made, answers)
    found += skipping_faults(codeanatomy, tmp_path, made)
    assert not found, "\n".join([*found, "after:", *made.done])
