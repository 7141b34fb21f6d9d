"""`refers_to` edges follow Python's scope rules: by example, and as CPython's compiler says."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sysconfig
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from python_scopes import Judge, Use, judge

CASES = Path(__file__).resolve().parent / "scope_cases"
SPECS = Path(__file__).resolve().parent.parent / "specs"

# Names of the standard library whose edges differ from what CPython says, with the reason. The key
# is the file and the name; Debian's library has none of these files.
CLASS_CELL = "the variable __class__ that every class has is bound by no statement"
GRAMMAR = "the grammar places the lines of this statement wrongly"
PYTHON_2 = "the grammar takes it for a print statement"
FORMAT = "the grammar takes a format that starts with = for an assignment"
COMPATIBLE = "Python compares names in their compatible form, NFKC"
DELETED = "the function deletes the name, a function inside binds it"
IN_PARENTHESES = "an annotated name in parentheses is no variable"
KNOWN_DIFFERENCES = {
    ("test/test_super.py", "__class__"): CLASS_CELL,
    ("test/test_compile.py", "self"): GRAMMAR,
    ("test/test_compile.py", "baz"): GRAMMAR,
    ("test/test_compile.py", "TestExpressionStackSize"): GRAMMAR,
    ("test/test_compile.py", "TestStackSizeStability"): GRAMMAR,
    ("test/test_print.py", "print"): PYTHON_2,
    ("test/test_fstring.py", "x"): FORMAT,
    ("test/test_traceback.py", "width"): COMPATIBLE,
    ("test/test_traceback.py", "www"): COMPATIBLE,
    ("test/test_traceback.py", "th"): COMPATIBLE,
    ("test/test_generators.py", "frame"): DELETED,
    ("test/test_grammar.py", "no_such_global"): IN_PARENTHESES,
}


@dataclass
class Names:
    """The names loaded in a file and the bindings that their edges lead to, by their starts."""

    loads: dict[int, str] = field(default_factory=dict)
    targets: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


def rows(codeanatomy: Path, query: str) -> list[list[str]]:
    run = subprocess.run(
        [codeanatomy, "sql", query, "--format", "csv"],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return list(csv.reader(run.stdout.splitlines()))[1:]


def build(codeanatomy: Path, sources: Path, out: Path) -> dict[str, Names]:
    """The graph's names of each file. Only the outputs that tell them are made."""
    spec = json.loads((SPECS / "python-cpg.json").read_text("utf-8"))
    spec["output_targets"] = [
        output
        for output in spec["output_targets"]
        if output["table_name"] in ("cpg_nodes", "cpg_edges")
    ]
    out.mkdir()
    (out / "spec.json").write_text(json.dumps(spec), "utf-8")
    for command in (["extract", sources, "--out", "input"], ["run", "spec.json"]):
        subprocess.run(
            [codeanatomy, *command, "--progress", "none"],
            cwd=out,
            check=True,
            capture_output=True,
            timeout=600,
        )
    return names_of(codeanatomy, out)


def names_of(codeanatomy: Path, out: Path) -> dict[str, Names]:
    files: dict[str, Names] = defaultdict(Names)
    parsed = f"""
        SELECT path FROM delta_scan('{out}/input/repo_files_v1')
        WHERE path NOT IN (SELECT path FROM delta_scan('{out}/input/ts_errors_v1')
                           WHERE node_id IS NULL)
    """
    for (path,) in rows(codeanatomy, parsed):
        files[path] = Names()
    loads = f"""
        SELECT path, name, bstart FROM delta_scan('{out}/cpg_nodes')
        WHERE node_kind = 'name' AND ctx = 'load'
    """
    for path, name, start in rows(codeanatomy, loads):
        files[path].loads[int(start)] = name
    edges = f"""
        SELECT use.path, use.bstart, binding.bstart
        FROM delta_scan('{out}/cpg_edges') AS edge
        JOIN delta_scan('{out}/cpg_nodes') AS use ON use.entity_id = edge.src_node_id
        JOIN delta_scan('{out}/cpg_nodes') AS binding ON binding.entity_id = edge.dst_node_id
        WHERE edge.edge_kind = 'refers_to'
    """
    for path, start, target in rows(codeanatomy, edges):
        files[path].targets[int(start)].append(int(target))
    return files


# --- what CPython says --------------------------------------------------------------------


def differences(names: Names, judge: Judge) -> list[tuple[str, str]]:
    """What is wrong with the file's edges: the name and how."""
    found: list[tuple[str, str]] = []
    left = dict(names.loads)

    def compare(use: Use, start: int) -> None:
        targets = names.targets.get(start, [])
        scopes = {judge.sites.get(target) for target in targets}
        line = judge.content.count(b"\n", 0, start) + 1
        if use.site is not None:
            right = targets == [use.site]
        else:
            right = scopes == (set() if use.scope is None else {use.scope})
        if not right:
            wanted = use.scope if use.site is None else f"the binding at {use.site}"
            got = ", ".join(map(str, scopes)) or "nothing"
            found.append((use.name, f"line {line} refers to {got}, not to {wanted or 'nothing'}"))

    in_strings: dict[tuple[tuple[int, int], str], list[Use]] = defaultdict(list)
    for use in judge.uses:
        if use.in_string is not None:
            in_strings[use.in_string, use.name].append(use)
        elif left.pop(use.start, None) == use.name:
            compare(use, use.start)
        else:
            found.append((use.name, f"at {use.start} is no load in the graph"))
    # Python 3.11 does not know where the names in an f-string are, but in which order they are.
    for ((start, end), name), uses in in_strings.items():
        places = sorted(at for at, other in left.items() if other == name and start <= at < end)
        if len(places) != len(uses):
            found.append((name, f"in the f-string at {start}: {len(places)} loads of {len(uses)}"))
        for use, place in zip(sorted(uses, key=lambda use: use.start), places, strict=False):
            left.pop(place)
            compare(use, place)
    found += [(name, f"at {start} is no load for Python") for start, name in left.items()]
    return found


def compiled(file: Path) -> Judge | None:
    """None when this Python cannot compile the file."""
    try:
        return judge(file)
    except (SyntaxError, UnicodeDecodeError):
        return None


def against_cpython(library: Path, files: dict[str, Names]) -> tuple[list[str], int, int]:
    """What is wrong, how many names were compared, and how many files CPython refuses."""
    wrong = []
    loads = 0
    refused = 0
    for path, names in files.items():
        verdict = compiled(library / path)
        if verdict is None:
            refused += 1
            continue
        loads += len(verdict.uses)
        wrong += [
            f"{path}: {name} {how}"
            for name, how in differences(names, verdict)
            if (path, name) not in KNOWN_DIFFERENCES
        ]
    return wrong, loads, refused


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_the_standard_librarys_names_are_bound_where_cpython_binds_them(
    codeanatomy: Path, tmp_path: Path
) -> None:
    library = Path(sysconfig.get_path("stdlib"))
    wrong, loads, refused = against_cpython(library, build(codeanatomy, library, tmp_path / "out"))

    assert wrong == []
    assert loads > 150_000
    assert refused < 20


def test_a_wrong_edge_is_a_difference(codeanatomy: Path, tmp_path: Path) -> None:
    source = tmp_path / "in" / "main.py"
    source.parent.mkdir()
    source.write_text("x = 1\ndef f(x):\n  return x\nclass C:\n  x = 2\n  x = 3\n  x\n")
    names = build(codeanatomy, source.parent, tmp_path / "out")["main.py"]
    verdict = judge(source)

    assert differences(names, verdict) == []
    in_function, in_class = sorted(names.targets)
    names.targets[in_function] = [0]
    names.targets[in_class] = [source.read_text().index("x = 2")]
    names.loads[0] = "x"
    assert [name for name, _ in differences(names, verdict)] == ["x", "x", "x"]
    del names.targets[in_function]
    del names.loads[in_class]
    assert len(differences(names, verdict)) == 3


# --- by example ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cases(codeanatomy: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Names]:
    return build(codeanatomy, CASES, tmp_path_factory.mktemp("scopes") / "out")


CASE_NAMES = sorted(file.name for file in CASES.glob("*.py"))


@pytest.mark.parametrize("name", CASE_NAMES)
def test_names_refer_to_the_lines_that_the_comments_say(name: str, cases: dict[str, Names]) -> None:
    content = (CASES / name).read_bytes()
    lines = content.decode().splitlines()
    labels = {}
    wanted = {}
    for number, line in enumerate(lines, 1):
        comment = line.partition("#")[2]
        if label := re.match(r": ([\w-]+)", comment):
            assert label[1] not in labels, f"two lines are labelled {label[1]}"
            labels[label[1]] = number
        for part in comment.split("  "):
            use, arrow, targets = part.strip().partition(" -> ")
            if arrow:
                wanted[number, use] = set(targets.split())
    line_labels = {number: label for label, number in labels.items()}

    def line_of(start: int) -> int:
        return content.count(b"\n", 0, start) + 1

    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for start, use in cases[name].loads.items():
        for target in cases[name].targets.get(start, []):
            line = line_of(target)
            found[line_of(start), use].add(line_labels.get(line, f"line {line}"))
    assert found == wanted


@pytest.mark.parametrize("name", [name for name in CASE_NAMES if name != "type_parameters.py"])
def test_the_examples_are_what_cpython_says(name: str, cases: dict[str, Names]) -> None:
    assert differences(cases[name], judge(CASES / name)) == []
