#!/usr/bin/env bash
# build_python_parser.sh CC TREE_SITTER GRAMMAR OUT: compiles tree-sitter and its Python grammar to
# OUT/libpython_parser.a. With GCC and a Python library to train on, twice: the second time with the
# profile of the first, which makes parsing, most of an extraction's time, a quarter faster.
set -euo pipefail
cc=$1 tree_sitter=$2 grammar=$3 out=$4
train=$PWD/third_party/train_python_parser.c
mkdir -p "$out"
cd "$out"
rm -f ./*.o ./*.gcda libpython_parser.a

# The defines: dup() and fdopen() of the debug output, which the C library hides in strict C11.
flags=(-std=c11 -O3 -g1 -DNDEBUG -fPIC -fvisibility=hidden -w -D_POSIX_C_SOURCE=200112L
  -D_DEFAULT_SOURCE -DTREE_SITTER_HIDE_SYMBOLS -I"$tree_sitter/include" -I"$tree_sitter/src")
compile() {
  "$cc" "${flags[@]}" "$@" -c "$tree_sitter/src/lib.c" -o lib.o
  "$cc" "${flags[@]}" "$@" -I"$grammar/src" -c "$grammar/src/parser.c" -o parser.o
  "$cc" "${flags[@]}" "$@" -I"$grammar/src" -c "$grammar/src/scanner.c" -o scanner.o
}

library=$(python3 -c 'import asyncio; print(*asyncio.__path__)' 2>/dev/null || true)
if "$cc" --version 2>/dev/null | grep -q 'Free Software Foundation' && [ -d "$library" ]; then
  compile -fprofile-generate
  "$cc" "${flags[@]}" -fprofile-generate "$train" lib.o parser.o scanner.o -o train
  ./train "$library"/*.py >train.log
  compile -fprofile-use
else
  compile
fi
ar rcs libpython_parser.a lib.o parser.o scanner.o
