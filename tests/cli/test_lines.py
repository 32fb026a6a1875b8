from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_service.cli.lines import FSI, PDI, Line, Span, clean, isolated, plain, value


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("\x1b[31mأحمر\x1b[0m", "␛[31mأحمر␛[0m"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("a\x9b2Jb", "a\ufffd2Jb"),
        ("سطر\nسطر\r\n\tسطر", "سطر سطر سطر"),
        ("a\u2028b\x85c", "a b c"),
        ("\u202eباء\u202c \u2067تاء\u2069", "باء تاء"),
        ("\x00\x7f", "␀␡"),
        ("كِتابٌ\u200cها \u200f!", "كِتابٌ\u200cها \u200f!"),
    ],
    ids=["colour", "window title", "C1", "lines", "other lines", "turning", "ends", "untouched"],
)
def test_stored_text_cannot_command_the_terminal(stored, shown):
    assert clean(stored) == shown


@given(st.text())
def test_nothing_that_is_written_is_a_control_character_or_opens_an_isolate(text):
    shown = clean(text)
    assert not any(unicodedata.category(c) == "Cc" for c in shown)
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "B"}
    assert not turning & set(map(unicodedata.bidirectional, shown))


@given(st.text())
def test_isolates_are_balanced_and_never_reach_a_pipe(text):
    spans = value(text)
    written = "".join(span.text for span in spans)
    assert written.count(FSI) == written.count(PDI) <= 1
    assert plain(Line(spans)) == clean(text).rstrip()


@pytest.mark.parametrize("text", ["كتاب", "١٢", "كتاب Linux", "x كتاب", "עברית"])
def test_what_runs_right_to_left_is_isolated_as_a_whole(text):
    assert value(text) == (Span(FSI), Span(text), Span(PDI))


@pytest.mark.parametrize("text", ["book", "12 · x", ""])
def test_what_runs_left_to_right_is_not(text):
    assert value(text) == (Span(text),)


def test_a_value_of_several_styles_is_one_isolate():
    assert isolated([Span("كان "), Span("طريق", "bold")]) == (
        Span(FSI),
        Span("كان "),
        Span("طريق", "bold"),
        Span(PDI),
    )


def test_a_label_stands_right_in_its_indentation():
    assert plain(Line((Span("x"),), 4, "1. ")) == " 1. x"
    assert plain(Line((Span("x"),), 4)) == "    x"
