#!/usr/bin/env bash
# fuzz.sh SECONDS: runs every fuzz target for that long over its corpus, as many at a time as there
# are cores. What breaks one is kept as build/fuzz/found/<target>/crash-….
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=$1

fuzz_one() {
  local target=$1 name found work log
  name=$(basename "$target")
  found=build/fuzz/found/$name
  work=$(mktemp -d)
  log=$found/log
  mkdir -p "$found"
  if "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
    -print_final_stats=1 -artifact_prefix="$found/" "$work" "fuzz/corpus/$name" >"$log" 2>&1; then
    echo "$name: $(grep -oP 'number_of_executed_units: +\K\d+' "$log") inputs, no finding"
  else
    tail -n 40 "$log"
    echo "$name: FOUND something; see $found"
    rm -rf "$work"
    return 1
  fi
  rm -rf "$work"
}
export -f fuzz_one
export seconds

find build/fuzz/fuzz -maxdepth 1 -type f -name 'fuzz_*' -perm -u+x | sort |
  xargs -P "$(nproc)" -I{} bash -c 'fuzz_one {}'
