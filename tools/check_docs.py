#!/usr/bin/env python3
"""check_docs.py: holds the Markdown files against the tree. One line a finding:

- lines over 100 characters, but for tables and code;
- links to files, and names of files in code spans, that are not there;
- folders at the root without a README.md;
- public headers of delta/ that docs/delta.md does not list.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 100
# A script, the documents themselves, and pins that docs/dependencies.md explains.
NEED_NO_README = {".ci", "docs", "third_party"}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [Path(name) for name in listed.stdout.split("\0") if name]


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines outside of fenced code, with their numbers."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


def is_there(name: str, beside: Path) -> bool:
    return any((folder / name).exists() for folder in (beside, ROOT, ROOT / "delta" / "include"))


def faults_of(page: Path, roots: set[str]) -> Iterator[str]:
    beside = (ROOT / page).parent
    for number, line in prose((ROOT / page).read_text()):
        if len(line) > WIDTH and not line.startswith("|"):
            yield f"{page}:{number}: {len(line)} characters, {WIDTH} are allowed"
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", line):
            if not is_there(target, beside):
                yield f"{page}:{number}: the link leads nowhere: {target}"
        for name in re.findall(r"`([\w.-]+/[\w./-]+)`", line):
            if name.split("/")[0] in roots and not is_there(name, beside):
                yield f"{page}:{number}: there is no {name}"


def main() -> int:
    files = tracked()
    roots = {file.parts[0] for file in files if len(file.parts) > 1}
    findings = [fault for page in files if page.suffix == ".md" for fault in faults_of(page, roots)]
    findings += [
        f"{folder}/: has no README.md"
        for folder in sorted(roots - NEED_NO_README)
        if not list((ROOT / folder).glob("**/README.md"))
    ]
    listed = (ROOT / "docs" / "delta.md").read_text()
    findings += [
        f"docs/delta.md: does not list {header.name}"
        for header in files
        if header.is_relative_to("delta/include") and f"`{header.name}`" not in listed
    ]
    print(*findings, sep="\n", end="\n" if findings else "")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
