#!/usr/bin/env bash
# lint.sh [long]: holds every file of ours against clang-format, ruff, check_docs.py and clang-tidy;
# reports all findings. clang-tidy looks at the sources in the folders below, and at everything
# with `long` only: a file that includes DuckDB's headers, or GoogleTest's macros, takes it half a
# minute.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0

echo "== clang-format"
git ls-files -z '*.h' '*.cc' | xargs -0 build/venv/bin/clang-format --dry-run -Werror || status=1

echo "== ruff"
build/venv/bin/python -m ruff check . || status=1
build/venv/bin/python -m ruff format --check . || status=1

echo "== documents"
tools/check_docs.py || status=1

echo "== clang-tidy"
selection=(--no-tests build/lint
  base delta engine/spec engine/session engine/rules engine/providers)
if [ "${1:-}" = long ]; then selection=(build/lint); fi
tools/clang_tidy.py "${selection[@]}" || status=1

if [ $status -eq 0 ]; then echo "Lint: clean."; else echo "Lint: findings above."; fi
exit $status
