"""Tables in a bucket: ours and those of delta-rs, on moto's server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import boto3
import deltalake
import duckdb
import duckdb_extension_httpfs
import pyarrow as pa
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import races
import readers
import upkeep

KEY, SECRET, TOKEN = "test-key", "test/secret+with=signs", "token/+="
BUCKET = "tables"


@dataclass(frozen=True)
class Bucket:
    """An empty bucket and what programs need to know to use it."""

    endpoint: str
    client: Any

    @property
    def environment(self) -> dict[str, str]:
        (extension,) = Path(duckdb_extension_httpfs.__file__).parent.rglob(
            "httpfs.duckdb_extension"
        )
        return {
            **os.environ,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "CODEANATOMY_HTTPFS": str(extension),
        }

    @property
    def storage_options(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true",
        }

    def log(self, table: str) -> list[tuple[str, str]]:
        prefix = f"{table}/_delta_log/"
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        keys = [item["Key"] for page in pages for item in page["Contents"]]
        return [
            (
                key.removeprefix(prefix),
                self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode(),
            )
            for key in keys
            if key.endswith(".json")
        ]

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """What delta-rs reads."""
        opened = deltalake.DeltaTable(
            f"s3://{BUCKET}/{table}", storage_options=self.storage_options
        )
        return readers.from_arrow(opened.to_pyarrow_table()).rows


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "s3_server.py")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout
        endpoint = f"http://127.0.0.1:{int(server.stdout.readline())}"
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )
        client.create_bucket(Bucket=BUCKET)
        yield Bucket(endpoint, client)
    finally:
        server.kill()
        server.wait()


def sql(codeanatomy: Path, query: str, environment: dict[str, str]) -> str:
    run = subprocess.run(
        [codeanatomy, "sql", query, "--format", "csv"],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_server_honours_conditional_puts(bucket: Bucket) -> None:
    bucket.client.put_object(Bucket=BUCKET, Key="k", Body=b"first", IfNoneMatch="*")

    with pytest.raises(bucket.client.exceptions.ClientError, match="PreconditionFailed"):
        bucket.client.put_object(Bucket=BUCKET, Key="k", Body=b"second", IfNoneMatch="*")


def test_delta_rs_reads_and_appends_to_what_we_wrote(
    bucket: Bucket, append_rows: Path, codeanatomy: Path
) -> None:
    location = f"s3://{BUCKET}/a b/täble"
    races.run_together(
        [races.our_writer(append_rows, location, "ours", 3)], environment=bucket.environment
    )
    assert bucket.rows("a b/täble") == [("ours", number) for number in range(3)]

    more = pa.table({"writer": ["theirs"], "number": pa.array([7], pa.int64())})
    deltalake.write_deltalake(location, more, mode="append", storage_options=bucket.storage_options)

    query = f"SELECT writer, number FROM delta_scan('{location}') ORDER BY ALL"
    assert sql(codeanatomy, query, bucket.environment).splitlines() == [
        "writer,number",
        "ours,0",
        "ours,1",
        "ours,2",
        "theirs,7",
    ]


def test_a_run_reads_its_inputs_from_a_bucket_and_writes_its_outputs_there(
    bucket: Bucket, codeanatomy: Path, tmp_path: Path
) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "main.py").write_text("def f():\n    return g()\n", "utf-8")

    run = subprocess.run(
        [codeanatomy, "extract", tmp_path / "source", "--out", f"s3://{BUCKET}/facts"],
        capture_output=True,
        text=True,
        timeout=60,
        env=bucket.environment,
    )

    assert run.returncode == 0, run.stderr
    assert [row[1:3] for row in bucket.rows("facts/ts_defs_v1")] != []
    query = f"SELECT name FROM delta_scan('s3://{BUCKET}/facts/ts_defs_v1')"
    assert sql(codeanatomy, query, bucket.environment).splitlines() == ["name", "f"]


def test_a_table_in_a_bucket_is_maintained(
    append_rows: Path, codeanatomy: Path, bucket: Bucket
) -> None:
    table = f"s3://{BUCKET}/maintained"
    races.run_together([races.our_writer(append_rows, table, "w", 5)], bucket.environment)

    def maintain(*arguments: str) -> str:
        command, *rest = arguments
        return upkeep.delta(codeanatomy, command, table, *rest, environment=bucket.environment)

    assert "5 files" in maintain("optimize")
    assert maintain("optimize") == "nothing to do\n"
    assert maintain("checkpoint").startswith("version 6: checkpoint of ")
    assert "would go" in maintain("vacuum", "--dry-run")
    assert maintain("vacuum").startswith("removed 0 files")
    assert "no commit is older" in maintain("cleanup")
    assert "every row meets" in maintain("constraint", "add", "known", "number >= 0")
    assert "no faults" in maintain("verify")
    assert bucket.rows("maintained") == races.expected_rows(["w"], 5)
    opened = deltalake.DeltaTable(table, storage_options=bucket.storage_options)
    assert (opened.version(), len(opened.file_uris())) == (7, 1)

    (file,) = opened.file_uris()
    bucket.client.delete_object(Bucket=BUCKET, Key=file.removeprefix(f"s3://{BUCKET}/"))
    with pytest.raises(AssertionError, match="cannot be found: there is no such object"):
        maintain("verify")


@pytest.mark.parametrize("partitioned", [False, True])
def test_uploads_fit_into_a_low_memory_limit(
    bucket: Bucket, codeanatomy: Path, tmp_path: Path, partitioned: bool
) -> None:
    source = tmp_path / "rows.parquet"
    duckdb.sql(
        "SELECT range AS id, range % 50 AS p, md5(range::VARCHAR) AS text FROM range(1_000_000)"
    ).write_parquet(str(source))
    run = subprocess.run(
        [codeanatomy, "delta", "write", f"s3://{BUCKET}/low", "--from", source, "--threads", "2"]
        + ["--memory-limit", "160MiB"]
        + (["--partition-by", "p"] if partitioned else []),
        capture_output=True,
        text=True,
        timeout=120,
        env=bucket.environment,
    )
    assert run.returncode == 0, run.stderr
    table = f"delta_scan('s3://{BUCKET}/low')"
    query = f"SELECT count(*), sum(id), count(DISTINCT text) FROM {table}"
    expected = "1000000,499999500000,1000000"
    assert sql(codeanatomy, query, bucket.environment).splitlines()[1] == expected
    assert "no faults" in upkeep.delta(
        codeanatomy, "verify", f"s3://{BUCKET}/low", environment=bucket.environment
    )


def test_deletion_vectors_in_a_bucket_are_read(codeanatomy: Path, bucket: Bucket) -> None:
    table = f"s3://{BUCKET}/deleted"
    deltalake.write_deltalake(
        table,
        pa.table({"n": range(100)}),
        configuration={"delta.enableDeletionVectors": "true"},
        storage_options=bucket.storage_options,
    )
    for condition in ("n < 10", "n = 99"):
        upkeep.delta(
            codeanatomy, "delete", table, "--where", condition, environment=bucket.environment
        )
    query = f"SELECT count(*) AS rows, min(n) AS first, max(n) AS last FROM delta_scan('{table}')"
    assert sql(codeanatomy, query, bucket.environment) == "rows,first,last\n89,10,98\n"
    assert any('"deletionVector":{' in text for _, text in bucket.log("deleted"))


def test_without_the_extension_the_error_says_what_is_missing(
    bucket: Bucket, codeanatomy: Path, append_rows: Path
) -> None:
    location = f"s3://{BUCKET}/table"
    races.run_together(
        [races.our_writer(append_rows, location, "ours", 1)], environment=bucket.environment
    )
    environment = bucket.environment
    del environment["CODEANATOMY_HTTPFS"]

    run = subprocess.run(
        [codeanatomy, "sql", f"SELECT * FROM delta_scan('{location}')"],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
    )

    assert run.returncode == 2
    assert run.stderr.startswith("error[HTTPFS_MISSING] validation: ")
    assert "set CODEANATOMY_HTTPFS" in run.stderr


@pytest.mark.parametrize(
    ("processes", "count"), [(4, 5), pytest.param(8, 50, marks=pytest.mark.long)]
)
@pytest.mark.parametrize("with_delta_rs", [False, True], ids=["ours", "ours and delta-rs"])
def test_writers_lose_and_double_nothing(
    processes: int, count: int, with_delta_rs: bool, bucket: Bucket, append_rows: Path
) -> None:
    writers = [f"w{number}" for number in range(processes)]
    location = f"s3://{BUCKET}/table"
    races.run_together(
        [races.our_writer(append_rows, location, "first", 0)], environment=bucket.environment
    )
    races.run_together(
        [
            races.delta_rs_writer(location, writer, count, bucket.storage_options)
            if with_delta_rs and number % 2
            else races.our_writer(append_rows, location, writer, count)
            for number, writer in enumerate(writers)
        ],
        environment=bucket.environment,
    )

    races.check_versions(bucket.log("table"), commits=processes * count + 1)
    assert bucket.rows("table") == races.expected_rows(writers, count)


class SignatureCheck(BaseHTTPRequestHandler):
    """Answers with an empty listing, and notes signatures that botocore would not have made."""

    wrong: ClassVar[list[str]]
    seen: ClassVar[list[str]]

    def check(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        given = self.headers["Authorization"]
        signed = re.search("SignedHeaders=([^,]*)", given)
        assert signed
        request = AWSRequest(
            method=self.command,
            url=f"http://{self.headers['Host']}{self.path}",
            headers={name: self.headers[name] or "" for name in signed[1].split(";")},
        )
        request.context["timestamp"] = self.headers["X-Amz-Date"]
        signer = Signer(Credentials(KEY, SECRET, TOKEN), "s3", "us-east-1")
        canonical = signer.canonical_request(request)
        expected = signer.signature(signer.string_to_sign(request, canonical), request)
        self.seen.append(self.command)
        if not given.endswith(f"Signature={expected}"):
            self.wrong.append(f"{self.command} {self.path} {given}\n{canonical}")

    def answer(self) -> None:
        self.check()
        listing = b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
        is_listing = "list-type" in self.path
        self.send_response(200 if is_listing or self.command != "GET" else 404)
        self.send_header("Content-Length", str(len(listing) if is_listing else 0))
        self.end_headers()
        if is_listing:
            self.wfile.write(listing)

    do_GET = do_PUT = do_DELETE = answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass


class Signer(SigV4Auth):
    """S3 does not escape paths twice, nor takes away their dots."""

    def _normalize_url_path(self, path: str) -> str:
        return path

    def headers_to_sign(self, request: AWSRequest) -> Any:
        return request.headers


def test_requests_are_signed_as_botocore_signs_them(append_rows: Path) -> None:
    class Check(SignatureCheck):
        wrong: ClassVar[list[str]] = []
        seen: ClassVar[list[str]] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Check)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {
        **os.environ,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": TOKEN,
        "AWS_REGION": "us-east-1",
    }

    races.run_together(
        [races.our_writer(append_rows, "s3://bucket/a b/ä+=%~(t)", "w", 0)], environment
    )

    server.shutdown()
    server.server_close()
    assert not Check.wrong
    assert {"GET", "PUT"} <= set(Check.seen)
