from __future__ import annotations

import io
import re

import pytest

from search_service.cli.lines import FSI, PDI, Line, Span, value
from search_service.cli.writing import write_lines

SENTENCE = "كان طريق الحرير شبكة من الطرق سلكتها القوافل قرونا طويلة بين الشرق والغرب"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def written(*lines):
    stream = io.StringIO()
    write_lines(lines, stream)
    return stream.getvalue()


def test_a_pipe_gets_plain_text_on_one_line_however_long():
    line = Line((Span("1. ", "bold"), *value(SENTENCE * 9, "red")), indent=2)
    assert written(line) == f"  1. {SENTENCE * 9}\n"


@pytest.mark.usefixtures("terminal")
class TestOnATerminal:
    def test_styles_are_colours(self):
        assert written(Line((Span("x", "bold red"),))) == "\x1b[1;31mx\x1b[0m\n"

    def test_no_color_is_honoured(self, monkeypatch):
        monkeypatch.setenv("NO_COLOR", "1")
        assert "31" not in written(Line((Span("x", "red"),)))

    def test_arabic_in_a_mixed_line_is_isolated(self):
        line = Line((Span("id · "), *value("تاريخ"), Span(", "), *value("تجارة")))
        assert written(line) == f"id · {FSI}تاريخ{PDI}, {FSI}تجارة{PDI}\n"

    def test_long_lines_are_wrapped_between_words_and_indented(self):
        lines = written(Line(value(SENTENCE), 4, "1. ")).splitlines()
        assert len(lines) == 2
        assert all(len(line) <= 60 + len(FSI + PDI) for line in lines)
        assert [line[:4] for line in lines] == [" 1. ", "    "]
        words = " ".join(line[4:].strip(FSI + PDI) for line in lines)
        assert words == SENTENCE

    def test_each_wrapped_line_is_isolated_for_itself(self):
        lines = written(Line((*value("أول"), Span(" · "), *value(SENTENCE)), 4)).splitlines()
        assert len(lines) > 1
        assert all(line.count(FSI) == line.count(PDI) > 0 for line in lines)
        assert all(line.endswith(PDI) for line in lines)

    def test_a_styled_word_keeps_its_style_after_a_wrap(self):
        line = Line((Span("و " * 40), Span("كلمة", "red")), 4)
        assert written(line).splitlines()[-1].endswith("\x1b[31mكلمة\x1b[0m")

    def test_a_word_longer_than_the_line_is_still_written_in_full(self):
        shown = written(Line((Span("x" * 200),)))
        assert shown.replace("\n", "") == "x" * 200

    def test_markup_and_emoji_codes_are_only_text(self):
        line = Line((Span("[red]x[/red] :smile: 123 'q' http://x"),))
        assert written(line) == "[red]x[/red] :smile: 123 'q' http://x\n"

    def test_an_empty_line_stays(self):
        assert written(Line(), Line((Span("x"),))) == "\nx\n"

    def test_a_narrow_window_still_gets_words(self, monkeypatch):
        monkeypatch.setenv("COLUMNS", "5")
        assert "كان طريق" in written(Line(value(SENTENCE), 4))


@pytest.mark.usefixtures("terminal")
def test_a_terminal_that_knows_no_colours_gets_none(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    assert not COLOUR.search(written(Line((Span("x", "red"),))))
