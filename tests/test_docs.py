"""What the documentation shows is what happens, and what it points to is there."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from search_service import SearchService

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    *("README.md", "CONTRIBUTING.md", "benchmarks/README.md"),
    *(f"docs/{p.name}" for p in ROOT.glob("docs/*.md")),
)

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# ---------------------------------------------------------------- examples in Python


def examples(text: str) -> Iterator[tuple[int, str, str | None]]:
    """Yield the line, the code and the shown output (None if there is none) of each example."""
    blocks = list(FENCED.finditer(text))
    for block, behind in zip(blocks, [*blocks[1:], None], strict=True):
        if block[1] != "python":
            continue
        line = text.count("\n", 0, block.start()) + 2
        follows = behind and not behind[1] and not text[block.end() : behind.start()].strip()
        yield line, block[2], behind[2] if behind and follows else None


@pytest.mark.parametrize("page", ["README.md", "docs/library.md", "docs/embedding.md"])
def test_examples_print_what_is_shown(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    found = list(examples(read(page)))
    assert found
    for line, code, shown in found:
        printed = io.StringIO()
        # With as many empty lines before it, a traceback names the line of the page.
        program = compile("\n" * (line - 1) + code, ROOT / page, "exec")
        with contextlib.redirect_stdout(printed):
            exec(program, names)  # noqa: S102 - our own documentation
        if shown is not None:
            assert printed.getvalue() == shown, f"{page}, line {line}"


# ---------------------------------------------------------------- the query language


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchService]:
    with SearchService.open(tmp_path_factory.mktemp("docs") / "index") as service:
        service.index_paths([ROOT / "seeds"])
        yield service


def queries() -> list[tuple[str, int]]:
    """Return each query of a table that tells how many of the sample documents it finds."""
    row = re.compile(r"^\| `(?!filter=)(.+?)` \| (\d+) \|", re.MULTILINE)
    rows = row.findall(read("docs/query-language.md"))
    return [(query, int(total)) for query, total in rows]


def filters() -> list[tuple[str, int]]:
    """Return each filter of a table that tells how many of the sample documents it leaves."""
    row = re.compile(r"^\| `filter=(.+?)` \| (\d+) \|", re.MULTILINE)
    rows = row.findall(read("docs/query-language.md"))
    return [(text, int(total)) for text, total in rows]


@pytest.mark.parametrize(("text", "total"), filters())
def test_filters_leave_as_many_documents_as_is_shown(
    seeds: SearchService, text: str, total: int
) -> None:
    assert seeds.search("", filters=[text]).total == total


@pytest.mark.parametrize(("query", "total"), queries())
def test_queries_find_as_many_documents_as_is_shown(
    query: str, total: int, seeds: SearchService
) -> None:
    assert seeds.search(query).total == total


def test_every_warning_is_explained() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "search_service/query").glob("*.py")]
    raised = re.compile(r"(?:\bwarn(?:ing)?|\.mistake|\.limit|QueryWarning| =) ?\(\s*\"([a-z-]+)\"")
    codes = {code for source in sources for code in raised.findall(source)}
    assert {"bad-date", "lone-operator", "unbalanced-quote", "too-many-words"} <= codes
    section = read("docs/query-language.md").partition("\n## Warnings\n")[2]
    table = re.findall(r"^\| `([a-z-]+)` \|", section.partition("\n## ")[0], re.MULTILINE)
    assert sorted(codes) == sorted(table)


# ---------------------------------------------------------------- links


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target, anchor in LINK.findall(FENCED.sub("", read(page))):
        path = (ROOT / page).parent / target if target else ROOT / page
        assert path.exists(), f"{page} points to {target}"
        if anchor:
            assert anchor in anchors(path.read_text("utf-8")), f"{page} points to {target}#{anchor}"
