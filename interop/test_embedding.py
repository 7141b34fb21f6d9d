"""The libraries as part of another CMake project, which has flags and a C++ standard of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import deltalake
import pytest

ROOT = Path(__file__).parent.parent

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(other LANGUAGES CXX)
enable_testing()
add_subdirectory({root} codeanatomy)
add_executable(other main.cc)
target_link_libraries(other PRIVATE codeanatomy::duck)
"""

# It has warnings that are errors in this project.
PROGRAM = """
#include "duck/database.h"
#include "duck/table_write.h"

int main(int count, char** arguments) {
  int unused;
  const std::string location = arguments[1];
  duck::Database database({});
  duck::Connection connection(database);
  duck::write_table(database, connection, "SELECT 7 AS n", {}, {.location = location});
  return database.snapshot(location, std::nullopt)->files().size() == 1 ? 0 : 1;
}
"""


@pytest.mark.long
def test_another_project_links_the_library_by_its_target(tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text(PROJECT.format(root=ROOT))
    (tmp_path / "main.cc").write_text(PROGRAM)
    build = tmp_path / "build"
    subprocess.run(
        ["cmake", "-S", tmp_path, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"],
        check=True,
    )
    subprocess.run(["cmake", "--build", build], check=True)
    subprocess.run([build / "other", tmp_path / "table"], check=True)
    assert deltalake.DeltaTable(tmp_path / "table").to_pyarrow_table().to_pylist() == [{"n": 7}]
    listed = subprocess.run(["ctest", "-N"], cwd=build, check=True, capture_output=True, text=True)
    assert "Total Tests: 0" in listed.stdout
