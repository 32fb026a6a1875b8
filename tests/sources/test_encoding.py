"""In which encodings text is understood, and what is refused."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.errors import SourceError
from search_service.schema import Document
from search_service.sources.encoding import BadEncodingError, decode

SENTENCES = (
    "وصل القطار إلى المحطة بعد منتصف الليل، وكان المسافرون نائمين.",
    "قرأت الكتاب في ثلاثة أيام؟ بل في يومين؛ فهو قصير",
    "افتتحت المدرسة الجديدة أبوابها لمئتي تلميذ من أبناء القرية",
    "ارتفعت أسعار القمح هذا الموسم بنسبة 12% (تقرير 2019)",
)
SHORT = ("سوق الحرير", "مدرسة القرية", "كتابي الأول")

# Any text that a file may hold: no halves of characters, no NUL, and none of the
# control characters that no text has.
texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"))


def noise(size: int) -> bytes:
    """Return bytes that look random and are always the same."""
    return hashlib.shake_256(b"noise").digest(size)


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("encoding", ["cp1256", "iso8859_6"])
def test_the_old_arabic_encodings_are_told_apart(sentence: str, encoding: str) -> None:
    assert decode(sentence.encode(encoding)) == sentence


@pytest.mark.parametrize("words", SHORT)
@pytest.mark.parametrize("encoding", ["cp1256", "iso8859_6"])
def test_two_words_are_enough_to_tell_them_apart(words: str, encoding: str) -> None:
    assert decode(words.encode(encoding)) == words


def test_typographic_quotes_are_windows_1256() -> None:
    text = "قال “الكتاب” – ثم صمت…"

    assert decode(text.encode("cp1256")) == text


def test_a_long_text_in_an_old_encoding_is_read_whole() -> None:
    text = "\n".join(SENTENCES * 2000)

    assert decode(text.encode("cp1256")) == text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("sentence", [*SENTENCES, "كتاب", "plain English"])
def test_unicode_is_read_with_and_without_a_mark(sentence: str, encoding: str) -> None:
    assert decode(sentence.encode(encoding)) == sentence


def test_utf16_with_the_other_byte_order_mark() -> None:
    assert decode(codecs.BOM_UTF16_BE + "كتاب".encode("utf-16-be")) == "كتاب"


@given(texts)
def test_any_utf8_comes_back(text: str) -> None:
    assert decode(text.encode("utf-8-sig")) == text


@given(texts)
def test_any_utf16_with_a_mark_comes_back(text: str) -> None:
    assert decode(text.encode("utf-16")) == text


@given(st.binary(max_size=400))
def test_bytes_either_give_text_without_nuls_or_are_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except BadEncodingError:
        return
    assert "\0" not in text
    # U+FFFD is there only if it was in the file, in UTF-8 or UTF-16.
    written = (b"\xef\xbf\xbd", b"\xfd\xff", b"\xff\xfd")
    assert "\ufffd" not in text or any(character in data for character in written)


def test_random_bytes_are_refused() -> None:
    for size in (64, 500, 20_000):
        with pytest.raises(BadEncodingError, match="bad encoding: "):
            decode(noise(size))


def test_a_picture_is_refused() -> None:
    with pytest.raises(BadEncodingError):
        decode(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00\x01\x00\x08\x02")


def test_nuls_are_refused_with_their_line() -> None:
    with pytest.raises(BadEncodingError, match="holds NUL characters") as caught:
        decode("سطر\nسطر\0آخر\n".encode())

    assert caught.value.line == 2


def test_damaged_utf8_is_refused_and_not_read_as_windows_1256() -> None:
    data = "سطر أول\nسطر ثان\n".encode()
    damaged = data[:-4] + b"\xff" + data[-3:]

    with pytest.raises(BadEncodingError, match=f"broken UTF-8 at byte {len(data) - 5}") as caught:
        decode(damaged)

    assert caught.value.line == 2


def test_utf16_cut_in_the_middle_of_a_character_is_refused() -> None:
    with pytest.raises(BadEncodingError, match="broken UTF-16"):
        decode("كتاب".encode("utf-16")[:-1])


def test_a_declared_encoding_is_believed_when_it_fits() -> None:
    assert decode("Привет".encode("koi8-r"), "koi8-r") == "Привет"
    assert decode("déjà – vu".encode("cp1252"), "ISO-8859-1") == "déjà – vu"


@pytest.mark.parametrize("declared", ["utf-8", "no-such-encoding", "rot13", "idna", "ascii", ""])
def test_a_declared_encoding_that_does_not_fit_is_passed_over(declared: str) -> None:
    assert decode(SENTENCES[0].encode("cp1256"), declared) == SENTENCES[0]


def test_utf8_is_utf8_whatever_it_declares() -> None:
    assert decode("كتاب".encode(), "windows-1256") == "كتاب"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256", "iso8859_6"])
@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_a_text_file_is_read_in_every_encoding(
    read: Callable[..., list[Document]], name: str, encoding: str
) -> None:
    [document] = read(name, "سوق الكتب\nفي السوق كتب كثيرة وقراء قليلون", encoding)

    assert (document.title, document.body) == ("سوق الكتب", "في السوق كتب كثيرة وقراء قليلون")


def test_a_file_that_is_no_text_is_an_error_with_its_path(
    read: Callable[..., list[SourceError]],
) -> None:
    [error] = read("a.txt", noise(3000))

    assert error.path.endswith("a.txt")
    assert error.reason == "bad encoding: neither UTF-8, UTF-16, Windows-1256 nor ISO-8859-6"
