#!/usr/bin/env bash
# Runs every benchmark program of the release build, the join of a million spans, then the demo's
# job with its time and its peak memory.
set -euo pipefail
cd "$(dirname "$0")/.."

for program in build/release/benchmarks/*; do
  [ -f "$program" ] || continue
  echo "== $(basename "$program")"
  "$program"
done

echo "== span_join"
build/venv/bin/python bench/span_join.py build/release/codeanatomy

library=$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
echo "== codeanatomy build $library"
python3 - build/release/codeanatomy build "$library" --out "$out" <<'PYTHON'
import resource, subprocess, sys, time
started = time.monotonic()
status = subprocess.run(sys.argv[1:], check=False).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"wall {time.monotonic() - started:.1f} s, processor {used.ru_utime + used.ru_stime:.1f} s, "
      f"peak memory {used.ru_maxrss / 1024:.0f} MB")
sys.exit(status)
PYTHON
