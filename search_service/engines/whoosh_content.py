"""What a new Whoosh segment will hold: documents that are added, and segments merged into it.

Documents are gathered in runs. A run that has become large is inverted and
written to a file without a name; at the end the runs are merged slice by
slice. So memory depends on the length of a run, not on the number of runs.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_service.engines.array_file import ArrayFileWriter
from search_service.engines.inverting import Inverter
from search_service.engines.merging import ListsWriter, Part, merged
from search_service.engines.numbered_words import RunWords, TextRun
from search_service.engines.port import IndexedDocument
from search_service.engines.postings import FieldLists
from search_service.engines.whoosh_codec import ArrayReader
from search_service.engines.whoosh_segment import ID, length_column, tier_field
from search_service.schema import FieldKind, Schema, Tier

__all__ = ["SegmentContent"]

# A run with as many tokens is written to a file. They need about 60 bytes each until then,
# most of them while they are inverted.
_RUN = 1_000_000


class SegmentContent:
    """The lists and columns of a new segment; runs go to files in ``folder``."""

    def __init__(self, schema: Schema, folder: Path) -> None:
        self._schema = schema
        self._folder = folder
        self._run = _Run(schema)
        self._runs: list[ArrayReader] = []
        lengths = [length_column(field.name) for field in schema.of_kind(FieldKind.TEXT)]
        days = [field.name for field in schema.of_kind(FieldKind.DATE)]
        self._columns = {name: array("I") for name in (*lengths, *days)}
        self._merged: list[tuple[ArrayReader, NDArray[np.bool_], NDArray[np.uint32]]] = []
        self.tokens = 0
        self.documents = 0

    def add(self, number: int, document: IndexedDocument) -> None:
        """Add a document's terms and values; numbers rise by one."""
        for name, length in self._run.add(number, document).items():
            self._columns[length_column(name)].append(length)
            self.tokens += length
        for field in self._schema.of_kind(FieldKind.DATE):
            day = getattr(document.document, field.source)
            self._columns[field.name].append(day.toordinal() if day else 0)
        self.documents += 1
        if self._run.tokens >= _RUN:
            self._end_run()

    def _end_run(self) -> None:
        with TemporaryFile(dir=self._folder) as file:
            writer = ArrayFileWriter(file)
            for name, lists in self._run.lists():
                with ListsWriter(writer, name, self._folder) as field:
                    field.add(lists)
                    field.finish()
            writer.finish()
            file.flush()
            self._runs.append(ArrayReader(file))
        self._run = _Run(self._schema)

    def take(
        self, arrays: ArrayReader, alive: NDArray[np.bool_], numbers: NDArray[np.uint32]
    ) -> None:
        """Take over the documents of a segment that are ``alive``, under new ``numbers``."""
        self._merged.append((arrays, alive, numbers))
        self.documents += int(alive.sum())
        for field in self._schema.of_kind(FieldKind.TEXT):
            self.tokens += int(arrays.column(length_column(field.name))[alive].sum())

    def lists(self) -> Iterator[tuple[str, Iterator[FieldLists]]]:
        """Yield each field with its lists in slices, and forget what they were made from."""
        for name, lists in self._run.lists():
            runs = [Part(run.lists(name), done=run.let_go) for run in self._runs]
            last = [] if (runs or self._merged) and not lists.terms else [Part(lists)]
            taken = [
                Part(arrays.any_lists(name), alive, numbers, arrays.let_go)
                for arrays, alive, numbers in self._merged
            ]
            yield name, merged([*runs, *last, *taken])

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return each column, one entry per document."""
        return {
            name: np.concatenate(
                [np.array(new, np.uint32), *(a.column(name)[alive] for a, alive, _ in self._merged)]
            )
            for name, new in self._columns.items()
        }


class _Run:
    """Documents in memory, until they are many."""

    def __init__(self, schema: Schema) -> None:
        self._words = RunWords()
        self._texts = {field.name: TextRun() for field in schema.of_kind(FieldKind.TEXT)}
        keywords = {f.name: Inverter(positions=False) for f in schema.of_kind(FieldKind.KEYWORD)}
        self._keywords = {ID: Inverter(positions=False), **keywords}
        self.tokens = 0

    def add(self, number: int, document: IndexedDocument) -> dict[str, int]:
        """Add a document; return the length of each of its text fields in tokens."""
        lengths = {}
        for name, text in self._texts.items():
            words = self._words.numbers(document.terms[name])
            text.add(number, words)
            lengths[name] = len(words)
        for name, inverter in self._keywords.items():
            values = (document.document.id,) if name == ID else document.keywords.get(name, ())
            inverter.add(number, tuple(dict.fromkeys(values)))
            self.tokens += len(values)
        self.tokens += sum(lengths.values())
        return lengths

    def lists(self) -> Iterator[tuple[str, FieldLists]]:
        """Yield each field's lists, and forget what they were made from."""
        for name in list(self._keywords):
            yield name, self._keywords.pop(name).lists()
        # All tiers of a field one after the other: they share their lists.
        for name, text in self._texts.items():
            for tier in Tier:
                # Root forms serve ranking alone: no phrase asks for them, nor for positions.
                lists = text.lists(self._words.column(tier), positions=tier is not Tier.ROOT)
                yield tier_field(name, tier), lists
        self._texts.clear()
