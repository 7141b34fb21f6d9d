"""Expressions that tables hold mean to us what they mean to Spark.

A table gets one generated column an expression; we write rows that lack them, and Spark compares
what we generated with what it computes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from upkeep import delta

ROWS = r"""
SELECT * FROM VALUES
  (7, -3L, 100Y, 0.1F, 2.5D, 12.75BD, ' Añ_b ', true, NULL, DATE '2024-02-29',
   TIMESTAMP '2024-03-03 23:30:15.25Z', TIMESTAMP_NTZ '2024-12-31 01:02:03', '42'),
  (-7, 9L, -100Y, -0.5F, -2.5D, -12.75BD, 'a%b', false, 3, DATE '1999-12-31',
   TIMESTAMP '1969-12-31 23:59:59.999999Z', TIMESTAMP_NTZ '2025-01-01 00:00:00', ' -1 '),
  (0, 0L, 0Y, 0.0F, 1e10D, 0.05BD, '', NULL, 0, DATE '0001-01-01',
   TIMESTAMP '2021-01-03 12:00:00Z', TIMESTAMP_NTZ '2020-02-29 12:34:56.789', '+7'),
  (2147483646, 9007199254740993L, 127Y, 1.5F, DOUBLE('NaN'), 99999999.99BD, 'line\nend\n', true, 1,
   DATE '9999-12-31', TIMESTAMP '2038-01-19 03:14:08Z', TIMESTAMP_NTZ '1900-01-01 00:00:01', '0'),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
AS rows(i, l, t, f, d, p, s, b, n, day, ts, local, digits)
"""

EXPRESSIONS = r"""
i = 7
i = 7.0
l < i
t > 99
p >= 12.750
d = 2.5
f = 0.1
f < 1
n <=> 1
n = n
s > ' A'
b IS NOT FALSE
i IS DISTINCT FROM n
day = '2024-02-29'
day < ts
ts > '2021-01-03 12:00:00Z'
local >= '2024-12-31 01:02:03'
i IN (1, 7L)
i NOT IN (1, NULL)
day IN ('2024-02-29', '1999-12-31')
i BETWEEN 7 AND 8
NOT b OR n IS NULL AND i > 0
! b
n <> 0 AND 10 / n > 4
n = 0 OR 10 div n > 4
i / 2
i / 4.0D
i div 2
l div -2
i % 4
l % -4
mod(l, 4)
pmod(i, 3)
i - 1
t - 1Y
l + i
p + 0.005
p - 1
p * 2
p * i
d * 2
1.5 + d
-i
-p
day + 1
day - 29
CASE i WHEN 7 THEN 'seven' WHEN 0 THEN 'zero' ELSE 'other' END
CASE WHEN i > 0 THEN i ELSE 2.5 END
if(b, 1, 2)
coalesce(n, l)
coalesce(n, p)
nvl(n, 5)
nvl2(n, 'a', 'z')
nullif(i, 7)
greatest(i, n, 9)
least(i, l)
s LIKE '%ñ\_b_'
s LIKE 'a\%b'
s LIKE '_%'
s RLIKE 'ñ'
s RLIKE '^ A.*b $'
s RLIKE 'end$'
s RLIKE 'line.end'
s RLIKE '^\\s|[0-9]'
s LIKE 'a|%b' ESCAPE '|'
CAST(p AS INT)
CAST(p AS DECIMAL(10, 1))
CAST(f AS INT)
CAST(digits AS INT)
CAST(digits AS BIGINT)
CAST(digits AS DOUBLE)
double(' NaN')
CAST('-Infinity' AS FLOAT)
CAST('+inf' AS DOUBLE)
CAST(digits AS DECIMAL(5, 2))
CAST(i AS STRING)
CAST(p AS STRING)
CAST(b AS INT)
CAST(b AS STRING)
CAST(i AS BOOLEAN)
CAST(l AS DOUBLE)
CAST(l AS FLOAT)
CAST(i AS DECIMAL(12, 2))
CAST(day AS STRING)
CAST(ts AS DATE)
CAST(local AS DATE)
CAST(ts AS TIMESTAMP_NTZ)
CAST(local AS TIMESTAMP)
CAST(day AS TIMESTAMP)
CAST(s AS BINARY)
length(s)
upper(s)
lower(s)
trim(s)
ltrim(s)
rtrim(s)
substring(s, 2, 2)
substring(s, 0, 2)
substr(s, 4)
substring(s, -2)
left(s, 2)
right(s, 2)
concat(s, i, '!')
s || '-' || l
concat_ws('-', s, digits)
replace(s, 'b', '..')
replace(s, ' ')
lpad(digits, 4, '*')
rpad(s, 3, 'xy')
startswith(s, ' A')
endswith(s, 'b ')
contains(s, '%')
instr(s, 'b')
locate('b', s)
year(ts)
quarter(day)
month(local)
day(ts)
dayofyear(day)
dayofweek(ts)
weekday(ts)
weekofyear(local)
weekofyear(ts)
hour(ts)
minute(ts)
second(ts)
second(local)
extract(MONTH FROM day)
to_date(ts)
date_trunc('YEAR', ts)
date_trunc('quarter', local)
date_trunc('MONTH', local)
date_trunc('week', ts)
date_trunc('hour', ts)
date_trunc('DAY', day)
trunc(day, 'year')
trunc(ts, 'WEEK')
date_format(ts, 'yyyy-MM-dd')
date_format(ts, 'yyyy-MM-dd HH:mm:ss.SSS')
date_format(local, "yyyyMMdd'T'HHmmss")
date_format(day, 'yyyy-MM')
date_format(ts, 'yy DDD hh SSSSSS')
date_sub(day, 30)
date_add(ts, 3)
add_months(ts, 1)
add_months(local, -10)
datediff(ts, day)
last_day(ts)
abs(i)
abs(p)
round(p)
round(p, 1)
round(f)
floor(f)
ceil(f)
floor(p)
ceil(p)
sqrt(i)
isnan(d)
isnull(n)
1e3
1.50
0.05
92233720368547758080
-2147483648
TIMESTAMP '2024-02-29 12:00:00+02:00'
"double quoted"
'tab\tand \u00e9'
""".strip().splitlines()


def add_generated_columns(table: Path, columns: dict[str, tuple[str, Any]]) -> None:
    """Another version with these columns: by name, their expressions and types."""
    actions = [
        json.loads(line)
        for line in (table / "_delta_log" / f"{0:020}.json").read_text("utf-8").splitlines()
    ]
    protocol = next(action for action in actions if "protocol" in action)
    protocol["protocol"]["writerFeatures"].append("generatedColumns")
    metadata = next(action for action in actions if "metaData" in action)
    schema = json.loads(metadata["metaData"]["schemaString"])
    for name, (expression, column_type) in columns.items():
        schema["fields"].append(
            {
                "name": name,
                "type": column_type,
                "nullable": True,
                "metadata": {"delta.generationExpression": expression},
            }
        )
    metadata["metaData"]["schemaString"] = json.dumps(schema)
    (table / "_delta_log" / f"{1:020}.json").write_text(
        f"{json.dumps(protocol)}\n{json.dumps(metadata)}\n", "utf-8"
    )


def test_we_generate_what_spark_computes(spark: Any, codeanatomy: Path, tmp_path: Path) -> None:
    table, source = tmp_path / "table", tmp_path / "rows.parquet"
    spark.sql(ROWS).createOrReplaceTempView("base_rows")
    pq.write_table(spark.sql("SELECT * FROM base_rows").toArrow(), source)
    typed = spark.sql(f"SELECT {', '.join(EXPRESSIONS)} FROM base_rows").schema
    columns = {
        f"g{number}": (text, field)
        for number, (text, field) in enumerate(zip(EXPRESSIONS, typed, strict=True))
    }
    delta(codeanatomy, "write", table, "--from", source)
    add_generated_columns(
        table,
        {name: (text, field.dataType.jsonValue()) for name, (text, field) in columns.items()},
    )
    delta(codeanatomy, "write", table, "--from", source)

    # The rows of the first write have none of the columns.
    written = spark.read.format("delta").load(str(table)).where("g0 IS NOT NULL OR g8 IS NOT NULL")
    assert written.count() == spark.sql(ROWS).count()
    differences = written.selectExpr(
        *(f"count_if(NOT ({name} <=> ({text}))) AS {name}" for name, (text, _) in columns.items())
    ).first()
    wrong = {
        text: written.selectExpr(name, text, "i").collect()
        for name, (text, _) in columns.items()
        if differences[name]
    }
    assert wrong == {}
