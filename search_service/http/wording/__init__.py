"""The sentences of the pages, in the languages of the interface."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

from markupsafe import Markup

from search_service.advice import Reason
from search_service.http.problems import Problem
from search_service.http.wording import arabic, english

__all__ = ["ARABIC", "ENGLISH", "LANGUAGES", "Wording"]

_LARGEST_SAID = {"ar": 2, "en": 1}


@dataclass(frozen=True, slots=True)
class Wording:
    """One language: its tag, its direction, the other language's tag, and its tables."""

    code: str
    direction: Literal["rtl", "ltr"]
    other: str
    tables: ModuleType

    def __call__(self, key: str, **values: object) -> Markup:
        """Return a sentence as HTML; each value is escaped and isolated from its neighbours."""
        isolated = {
            name: value if isinstance(value, int) else Markup("<bdi>{}</bdi>").format(value)
            for name, value in values.items()
        }
        # The sentence is ours; Markup.format escapes what is put into it.
        return Markup(self.tables.TEXTS[key]).format(**isolated)  # noqa: S704

    def plain(self, key: str, **values: object) -> str:
        """Return a sentence as plain text: for attributes and titles."""
        return str(self.tables.TEXTS[key]).format(**values)

    @property
    def comma(self) -> str:
        """What stands between the members of a list."""
        return str(self.tables.COMMA)

    def count(self, number: int, noun: str) -> str:
        """Return a number with its noun.

        >>> ARABIC.count(2, "results"), ARABIC.count(7, "results"), ARABIC.count(1250, "results")
        ('نتيجتان', '7 نتائج', '1,250 نتيجة')
        >>> ENGLISH.count(1, "documents"), ENGLISH.count(2, "documents")
        ('one document', '2 documents')
        """
        said = str(self.tables.NOUNS[noun][self.tables.form_of(number)])
        return said if number <= _LARGEST_SAID[self.code] else f"{number:,} {said}"

    def date(self, day: datetime.date) -> str:
        """Return a day as people write it.

        >>> ARABIC.date(datetime.date(2021, 5, 4))
        '4 مايو 2021'
        """
        return f"{day.day} {self.tables.MONTHS[day.month - 1]} {day.year}"

    def error(self, problem: Problem) -> str:
        """Return what a reader is told of an error."""
        kind = problem.kind or ("no-page" if problem.status == 404 else "")
        return str(self.tables.ERRORS.get(kind, self.tables.UNFORESEEN))

    def reason(self, reason: Reason) -> str:
        """Return what a less strict query gives up."""
        return str(self.tables.REASONS[reason])

    def warning(self, code: str, message: str) -> str:
        """Return a warning about a query; one that is not known here, as it came."""
        return str(self.tables.WARNINGS.get(code, message))


ARABIC = Wording("ar", "rtl", "en", arabic)
ENGLISH = Wording("en", "ltr", "ar", english)

LANGUAGES = {language.code: language for language in (ARABIC, ENGLISH)}
