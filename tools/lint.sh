#!/usr/bin/env bash
# Holds every file of ours against clang-format, clang-tidy and ruff; reports all findings.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0

echo "== clang-format"
git ls-files -z '*.h' '*.cc' | xargs -0 build/venv/bin/clang-format --dry-run -Werror || status=1

echo "== ruff"
build/venv/bin/python -m ruff check . || status=1
build/venv/bin/python -m ruff format --check . || status=1

echo "== clang-tidy"
tools/clang_tidy.py build/release || status=1

if [ $status -eq 0 ]; then echo "Lint: clean."; else echo "Lint: findings above."; fi
exit $status
