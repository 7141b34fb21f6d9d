#!/usr/bin/env bash
# Makes, in the cache folder, the Python environment and the jars of the interop tests, and links
# build/venv and build/jars to them. Both are named by a digest of their pins, so clones share
# them; once they are there, nothing is fetched.
set -euo pipefail
cd "$(dirname "$0")/.."

cache=${CODEANATOMY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/codeanatomy}
mkdir -p "$cache" build
digest() { cat "$@" | sha256sum | cut -c1-12; }

# Scripts inside a virtual environment know its path, so it is made in place, under a lock, and
# counts once `complete` is in it.
python=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')
venv=$cache/venv-$(digest interop/build.lock interop/requirements.lock <(echo "$python"))
make_venv() {
  echo "making the Python environment $venv"
  rm -rf "$venv"
  "$python" -m venv "$venv"
  local install=("$venv/bin/python" -m pip install --quiet --disable-pip-version-check
    --require-hashes --no-deps)
  "${install[@]}" --only-binary :all: -r interop/build.lock
  "${install[@]}" --no-build-isolation -r interop/requirements.lock
  touch "$venv/complete"
}
if [ ! -e "$venv/complete" ]; then
  exec 9>"$cache/venv.lock"
  flock 9
  [ -e "$venv/complete" ] || make_venv
  exec 9>&-
fi
ln -sfn "$venv" build/venv

jars=$cache/jars-$(digest interop/jars.lock)
fetch_jars() {
  echo "fetching jars into $jars"
  local work artifact sha256 group name version
  work=$(mktemp -d "$cache/fetch.XXXXXX")
  while read -r artifact sha256; do
    mvn --quiet --batch-mode --strict-checksums \
      org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
      -Dartifact="$artifact" -DoutputDirectory="$work" </dev/null >"$work/log" 2>&1 ||
      { cat "$work/log" >&2; exit 1; }
    IFS=: read -r group name version <<<"$artifact"
    echo "$sha256  $work/$name-$version.jar" | sha256sum --check --quiet
  done < <(grep -v '^#' interop/jars.lock)
  rm "$work/log"
  chmod 755 "$work"
  # A clone that fetched at the same time may have been first.
  mv -T "$work" "$jars" 2>/dev/null || rm -rf "$work"
}
[ -d "$jars" ] || fetch_jars
ln -sfn "$jars" build/jars
