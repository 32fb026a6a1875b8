"""One run of indexing: from files or documents to one commit, and a report.

Knows what changed by the manifest; the engine sees only what must be written.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from search_service.analysing import Analysis
from search_service.analysis.analyzer import Analyzer
from search_service.engines.port import Writer
from search_service.errors import SourceError
from search_service.generations import disk_errors
from search_service.manifest import FileKey, Manifest
from search_service.results import IndexProblem, IndexReport
from search_service.schema import Document, Schema
from search_service.sources import SourceFile, file_hash, find_files, read_documents

__all__ = ["IndexRun", "Progress"]

_NO_FILE = FileKey("", "")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come; ``current`` is the file that is read next."""

    files_done: int
    files_total: int
    documents: int
    current: str


@dataclass
class IndexRun:
    """Writes one run's changes to a writer and a manifest; the caller commits both.

    ``processes`` is how many may analyse a big input: 0 for one per processor.
    """

    schema: Schema
    analyzer: Analyzer
    writer: Writer
    manifest: Manifest
    processes: int = 1
    problems: list[IndexProblem] = field(default_factory=list)
    _started: float = field(default_factory=time.perf_counter)
    # Written or found unchanged.
    _documents: int = 0
    # What is read in this run, in order.
    _files: dict[FileKey, SourceFile] = field(default_factory=dict)
    # Documents that gave way to a later file's; back if that file loses its own.
    _shadowed: dict[str, tuple[Document, SourceFile]] = field(default_factory=dict)
    _analysis: Analysis = field(init=False)

    def documents(self, documents: Iterable[Document]) -> None:
        """Write documents that come from no file."""
        with self._analysing():
            for document in documents:
                with disk_errors(self.manifest.folder):
                    self._write(document, _NO_FILE)

    def files(
        self,
        paths: Sequence[Path],
        mapping: Mapping[str, str] | None,
        exclude: Sequence[str],
        progress: Callable[[Progress], None] | None,
    ) -> None:
        """Read the files below ``paths`` that changed, and remove what vanished."""
        order = self._files
        for found in find_files(paths, exclude):
            if isinstance(found, SourceError):
                self._report(found)
            else:
                order[_key(found)] = found
        unseen = tuple(problem.path for problem in self.problems)
        with self._analysing():
            self._all_files(order, mapping, progress)
            with disk_errors(self.manifest.folder):
                self._remove_vanished(paths, order, unseen)
                self._restore_shadowed()

    def _all_files(
        self,
        order: Mapping[FileKey, SourceFile],
        mapping: Mapping[str, str] | None,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        later = dict(order)
        for done, (key, file) in enumerate(order.items()):
            if progress:
                progress(Progress(done, len(order), self._documents, str(file.path)))
            del later[key]
            with disk_errors(self.manifest.folder):
                self._file(file, key, later, mapping)
        if progress:
            progress(Progress(len(order), len(order), self._documents, ""))

    @contextmanager
    def _analysing(self) -> Iterator[None]:
        """Have an analysis to put documents to; at the end, the writer has them all."""
        add, joins = self.writer.add, self.writer.joins
        analysis = Analysis(self.schema, self.analyzer, add, self.processes, joins=joins)
        with analysis as self._analysis:
            yield

    def remove(self, document_id: str) -> None:
        """Remove a document, unless this run has written it."""
        if not self.manifest.run.has(document_id):
            known = self.manifest.document(document_id)
            self.manifest.run.remove(document_id, known.hash if known else "")
            self.writer.delete(document_id)
            self.manifest.remove_document(document_id)

    def report(self, documents: int) -> IndexReport:
        """Return what was done; ``documents`` is how many the index holds now."""
        return IndexReport(
            **self.manifest.run.counts()._asdict(),
            documents=documents,
            seconds=round(time.perf_counter() - self._started, 3),
            problems=tuple(self.problems),
        )

    @property
    def changed(self) -> bool:
        """Whether there is anything to commit."""
        added, updated, _, removed = self.manifest.run.counts()
        return bool(added or updated or removed)

    def _file(
        self,
        file: SourceFile,
        key: FileKey,
        later: Mapping[FileKey, SourceFile],
        mapping: Mapping[str, str] | None,
    ) -> None:
        try:
            content = _content_hash(file, mapping)
        except SourceError as error:
            self._report(error)
            return
        before = self.manifest.documents(key)
        if content == self.manifest.file_hash(key):
            self._documents += self.manifest.run.confirm(*key)
            return
        clean = True
        found: set[str] = set()
        for result in read_documents(file, mapping):
            if isinstance(result, SourceError):
                self._report(result)
                clean = False
            elif self._belongs_to_later(result, file, later):
                clean = False
            else:
                clean &= self._write(result, key)
                found.add(result.id)
        for lost in before - found:
            self.remove(lost)
        # A file with problems is read again next time, so that its problems are told again.
        self.manifest.set_file(key, content if clean else None)

    def _belongs_to_later(
        self, document: Document, file: SourceFile, later: Mapping[FileKey, SourceFile]
    ) -> bool:
        known = self.manifest.document(document.id)
        if known is None or known.key not in later:
            return False
        self._shadowed[document.id] = (document, file)
        self._duplicate(document.id, _key(file), known.key)
        return True

    def _write(self, document: Document, key: FileKey) -> bool:
        """Write a document if it changed; return whether its id is new to its file."""
        known = self.manifest.document(document.id)
        first = known.key if known and self.manifest.run.has(document.id) else None
        if known and key.file and known.key not in (key, _NO_FILE):
            # The other file may get its document back some day, so it must be read again.
            self.manifest.set_file(known.key, None)
            if first is None and Path(*known.key).exists():
                self._duplicate(document.id, known.key, key)
        if first is not None:
            self._duplicate(document.id, first, key)
        content = document.content_hash()
        if known is None or known.hash != content:
            self._analysis.put(document)
        self.manifest.run.write(document.id, known.hash if known else None)
        self.manifest.set_document(document.id, content, key)
        self._documents += first is None
        return first != key

    def _duplicate(self, document_id: str, loser: FileKey, winner: FileKey) -> None:
        reason = (
            f"the document with the id {document_id!r} gave way to the later one in "
            f"{self._where(winner)}"
        )
        self.problems.append(IndexProblem(self._where(loser), None, reason, error=False))

    def _where(self, key: FileKey) -> str:
        file = self._files.get(key)
        return str(file.path) if file else "documents" if key == _NO_FILE else str(Path(*key))

    def _remove_vanished(
        self, paths: Sequence[Path], present: Mapping[FileKey, object], unseen: Sequence[str]
    ) -> None:
        """Remove the documents of files that are gone from the folders in ``paths``.

        ``unseen`` are paths that could not be looked at: nobody knows what is below them.
        """
        for path in paths:
            if not path.is_dir():
                continue
            for key in self.manifest.files(_root(path)):
                file = path / key.file
                if key in present or any(file.is_relative_to(other) for other in unseen):
                    continue
                for document_id in self.manifest.documents(key):
                    self.remove(document_id)
                self.manifest.set_file(key, None)

    def _restore_shadowed(self) -> None:
        for document, file in self._shadowed.values():
            if self.manifest.document(document.id) is None:
                self._write(document, _key(file))

    def _report(self, error: SourceError) -> None:
        self.problems.append(IndexProblem(error.path, error.line, error.reason))


def _root(path: Path) -> str:
    return str(path.resolve())


def _key(file: SourceFile) -> FileKey:
    return FileKey(_root(file.root), file.id)


def _content_hash(file: SourceFile, mapping: Mapping[str, str] | None) -> str:
    """Return a hash of everything that the file's documents depend on."""
    named = repr(sorted((mapping or {}).items()))
    return hashlib.sha256(f"{file_hash(file.path)}{named}".encode()).hexdigest()
