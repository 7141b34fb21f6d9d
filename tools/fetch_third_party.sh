#!/usr/bin/env bash
# Brings the pinned sources and DuckDB into the cache folder and prints where they are:
#   <folder>/duckdb/{include,lib}  <folder>/tree-sitter  <folder>/tree-sitter-python  <folder>/blake3
# The folder's name holds a digest of the pins, so clones of one version share it. Once it is
# there, nothing is fetched. Messages go to standard error.
set -euo pipefail
cd "$(dirname "$0")/.."

cache=${CODEANATOMY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/codeanatomy}
pins=$(cat third_party/Cargo.toml third_party/Cargo.lock third_party/npm.lock \
  tools/fetch_third_party.sh | sha256sum | cut -c1-12)
prefix=$cache/third_party-$pins
if [ -d "$prefix" ]; then
  echo "$prefix"
  exit 0
fi

if [ "$(uname -sm)" != "Linux x86_64" ]; then
  echo "error: no DuckDB binary is pinned for $(uname -sm); give CMake -DDUCKDB_ROOT=" >&2
  exit 1
fi
for tool in cargo npm; do
  if ! command -v "$tool" >/dev/null; then
    echo "error: $tool is missing; run make setup" >&2
    exit 1
  fi
done

echo "fetching third-party sources into $prefix" >&2
mkdir -p "$cache"
work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT

mkdir "$work/manifest"
cp third_party/Cargo.toml third_party/Cargo.lock "$work/manifest/"
cargo vendor --quiet --locked --manifest-path "$work/manifest/Cargo.toml" "$work/crates" \
  >"$work/cargo.log" 2>&1 || { cat "$work/cargo.log" >&2; exit 1; }

read -r package sha256 < <(grep -v '^#' third_party/npm.lock)
mkdir "$work/npm"
archive=$work/npm/$(cd "$work/npm" && npm pack --silent "$package" | tail -n 1)
echo "$sha256  $archive" | sha256sum --check --quiet >&2
tar -xzf "$archive" -C "$work/npm"

mkdir -p "$work/prefix/duckdb/lib" "$work/duckdb"
mv "$work/crates/tree-sitter" "$work/crates/tree-sitter-python" "$work/prefix/"
mv "$work/crates/blake3/c" "$work/prefix/blake3"
mv "$work/npm/package/libduckdb.so" "$work/prefix/duckdb/lib/"
tar -xzf "$work/crates/libduckdb-sys/duckdb.tar.gz" -C "$work/duckdb" --strip-components=1
# The public and internal headers, those of the Parquet extension, and the third-party ones
# that the latter include, each under include/.
mv "$work/duckdb/src/include" "$work/prefix/duckdb/include"
mv "$work/duckdb/extension/parquet/include" "$work/prefix/duckdb/include/parquet"
mkdir "$work/prefix/duckdb/include/third_party"
mv "$work/duckdb/third_party/"{parquet,thrift,fastpforlib,mbedtls,zstd,re2,yyjson} \
  "$work/prefix/duckdb/include/third_party/"
find "$work/prefix/duckdb/include" -type f ! -name '*.h' ! -name '*.hpp' ! -name '*.tcc' -delete

# A clone that fetched at the same time may have been first.
mv -T "$work/prefix" "$prefix" 2>/dev/null || [ -d "$prefix" ]
echo "$prefix"
