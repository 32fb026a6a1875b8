"""Who may import whom.

The package is a house of floors. A module imports from lower floors, or from
its own. Every new top-level module needs a floor here before it may move in.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "search_service"

FLOORS = {
    # 0, the ground: plain values, standard library only
    "errors": 0,
    "config": 0,
    "schema": 0,
    "coding": 0,
    "terms": 0,
    "nearest": 0,
    "id_filter": 0,
    "disk": 0,
    # 1: the one place that knows Arabic
    "analysis": 1,
    # 2, meaning: pure
    "query": 2,
    "sources": 2,
    "ranking": 2,
    "highlight": 2,
    "passages": 2,
    "reading": 2,
    "stored_reading": 2,
    "long_texts": 2,
    "short_texts": 2,
    "many_matches": 2,
    "results": 2,
    "web_links": 2,
    "results_facets": 2,
    "results_completion": 2,
    "marking": 2,
    "from_json": 2,
    "notebook": 2,
    "advice": 2,
    # 3: the port and its adapters
    "engines": 3,
    # 4: the library's face, the only floor that sees both analyzer and engine
    "__init__": 4,
    "service": 4,
    "indexing": 4,
    "analysing": 4,
    "batches": 4,
    "rewriting": 4,
    "processes": 4,
    "searching": 4,
    "search_request": 4,
    "state": 4,
    "faceting": 4,
    "suggesting": 4,
    "synonyms": 4,
    "word_list": 4,
    "word_shelf": 4,
    "known_words": 4,
    "completing": 4,
    "word_completing": 4,
    "title_completing": 4,
    "similarity": 4,
    "relaxing": 4,
    "generations": 4,
    "live_index": 4,
    "manifest": 4,
    "run_record": 4,
    "sqlite_text": 4,
    "reports": 4,
    # 5: the edges
    "http": 5,
    "cli": 5,
    "client": 5,
    "evaluation": 5,
    "__main__": 5,
}

# A third-party package has a home; everywhere else it is unknown.
HOMES = {
    "pyarabic": ("analysis/",),
    "Stemmer": ("analysis/",),
    "snowballstemmer": ("analysis/",),
    "rapidfuzz": ("query/", "suggesting", "word_list"),
    "whoosh": ("engines/whoosh",),
    "tantivy": ("engines/tantivy",),
    "trafilatura": ("sources/",),
    "lxml": ("sources/",),
    "markdown_it": ("sources/",),
    "yaml": ("sources/",),
    "charset_normalizer": ("sources/",),
    "flask": ("http/",),
    "flask_smorest": ("http/",),
    "marshmallow": ("http/",),
    "werkzeug": ("http/",),
    "httpx": ("client",),
    "gunicorn": ("http/", "cli"),
    "click": ("cli",),
    "rich": ("cli",),
    "ir_measures": ("evaluation/",),
}

READS_THE_ENVIRONMENT = ("http", "cli", "__main__")

MOST_LINES = 350


class Import(NamedTuple):
    """One imported module, by its full dotted name; ``lazy`` if inside a function or for types."""

    name: str
    line: int
    lazy: bool


def paths() -> list[Path]:
    return sorted((ROOT / PACKAGE).rglob("*.py"))


def dotted(path: Path) -> str:
    """search_service/query/ast.py -> search_service.query.ast."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def top(module: str) -> str:
    """search_service.query.ast -> query; the package itself is __init__."""
    _, _, rest = module.partition(".")
    return rest.split(".")[0] if rest else "__init__"


def place(path: Path) -> str:
    return path.relative_to(ROOT / PACKAGE).as_posix()


@cache
def modules() -> frozenset[str]:
    return frozenset(map(dotted, paths()))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def _walk(node: ast.AST, lazy: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        inside = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        child_is_lazy = lazy or inside or _is_for_types(child)
        yield child, child_is_lazy
        yield from _walk(child, child_is_lazy)


def _imported_names(node: ast.AST, known: frozenset[str]) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(level=level) if level:
            return [f"{PACKAGE}.<relative import>"]
        case ast.ImportFrom(module=str(module), names=names):
            # `from package import x`: x may be a module of its own.
            full = [f"{module}.{alias.name}" for alias in names]
            return [name if name in known else module for name in full]
        case ast.Call(func=ast.Attribute(attr="import_module") | ast.Name(id="import_module")):
            return [str(a.value) for a in node.args[:1] if isinstance(a, ast.Constant)]
    return []


def imports(tree: ast.Module, known: frozenset[str]) -> list[Import]:
    return [
        Import(name, getattr(node, "lineno", 0), lazy)
        for node, lazy in _walk(tree)
        for name in dict.fromkeys(_imported_names(node, known))
    ]


def imports_of(path: Path) -> list[Import]:
    return imports(tree_of(path), modules())


def own(path: Path) -> list[Import]:
    return [i for i in imports_of(path) if i.name.split(".")[0] == PACKAGE]


def foreign(path: Path) -> list[Import]:
    return [i for i in imports_of(path) if i.name.split(".")[0] != PACKAGE]


def reads_environment(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="os"), attr="environ" | "getenv" | "environb"):
                return True
            case ast.ImportFrom(module="os", names=names):
                if {alias.name for alias in names} & {"environ", "getenv", "environb"}:
                    return True
    return False


every_module = pytest.mark.parametrize("path", paths(), ids=place)


@every_module
def test_has_a_floor(path: Path) -> None:
    assert top(dotted(path)) in FLOORS, f"{place(path)} needs a floor in FLOORS"


@every_module
def test_imports_only_from_its_own_floor_or_below(path: Path) -> None:
    floor = FLOORS[top(dotted(path))]
    too_high = [i for i in own(path) if FLOORS.get(top(i.name), 99) > floor]
    assert not too_high, f"{place(path)} is on floor {floor}"


@every_module
def test_the_ground_needs_only_the_standard_library(path: Path) -> None:
    if FLOORS[top(dotted(path))] > 0:
        return
    assert {i.name.split(".")[0] for i in foreign(path)} <= sys.stdlib_module_names


@every_module
def test_third_party_packages_stay_at_home(path: Path) -> None:
    astray = [
        i
        for i in foreign(path)
        if (homes := HOMES.get(i.name.split(".")[0])) and not place(path).startswith(homes)
    ]
    assert not astray, f"{place(path)} is not where these packages may be used"


@every_module
def test_engines_see_terms_and_never_text(path: Path) -> None:
    if top(dotted(path)) != "engines":
        return
    seen = {".".join(i.name.split(".")[:2]) for i in own(path)}
    assert not seen & {f"{PACKAGE}.{name}" for name in ("analysis", "highlight", "sources")}


@every_module
def test_only_the_service_floor_sees_both_analyzer_and_engine(path: Path) -> None:
    seen = {top(i.name) for i in own(path)}
    assert not {"analysis", "engines"} <= seen or FLOORS[top(dotted(path))] == FLOORS["service"]


@every_module
def test_only_the_edges_read_the_environment(path: Path) -> None:
    if top(dotted(path)) in READS_THE_ENVIRONMENT:
        return
    assert not reads_environment(tree_of(path)), "settings come in as a value: config.Settings"


@every_module
def test_is_short_enough_to_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, "split it along what it does"


def test_no_module_imports_itself_in_a_circle() -> None:
    eager = {dotted(p): {i.name for i in own(p) if not i.lazy} for p in paths()}
    try:
        TopologicalSorter(eager).prepare()
    except CycleError as error:
        pytest.fail(f"circle: {' -> '.join(error.args[1])}")


class TestTheWalkerItself:
    """A guard that sees nothing would let everything pass."""

    KNOWN = frozenset({"search_service.query", "search_service.query.ast"})

    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ("import os.path", "os.path"),
            ("from search_service.query import ast", "search_service.query.ast"),
            ("from search_service.query import Term", "search_service.query"),
            ("from search_service.query.ast import Term", "search_service.query.ast"),
            ("from . import ast", "search_service.<relative import>"),
            ("def f():\n    import whoosh", "whoosh"),
            ("if TYPE_CHECKING:\n    import whoosh", "whoosh"),
            ("importlib.import_module('whoosh.index')", "whoosh.index"),
        ],
    )
    def test_sees(self, source: str, found: str) -> None:
        assert [i.name for i in imports(ast.parse(source), self.KNOWN)] == [found]

    @pytest.mark.parametrize(
        ("source", "lazy"),
        [
            ("import whoosh", False),
            ("try:\n    import whoosh\nexcept ImportError:\n    pass", False),
            ("def f():\n    import whoosh", True),
            ("if TYPE_CHECKING:\n    import whoosh", True),
        ],
    )
    def test_tells_imports_that_run_at_once(self, source: str, lazy: bool) -> None:
        assert [i.lazy for i in imports(ast.parse(source), self.KNOWN)] == [lazy]

    @pytest.mark.parametrize(
        "source",
        ["os.environ['X']", "os.getenv('X')", "from os import environ", "x = dict(os.environ)"],
    )
    def test_sees_the_environment_being_read(self, source: str) -> None:
        assert reads_environment(ast.parse(source))

    def test_a_value_called_environ_is_not_the_environment(self) -> None:
        assert not reads_environment(ast.parse("def f(environ):\n    return environ['X']"))
