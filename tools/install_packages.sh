#!/usr/bin/env bash
# install_packages.sh GROUP...: installs the Debian packages of the groups that are missing.
# As root or with sudo it does so itself; else it prints the one command to run. Groups:
#   build    what compiling, and the demo, need
#   fuzz     what the fuzz targets need
#   interop  what the tests with other Delta readers, and the linters, need
set -euo pipefail

version_at_least() { [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

missing=()
# need_package NAME...: Debian packages.
need_package() {
  local name
  for name in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed ||
      missing+=("$name")
  done
}
# need_command COMMAND PACKAGE: a command from wherever, else the package.
need_command() { command -v "$1" >/dev/null || missing+=("$2"); }

for group in "$@"; do
  case $group in
    build)
      need_command g++ g++
      need_command cmake cmake
      need_command ninja ninja-build
      need_command ccache ccache
      need_command npm npm
      need_command python3 python3
      # Debian 12's own cargo is too old for the registry's protocol of today.
      if ! command -v cargo >/dev/null ||
        ! version_at_least 1.70 "$(cargo --version 2>/dev/null | cut -d' ' -f2)"; then
        missing+=(cargo-web)
      fi
      need_package ca-certificates libb2-dev libcli11-dev libcurl4-openssl-dev \
        libfmt-dev libgmock-dev libgtest-dev libicu-dev libjemalloc-dev libroaring-dev \
        libsimdjson-dev libssl-dev nlohmann-json3-dev zlib1g-dev
      ;;
    fuzz)
      need_package clang libclang-rt-14-dev
      ;;
    interop)
      need_command mvn maven
      need_command java openjdk-17-jre-headless
      need_command strace strace
      python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
      ;;
    *)
      echo "error: no group of packages is called $group" >&2
      exit 2
      ;;
  esac
done

if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

if [ "$(id -u)" -eq 0 ]; then
  as_root=(env)
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
  as_root=(sudo)
else
  echo "Some packages are missing. Run this as root, then try again:" >&2
  echo "  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

echo "installing Debian packages: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { "${as_root[@]}" apt-get update -qq &&
  "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  cat "$log" >&2
  echo "error: apt-get could not install: ${missing[*]}" >&2
  exit 1
fi
