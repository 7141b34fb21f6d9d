#!/usr/bin/env python3
"""clang_tidy.py [--no-tests] BUILD_DIR [FOLDER...]: runs clang-tidy over the files of ours that
BUILD_DIR, configured with CODEANATOMY_UNITY=OFF, would compile, or over those below the folders.

A file that was clean is not looked at again until it, a header of ours that it includes, its
compile command or the configuration changes: the cache folder remembers, for all clones.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE_FOLDERS = (ROOT, ROOT / "delta" / "include")
CLANG_TIDY = ROOT / "build" / "venv" / "bin" / "clang-tidy"

# What tests need not be: their fixtures are GoogleTest's kind of classes, their constants may throw
# before main, they run commands, they need not be fast. And the analyzer, two thirds of the time
# that a test takes, looks for what the sanitizers find when it runs.
NOT_FOR_TESTS = ",".join(
    f"-{check}"
    for check in (
        "bugprone-command-processor",
        "bugprone-throwing-static-initialization",
        "clang-analyzer-*",
        "cppcoreguidelines-virtual-class-destructor",
        "misc-multiple-inheritance",
        "performance-*",
    )
)


def cache_dir() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("CODEANATOMY_CACHE") or Path(base) / "codeanatomy") / "lint"


@functools.cache
def included_by(file: Path) -> frozenset[Path]:
    """The headers of ours that a file includes, also through others."""
    found: set[Path] = set()
    for name in re.findall(r'^#include "(.+)"', file.read_text(), re.MULTILINE):
        for folder in INCLUDE_FOLDERS:
            header = folder / name
            if header.is_file() and header not in found:
                found |= {header, *included_by(header)}
    return frozenset(found)


def is_test(file: str) -> bool:
    return file.endswith("_test.cc")


def digest(command: dict[str, str], configuration: bytes) -> str:
    state = hashlib.sha256(configuration)
    if is_test(command["file"]):
        state.update(NOT_FOR_TESTS.encode())
    state.update(command["command"].replace(str(ROOT), "").encode())
    file = Path(command["file"])
    for path in sorted({file, *included_by(file)}):
        state.update(str(path.relative_to(ROOT)).encode())
        state.update(path.read_bytes())
    return state.hexdigest()


def check(file: str, build: Path, mark: Path) -> str:
    """What clang-tidy finds in the file; nothing, and a mark in the cache, when it is clean."""
    options = ["--quiet", *([f"--checks={NOT_FOR_TESTS}"] if is_test(file) else [])]
    run = subprocess.run(
        [CLANG_TIDY, "-p", str(build), *options, file], capture_output=True, text=True, check=False
    )
    if run.returncode == 0:
        mark.touch()
        return ""
    return run.stdout or run.stderr


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--no-tests", action="store_true", help="leave out the files of tests")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    folders = [ROOT / name for name in arguments.folders] or [ROOT]
    commands = [
        command
        for command in json.loads((build / "compile_commands.json").read_text())
        if any(Path(command["file"]).is_relative_to(folder) for folder in folders)
        and not Path(command["file"]).is_relative_to(ROOT / "build")
        and not (arguments.no_tests and is_test(command["file"]))
    ]
    version = subprocess.run([CLANG_TIDY, "--version"], capture_output=True, check=True).stdout
    configuration = version + (ROOT / ".clang-tidy").read_bytes()
    clean = cache_dir()
    clean.mkdir(parents=True, exist_ok=True)

    waiting = []
    for command in commands:
        mark = clean / digest(command, configuration)
        if not mark.exists():
            waiting.append((command["file"], mark))

    print(f"{len(commands)} files, {len(waiting)} of them new or changed", flush=True)
    found = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = [pool.submit(check, file, build, mark) for file, mark in waiting]
        for future in concurrent.futures.as_completed(futures):
            if findings := future.result():
                found += 1
                print(findings, flush=True)
    print(f"clang-tidy: findings in {found} of {len(commands)} files")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
