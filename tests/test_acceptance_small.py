"""A handful of short articles, indexed and searched as a newspaper's readers would.

Each article is written in another hand: the same names and words are spelled
otherwise, as they are in real collections.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from search_service import SearchService

ARTICLES = {
    # The Egyptian spelling of "American", month by its English name, Arabic-Indic digits.
    "ميناء.txt": (
        "سفينة تدريب أمريكية تزور الميناء",
        (
            "رست سفينة التدريب الأمريكية في الميناء يوم ١٥ يناير ٢٠٢١، وعلى متنها ٣ آلاف كتاب.\n"
            "وقال قبطانها إن الكتب هدية لمكتبات المدارس، وإن طاقمها سيزور المتحف البحري."
        ),
    ),
    # The Levantine spelling and month name, European digits.
    "جامعة.txt": (
        "الجامعة الأميركية تفتح أبوابها",
        (
            "فتحت الجامعة الأميركية أبوابها للزوار في 20 كانون الثاني 2021، وحضر 3 آلاف زائر ندوة\n"
            "عن تاريخ الطباعة، وأهدتهم المكتبة كتبا قديمة."
        ),
    ),
    # "Militias" spelled with a yeh, heh as U+06BE.
    "رواية.txt": (
        "رواية عن سنوات الحرب",
        "تحكي الرواية قصة قرية حاصرتها الميليشيات، وجھود أهلها في زراعة القمح تحت القصف.",
    ),
    # "Militias" spelled without it; the broken plural of "rocket".
    "فيلم.txt": (
        "فيلم وثائقي يروي حكاية جسر",
        "يروي الفيلم كيف دمرت صواريخُ مليشياتٍ مسلحةٍ الجسرَ، وكيف أعادت الجهود الشعبية بناءه.",
    ),
    # The singular of "rocket"; tatweel and marks.
    "فضاء.txt": (
        "طلاب يطلقون صاروخا صغيرا",
        "أطلق طلاب كلية الهندسة صـــاروخًا صغيرًا من الصحراء، وشاهده أطفالهم من بعيد.",
    ),
    # Presentation forms, as taken from a PDF, and one word of Latin letters.
    "صحة.txt": (
        "ﺍﻟﻤﺴﺘﺸﻔﻰ ﻳﺴﺘﻘﺒﻞ ﺍﻟﺰﻭﺍﺭ",
        "سمح المستشفى بالزيارة بعد انحسار Covid-19″، على أن يلتزم الزوّار بالصبر وبارتداء الكمامة.",
    ),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchService]:
    folder = tmp_path_factory.mktemp("articles")
    for name, (title, body) in ARTICLES.items():
        (folder / name).write_text(f"{title}\n\n{body}\n", encoding="utf-8")
    with SearchService.open(tmp_path_factory.mktemp("index")) as opened:
        report = opened.index_paths([folder])
        assert (report.added, report.problems) == (len(ARTICLES), ())
        yield opened


def found(service: SearchService, query: str, **options: str) -> list[str]:
    """Return the names of the files found, best first."""
    hits = service.search(query, **options)  # type: ignore[arg-type]
    return [Path(hit.id).stem for hit in hits]


@pytest.mark.parametrize(
    ("query", "names", "why"),
    [
        ("أمريكية", {"ميناء", "جامعة"}, "both spellings of the name"),
        ("الأميركية", {"ميناء", "جامعة"}, "the other way round"),
        ("امريكي", {"ميناء", "جامعة"}, "without hamza, without the feminine ending"),
        ("ميليشيات", {"رواية", "فيلم"}, "spelled with and without yeh"),
        ("المليشيا", {"رواية", "فيلم"}, "the singular with the article"),
        ("جهود", {"رواية", "فيلم"}, "heh written as U+06BE"),
        ("جھود", {"رواية", "فيلم"}, "in the query, too"),
        ("يناير", {"ميناء", "جامعة"}, "the Levantine name of the month"),
        ("كانون الثاني", {"ميناء", "جامعة"}, "the month of two words"),
        ('"كانون الثاني"', {"ميناء", "جامعة"}, "quoted, it is the same month"),
        ('"15 كانون الثاني"', {"ميناء"}, "with its day"),
        ("صاروخ", {"فيلم", "فضاء"}, "broken plural"),
        ("صواريخ", {"فيلم", "فضاء"}, "and its singular"),
        ('"3 آلاف"', {"ميناء", "جامعة"}, "digits of both kinds"),
        ('"٣ آلاف"', {"ميناء", "جامعة"}, "digits of both kinds"),
        ("2021", {"ميناء", "جامعة"}, "digits of both kinds"),
        ("أطفال", {"فضاء"}, "with a pronoun behind: أطفالهم"),
        ("الصبر", {"صحة"}, "with a particle before: بالصبر"),
        ("زوار", {"جامعة", "صحة"}, "presentation forms and marks"),
        ("مستشفي", {"صحة"}, "yeh for alef maqsura"),
        ("Covid-19", {"صحة"}, "a double prime behind it"),
        ("covid", {"صحة"}, "the first part of the name"),
        ("مكتبة", {"ميناء", "جامعة"}, "singular and plural"),
        ("كتاب", {"ميناء", "جامعة"}, "broken plural كتب"),
        ("غواصة", set(), "a word that nobody wrote"),
    ],
)
def test_finds(service: SearchService, query: str, names: set[str], why: str) -> None:
    assert names <= set(found(service, query)), why
    if not names:
        assert found(service, query) == []


@pytest.mark.parametrize(
    ("query", "name", "why"),
    [
        ("سفينة أمريكية", "ميناء", "the spelling in the text says more than the other one"),
        ("جامعة أميركية", "جامعة", "the same for the other"),
        ("ماذا قال القبطان", "ميناء", "question words carry no weight"),
        ("صاروخ الطلاب", "فضاء", "singular as written before its plural"),
        ("ندوة تاريخ الطباعة", "جامعة", "three words of one article"),
        ("متى يسمح المستشفى بالزيارة؟", "صحة", "a question as people type it"),
    ],
)
def test_puts_first(service: SearchService, query: str, name: str, why: str) -> None:
    assert found(service, query)[0] == name, why


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("=الأمريكية", {"ميناء"}),
        ("=الأميركية", {"جامعة"}),
        ('"الجهود الشعبية"', {"فيلم"}),
        ("زوار -ندوة", {"صحة"}),
        ("title:رواية", {"رواية"}),
        ("صوار*", {"فيلم"}),
        ("المستشقى~", {"صحة"}),
    ],
)
def test_finds_no_more_than(service: SearchService, query: str, names: set[str]) -> None:
    assert set(found(service, query)) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("معرض كانون الثاني", set()),
        ("الجامعة يناير", {"جامعة"}),  # its text says كانون الثاني
        ("الميناء كانون الثاني", {"ميناء"}),  # its text says يناير
        ("مليشيا في القرية", {"رواية"}),  # في is asked of nobody
    ],
)
def test_with_match_all_finds(service: SearchService, query: str, names: set[str]) -> None:
    assert set(found(service, query, match="all")) == names


@pytest.mark.parametrize(
    ("query", "name", "marked"),
    [
        ("أميركية", "ميناء", "<mark>الأمريكية</mark>"),
        ("جهود", "رواية", "<mark>وجھود</mark>"),
        ("يناير", "جامعة", "<mark>كانون</mark> <mark>الثاني</mark>"),
        ("صاروخ", "فيلم", "<mark>صواريخُ</mark>"),
        ("صاروخ", "فضاء", "<mark>صـــاروخًا</mark>"),
        ("مليشيا", "فيلم", "<mark>مليشياتٍ</mark>"),
        ('"3 آلاف"', "ميناء", "<mark>٣</mark> <mark>آلاف</mark>"),
        ("الصبر", "صحة", "<mark>بالصبر</mark>"),
    ],
)
def test_marks_words_as_they_are_written(
    service: SearchService, query: str, name: str, marked: str
) -> None:
    [hit] = [hit for hit in service.search(query) if Path(hit.id).stem == name]
    assert any(marked in snippet.html for snippet in hit.snippets)


def test_marks_presentation_forms_in_the_title(service: SearchService) -> None:
    [hit] = [hit for hit in service.search("مستشفى") if Path(hit.id).stem == "صحة"]
    assert hit.highlighted_title is not None
    assert hit.highlighted_title.html.startswith("<mark>ﺍﻟﻤﺴﺘﺸﻔﻰ</mark>")
