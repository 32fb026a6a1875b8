"""What is measured on: the first passages of a collection, and its queries, as plain files.

Every contestant, in whatever language it is written, reads the same files:
passages as lines of id, title and text between tabs, queries as lines of words
between blanks. So a query holds words only, and nothing in it is an operator.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from passages import Passage, read_jsonl

from speed.synthetic import synthetic_passages

__all__ = ["KINDS", "Corpus", "Inputs", "inputs", "open_corpus", "read_passages", "read_queries"]

#: The kinds of queries, and what they are called in tables.
KINDS = {
    "or": "any of the words",
    "and": "all of the words",
    "phrase": "the first two words as a phrase",
    "prefix": "the first four letters of the first word",
}

#: More queries than this are not asked.
MOST_QUERIES = 1000

_WARM_UP = 100
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Corpus:
    """Where passages and queries come from; ``queries`` may be missing."""

    name: str
    passages: Path | None
    queries: Path | None


@dataclass(frozen=True)
class Inputs:
    """The files for one number of passages: ``queries`` by kind, and how much there is."""

    passages: Path
    queries: dict[str, Path]
    warm_up: dict[str, Path]
    documents: int
    words: int
    bytes: int


def open_corpus(path: Path | None) -> Corpus:
    """Return the collection at ``path``; ``None`` is one that is made up.

    A folder has passages in ``corpus.jsonl`` or in the first ``passages*`` file
    (both may end in ``.xz``) and queries in ``queries.jsonl``; or ``path`` is a
    file of passages, and queries lie beside it or are taken from titles.
    Ends the program where there are no passages.
    """
    if path is None:
        return Corpus("made-up passages", None, None)
    if path.is_file():
        passages = path
    else:
        found = [*path.glob("corpus.jsonl*"), *sorted(path.glob("passages*.jsonl*"))]
        if not found:
            raise SystemExit(
                f"{path}: no corpus.jsonl and no passages*.jsonl there; name a folder in the BEIR"
                " format, or a .jsonl file whose lines have title and text"
            )
        passages = found[0]
    queries = passages.parent / "queries.jsonl"
    return Corpus(passages.name.partition(".")[0], passages, queries if queries.exists() else None)


def inputs(corpus: Corpus, count: int, folder: Path) -> Inputs:
    """Write the first ``count`` passages and all queries into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    passages = folder / "passages.tsv"
    documents = words = size = 0
    titles: list[str] = []
    with passages.open("w", encoding="utf-8", newline="\n") as file:
        for passage in islice(_passages(corpus), count):
            file.write(f"{passage.id}\t{passage.title}\t{passage.text}\n")
            documents += 1
            words += len(_WORD.findall(passage.title)) + len(_WORD.findall(passage.text))
            size += passage.bytes
            if len(titles) < 2 * MOST_QUERIES:
                titles.append(_sample(passage))
    if not documents:
        raise SystemExit(f"{corpus.passages} holds no passages")
    asked = list(_queries(corpus)) or titles[_WARM_UP:] or titles
    return Inputs(
        passages,
        _by_kind(asked[:MOST_QUERIES], folder, "queries"),
        _by_kind(titles[:_WARM_UP], folder, "warm-up"),
        documents,
        words,
        size,
    )


def read_passages(path: Path) -> Iterator[Passage]:
    """Yield the passages of a file that :func:`inputs` wrote."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield Passage(*line.rstrip("\n").split("\t"))


def read_queries(path: Path) -> list[list[str]]:
    """Return the queries of a file that :func:`inputs` wrote, each as its words."""
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines()]


def _passages(corpus: Corpus) -> Iterator[Passage]:
    if corpus.passages is None:
        yield from synthetic_passages()
        return
    for number, row in enumerate(read_jsonl(corpus.passages)):
        # White space becomes a blank, so that a passage is a line.
        title, text = (" ".join(row.get(name, "").split()) for name in ("title", "text"))
        yield Passage(str(row.get("_id", number)), title, text)


def _sample(passage: Passage) -> str:
    """Return one to five words that follow each other in a passage, the same ones every time."""
    words = _WORD.findall(passage.text) or _WORD.findall(passage.title)
    draw = random.Random(passage.id)
    length = draw.randint(1, 5)
    start = draw.randrange(max(1, len(words) - length))
    return " ".join(words[start : start + length])


def _queries(corpus: Corpus) -> Iterable[str]:
    return (row["text"] for row in read_jsonl(corpus.queries)) if corpus.queries else ()


def _by_kind(queries: Sequence[str], folder: Path, name: str) -> dict[str, Path]:
    words = [found for query in queries if (found := _WORD.findall(query.lower()))]
    kinds = {
        "or": words,
        "and": words,
        "phrase": [query[:2] for query in words if len(query) > 1],
        "prefix": [[query[0][:4]] for query in words],
    }
    paths = {}
    for kind, lines in kinds.items():
        paths[kind] = folder / f"{name}-{kind}.txt"
        text = "".join(chain.from_iterable((" ".join(line), "\n") for line in lines))
        paths[kind].write_text(text, encoding="utf-8", newline="\n")
    return paths
