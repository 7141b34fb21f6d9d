# The project's commands; `make` alone lists them. Everything is built in build/; downloads are
# kept in CODEANATOMY_CACHE (~/.cache/codeanatomy unless set).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Further arguments for CMake when it configures, such as -DDUCKDB_ROOT=/opt/duckdb.
CMAKE_ARGS ?=

.PHONY: help
help:
	@echo "make demo       extract Python's standard library, build its code property graph"
	@echo "make test       set up, build and run every test but the long ones"
	@echo "make test-long  the long tests"
	@echo "make build      build/release/codeanatomy"
	@echo "make asan       the C++ tests under AddressSanitizer and UBSan"
	@echo "make tsan       the tests of concurrent writers under ThreadSanitizer"
	@echo "make fuzz       each fuzz target for FUZZ_SECONDS, over the kept corpus"
	@echo "make lint       clang-format, ruff, the documents, clang-tidy"
	@echo "make lint-long  the same, with clang-tidy over all files, tests too"
	@echo "make bench      the benchmarks and the demo job, timed"
	@echo "make bench-delta  the Delta library beside delta-rs and DuckDB's delta extension"
	@echo "make setup      install the Debian packages that are missing"
	@echo "make deps       fetch the pinned third-party sources and DuckDB"
	@echo "make interop    the Python environment and jars of the interop tests"
	@echo "make clean      remove build/ and demo/ (the cache folder stays)"

.PHONY: setup
setup:
	@tools/install_packages.sh build interop

.PHONY: packages-build
packages-build:
	@tools/install_packages.sh build

.PHONY: deps
deps: packages-build
	@tools/fetch_third_party.sh >/dev/null

# CMake configures once; after that, ninja does so itself when a CMake file changes.
build/%/build.ninja: | deps
	@cmake --preset $* --log-level=WARNING $(CMAKE_ARGS)

.PHONY: build
build: deps build/release/build.ninja
	@cmake --build --preset release

.PHONY: interop
interop:
	@tools/install_packages.sh build interop
	@tools/setup_interop.sh

.PHONY: test
test: build interop
	@tools/run_tests.sh

.PHONY: test-long
test-long: build interop
	@tools/run_tests.sh long

# The tests of the parts that take bytes from outside; `make asan ASAN_TESTS=all` takes them all.
ASAN_TESTS ?= base_test delta_test engine_spec_test

.PHONY: asan
asan: deps build/asan/build.ninja
	@cmake --build --preset asan --target $(ASAN_TESTS)
	@ctest --preset asan -j 2 --label-exclude long \
		$(if $(filter all,$(ASAN_TESTS)),,--tests-regex '^($(subst $() ,|,$(strip $(ASAN_TESTS))))$$')

# DuckDB is not instrumented: duck/tsan_task_queue.cc tells how it hands work from thread to thread,
# tools/tsan.supp leaves out the rest of what it does by itself. Writers, scans beside them,
# maintenance of tables side by side, runs with several outputs, extraction.
TSAN_TESTS ?= delta_test delta_faults_test delta_model_test duck_checkpoint_test duck_copy_test \
	duck_write_test engine_executor_test extract_test

.PHONY: tsan
tsan: deps build/tsan/build.ninja
	@cmake --build --preset tsan --target $(TSAN_TESTS)
	@TSAN_OPTIONS="suppressions=$(CURDIR)/tools/tsan.supp" ctest --preset tsan \
		--label-exclude long --tests-regex '^($(subst $() ,|,$(strip $(TSAN_TESTS))))$$'

# Seconds for each target.
FUZZ_SECONDS ?= 60

.PHONY: packages-fuzz
packages-fuzz:
	@tools/install_packages.sh build fuzz

build/fuzz/build.ninja: | packages-fuzz

.PHONY: fuzz
fuzz: packages-fuzz deps build/fuzz/build.ninja
	@cmake --build --preset fuzz
	@tools/fuzz.sh $(FUZZ_SECONDS)

# The demo needs the program alone, not its tests.
.PHONY: demo
demo: deps build/release/build.ninja
	@cmake --build --preset release --target codeanatomy
	@tools/demo.sh

# Never built, so that ninja does not configure it again when files come and go.
.PHONY: configure-lint
configure-lint: deps
	@cmake --preset lint --log-level=WARNING $(CMAKE_ARGS) >/dev/null

.PHONY: lint
lint: configure-lint interop
	@tools/lint.sh

.PHONY: lint-long
lint-long: configure-lint interop
	@tools/lint.sh long

.PHONY: bench
bench: build interop
	@tools/bench.sh

# BENCH_DELTA names the cases to run; all of them by default.
.PHONY: bench-delta
bench-delta: build interop
	@build/venv/bin/python bench/delta/bench_delta.py $(BENCH_DELTA)

.PHONY: clean
clean:
	rm -rf build demo
