#!/usr/bin/env bash
# run_tests.sh [long]: runs the C++ tests and the interop tests of the release build, all of them
# even when some fail, and closes with one line for each. With `long`, the long ones alone.
set -uo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = long ]; then
  ctest_select=(--label-regex '^long$')
  pytest_select=(-m long)
else
  ctest_select=(--label-exclude '^long$')
  pytest_select=(-m 'not long')
fi

log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
started=$SECONDS

echo "== C++ tests"
ctest --preset release -j "$(nproc)" "${ctest_select[@]}" 2>&1 | tee "$log/ctest"
ctest_status=$?

echo "== Interop tests"
build/venv/bin/python -m pytest interop "${pytest_select[@]}" 2>&1 | tee "$log/pytest"
pytest_status=$?
# A selection without a test is no failure of `long`; every other run has tests.
if [ "${1:-}" = long ] && [ $pytest_status -eq 5 ]; then pytest_status=0; fi

echo
echo "== Summary ($((SECONDS - started)) s)"
echo "C++ programs: $(grep -E 'tests passed|No tests were found' "$log/ctest" | tail -n 1)"
echo "Interop:      $(tail -n 1 "$log/pytest")"
if [ $ctest_status -ne 0 ] || [ $pytest_status -ne 0 ]; then
  echo "Some tests failed."
  exit 1
fi
echo "All tests passed."
