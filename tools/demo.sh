#!/usr/bin/env bash
# Extracts the machine's Python standard library and builds its code property graph in demo/.
set -euo pipefail
cd "$(dirname "$0")/.."

library=$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
out=$PWD/demo
rm -rf "$out"

started=$SECONDS
echo "== codeanatomy build $library --out demo"
build/release/codeanatomy build "$library" --out "$out"
echo
echo "Done in $((SECONDS - started)) s. The Delta tables are in $out:"
find "$out" -type d -name _delta_log -printf '  %h\n' | sort
