"""What CPython's own compiler says about the names of a source: a judge of `refers_to` edges.

The scopes are those of `symtable`; `ast` says where names stand. In the body of a class, where a
name means what was bound last, the judge goes through the statements in the order of evaluation.
Positions are byte offsets into the file.
"""

# ruff: noqa: N815 - a visitor's methods are named after the nodes.
from __future__ import annotations

import ast
import io
import re
import symtable
import tokenize
from dataclasses import dataclass, field
from pathlib import Path

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = {
    ast.ListComp: "listcomp",
    ast.SetComp: "setcomp",
    ast.DictComp: "dictcomp",
    ast.GeneratorExp: "genexpr",
}


@dataclass(eq=False)
class Scope:
    """A block of the compiler and the names that are bound in it, with their positions."""

    table: symtable.SymbolTable
    parent: Scope | None
    start: int
    class_name: str | None  # of the innermost class around it, for private names
    children: list[symtable.SymbolTable] = field(default_factory=list)
    bindings: dict[str, list[int]] = field(default_factory=dict)
    # In a class: the bindings that are complete at this point of the evaluation.
    now: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.children = list(self.table.get_children())

    @property
    def kind(self) -> str:
        return self.table.get_type()

    @property
    def is_comprehension(self) -> bool:
        return self.kind == "function" and self.table.get_name() in COMPREHENSIONS.values()

    def __str__(self) -> str:
        return f"{self.kind} {self.table.get_name()} at {self.start}"


@dataclass
class Use:
    """A name that is loaded: where, and where it is bound."""

    name: str
    start: int
    scope: Scope | None  # that binds the name; None: no binding in this file
    site: int | None = None  # in the body of a class: the binding that is meant
    in_string: tuple[int, int] | None = None  # the f-string around it: positions are inexact


class Offsets:
    """From the line and column of a node to the byte in the file."""

    def __init__(self, content: bytes) -> None:
        self.encoding = tokenize.detect_encoding(io.BytesIO(content).readline)[0]
        bom = 3 if content.startswith(b"\xef\xbb\xbf") else 0
        self.lines = re.findall(rb"[^\r\n]*(?:\r\n|\r|\n|$)", content[bom:])
        self.starts = [bom]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))

    def __call__(self, line: int, column: int) -> int:
        if not self.encoding.startswith("utf-8"):
            text = self.lines[line - 1].decode(self.encoding)
            before = text.encode("utf-8")[:column].decode("utf-8")
            column = len(before.encode(self.encoding))
        return self.starts[line - 1] + column


class Judge(ast.NodeVisitor):
    """Goes through a source in the order in which it is evaluated."""

    def __init__(self, content: bytes, name: str) -> None:
        self.content = content
        self.offset = Offsets(content)
        tree = ast.parse(content, name)
        self.module = Scope(symtable.symtable(content, name, "exec"), None, -1, None)
        self.tables: dict[ast.AST, symtable.SymbolTable] = {}
        _Tables(self.tables).walk(tree, self.module)
        self.scope = self.module
        self.string: tuple[int, int] | None = None
        self.uses: list[Use] = []
        self.sites: dict[int, Scope] = {}  # where a name is bound → the scope that it is bound in
        self._pending: list[tuple[Use, Scope, int | None]] = []
        self.visit(tree)
        for use, scope, site in self._pending:
            self._settle(use, scope, site)

    # --- scopes ---------------------------------------------------------------------------

    def start(self, node: ast.AST) -> int:
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: ast.AST) -> int:
        return self.offset(node.end_lineno, node.end_col_offset)

    def inside(self, node: ast.AST, class_name: str | None = None) -> Scope:
        self.scope = Scope(
            self.tables[node],
            self.scope,
            self.start(node),
            class_name if class_name is not None else self.scope.class_name,
        )
        return self.scope

    def outside(self) -> None:
        self.scope = self.scope.parent

    def mangled(self, name: str, scope: Scope) -> str:
        owner = (scope.class_name or "").lstrip("_")
        if not owner or not name.startswith("__") or name.endswith("__") or "." in name:
            return name
        return f"_{owner}{name}"

    def symbol(self, name: str, scope: Scope) -> symtable.Symbol | None:
        try:
            return scope.table.lookup(self.mangled(name, scope))
        except KeyError:
            return None

    def bind(self, name: str, start: int, scope: Scope | None = None) -> None:
        scope = scope or self.scope
        symbol = self.symbol(name, scope)
        if symbol is not None and symbol.is_declared_global():
            owner = self.module
        elif symbol is not None and symbol.is_free():
            owner = self.function_around(name, scope)
            if owner is None:
                return
        else:
            owner = scope
        if owner.kind == "class":
            owner.now[name] = start
        owner.bindings.setdefault(name, []).append(start)
        self.sites[start] = owner

    def function_around(self, name: str, scope: Scope) -> Scope | None:
        """The function whose variable a free name of `scope` is; none for `__class__`."""
        around = scope.parent
        while around is not None:
            symbol = self.symbol(name, around)
            if around.kind == "function" and symbol is not None and symbol.is_local():
                return around
            around = around.parent
        assert name == "__class__", f"{name} of {scope} is free and bound nowhere"
        return None

    # --- uses -----------------------------------------------------------------------------

    def load(self, name: str, start: int) -> None:
        use = Use(name, start, None, in_string=self.string)
        self.uses.append(use)
        self._pending.append((use, self.scope, self.scope.now.get(name)))

    def _settle(self, use: Use, scope: Scope, site: int | None) -> None:
        owner = self.owner(use.name, scope)
        if owner is not None and owner.kind == "class":
            if site is not None:
                use.site = site
            else:  # LOAD_NAME goes on to the globals
                owner = self.module
        if owner is not None and use.name in owner.bindings:
            use.scope = owner

    def owner(self, name: str, scope: Scope) -> Scope | None:
        symbol = self.symbol(name, scope)
        if symbol is None:  # an annotation that is not evaluated has no symbols of its own
            return self.owner_by_walk(name, scope)
        if symbol.is_free():
            return self.function_around(name, scope)
        # In a block named "top", is_global() takes local names for the module's.
        if symbol.is_declared_global() or not symbol.is_local():
            return self.module
        return scope

    def owner_by_walk(self, name: str, scope: Scope) -> Scope | None:
        around = scope
        while around is not None:
            symbol = self.symbol(name, around)
            if symbol is not None and (around is scope or around.kind == "function"):
                return self.owner(name, around)
            around = around.parent
        return self.module

    # --- expressions ----------------------------------------------------------------------

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.load(node.id, self.start(node))
        elif isinstance(node.ctx, ast.Store):
            self.bind(node.id, self.start(node))
        else:
            self.scope.now.pop(node.id, None)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        scope = self.scope
        while scope.is_comprehension:
            scope = scope.parent
        self.bind(node.target.id, self.start(node.target), scope)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        outer = self.string
        self.string = outer or (self.start(node), self.end(node))
        self.generic_visit(node)
        self.string = outer

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.defaults(node.args)
        self.inside(node)
        self.parameters(node.args)
        self.visit(node.body)
        self.outside()

    def comprehension(self, node: ast.expr) -> None:
        first = node.generators[0]
        self.visit(first.iter)
        self.inside(node)
        for generator in node.generators:
            if generator is not first:
                self.visit(generator.iter)
            self.visit(generator.target)
            for condition in generator.ifs:
                self.visit(condition)
        if isinstance(node, ast.DictComp):
            self.visit(node.key)
            self.visit(node.value)
        else:
            self.visit(node.elt)
        self.outside()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    # --- definitions ----------------------------------------------------------------------

    def defaults(self, args: ast.arguments) -> None:
        for default in (*args.defaults, *args.kw_defaults):
            if default is not None:
                self.visit(default)

    @staticmethod
    def all_parameters(args: ast.arguments) -> list[ast.arg]:
        named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        return named + [arg for arg in (args.vararg, args.kwarg) if arg is not None]

    def parameters(self, args: ast.arguments) -> None:
        for arg in self.all_parameters(args):
            self.bind(arg.arg, self.start(arg))

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        self.defaults(node.args)
        for arg in self.all_parameters(node.args):
            if arg.annotation is not None:
                self.visit(arg.annotation)
        if node.returns is not None:
            self.visit(node.returns)
        self.inside(node)
        self.parameters(node.args)
        for statement in node.body:
            self.visit(statement)
        self.outside()
        self.bind(node.name, self.start(node))

    visit_FunctionDef = visit_AsyncFunctionDef = function

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for expression in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(expression)
        self.inside(node, node.name)
        for statement in node.body:
            self.visit(statement)
        self.outside()
        self.bind(node.name, self.start(node))

    # --- statements -----------------------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        self.visit(node.target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        before = dict(self.scope.now)
        if node.value is not None:
            self.visit(node.value)
        self.visit(node.target)
        if node.value is None:  # declares and binds nothing
            self.scope.now = before
        self.visit(node.annotation)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self.visit(node.target)
        for statement in (*node.body, *node.orelse):
            self.visit(statement)

    visit_AsyncFor = visit_For

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            self.bind(alias.asname or alias.name.split(".")[0], self.start(alias))

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self.visit(node.type)
        if node.name is not None:
            start = self.end(node.type)
            found = re.compile(rb"[\s)\\]*as[\s\\]+").match(self.content, start)
            self.bind(node.name, found.end())
        for statement in node.body:
            self.visit(statement)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self.generic_visit(node)
        if node.name is not None:
            self.bind(node.name, self.end(node) - len(node.name.encode()))

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name is not None:
            self.bind(node.name, self.end(node) - len(node.name.encode()))

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.generic_visit(node)
        if node.rest is not None:
            last = self.end(node.patterns[-1]) if node.patterns else self.start(node)
            found = re.compile(rb"\*\*\s*").search(self.content, last)
            self.bind(node.rest, found.end())


class _Tables(ast.NodeVisitor):
    """Finds the block of each function, class, lambda and comprehension, in the order in which the
    compiler makes them."""

    def __init__(self, tables: dict[ast.AST, symtable.SymbolTable]) -> None:
        self.tables = tables
        self.left: list[symtable.SymbolTable] = []

    def walk(self, tree: ast.AST, module: Scope) -> None:
        self.left = list(module.table.get_children())
        self.visit(tree)

    def take(self, node: ast.AST, name: str) -> symtable.SymbolTable:
        for place, table in enumerate(self.left):
            if table.get_name() == name and table.get_lineno() == node.lineno:
                self.tables[node] = table
                return self.left.pop(place)
        raise LookupError(f"there is no block {name} at line {node.lineno}")

    def enter(self, node: ast.AST, name: str, inner: list[ast.AST]) -> None:
        around = self.left
        self.left = list(self.take(node, name).get_children())
        for part in inner:
            self.visit(part)
        assert not self.left, f"blocks of {name} at line {node.lineno} that no node is of"
        self.left = around

    def arguments(self, node: ast.arguments) -> None:
        for default in (*node.defaults, *node.kw_defaults):
            if default is not None:
                self.visit(default)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.arguments(node.args)
        for arg in (*node.args.posonlyargs, *node.args.args):
            self.visit(arg)
        for arg in (node.args.vararg, node.args.kwarg, *node.args.kwonlyargs, node.returns):
            if arg is not None:
                self.visit(arg)
        for decorator in node.decorator_list:
            self.visit(decorator)
        self.enter(node, node.name, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for expression in (*node.bases, *node.keywords, *node.decorator_list):
            self.visit(expression)
        self.enter(node, node.name, node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.arguments(node.args)
        self.enter(node, "lambda", [node.body])

    def comprehension(self, node: ast.expr) -> None:
        first = node.generators[0]
        self.visit(first.iter)
        inner = [first.target, *first.ifs, *node.generators[1:]]
        if isinstance(node, ast.DictComp):
            inner += [node.value, node.key]
        else:
            inner += [node.elt]
        self.enter(node, COMPREHENSIONS[type(node)], inner)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension


def judge(file: Path) -> Judge:
    return Judge(file.read_bytes(), str(file))
