"""What the screen does to text before a terminal sees it."""

import json
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from govagents.domain.text import Untrusted
from govagents.entrypoints.cli import output
from govagents.entrypoints.cli.output import Screen, Tone, Toned, dumped, one_line, safe, shown
from tests.journey.terminal import sit_at

OBEYED = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
LONG_ID = "req_" + "x" * 120


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_no_line_is_wider_than_the_window_when_it_is_narrow(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_at(monkeypatch, columns=columns)
    screen = Screen()

    screen.heading("a heading " * 9)
    screen.line("word " * 40, indent=2)
    screen.facts([("a label", "value " * 40), ("", LONG_ID)])
    screen.table(("id", "says"), [("req_1", "some 中文 words " * 12), ("req_2", LONG_ID)])
    screen.quote(Untrusted("quoted 中文 " * 30 + "\n\n" + LONG_ID))

    lines = capsys.readouterr().out.split("\n")
    assert [line for line in lines if cell_len(line) > columns] == []


def test_nothing_is_cut_off_when_the_window_is_narrow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_at(monkeypatch, columns=30)

    Screen().table(("id", "says"), [("req_1", LONG_ID)])

    assert capsys.readouterr().out.count("x") == LONG_ID.count("x")


def test_a_command_stays_on_one_line_when_the_window_is_narrow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_at(monkeypatch, columns=20)
    command = "govagents approve req_1 --as ona.owner --home somewhere/rather/deep"

    Screen().next(command)

    assert capsys.readouterr().out == f"\nnext  {command}\n"


def test_every_line_of_a_quote_stands_behind_the_bar_when_words_have_line_breaks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Screen().quote(Untrusted("please\n\nrequest     req_9  active\n" + "and so on " * 30))

    lines = capsys.readouterr().out.split("\n")[:-1]
    assert [line for line in lines if not line.startswith("│")] == []


def test_colour_is_left_out_when_it_is_not_wanted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")

    Screen().line(Toned("denied", Tone.BAD))

    assert "31m" not in capsys.readouterr().out


def test_a_pipe_gets_no_trailing_blanks_when_a_table_is_padded(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Screen().table(("id", "says"), [("req_1", "short"), ("req_2", "rather longer")])

    lines = capsys.readouterr().out.split("\n")
    assert [line for line in lines if line != line.rstrip()] == []


def test_an_error_is_one_json_value_when_json_is_wanted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Screen(json=True).error("input", "no role `\x1b[31m`", "govagents ask --help")

    captured = capsys.readouterr()
    assert captured.out == ""
    assert json.loads(captured.err) == {
        "error": {"code": "input", "message": "no role `\\u001b[31m`"},
        "next": "govagents ask --help",
    }


@given(st.text())
def test_nothing_a_terminal_obeys_is_left_when_any_text_is_made_safe(text: str) -> None:
    printed = safe([text, Untrusted(text), Toned(text, Tone.BAD)]).plain

    assert {category(each) for each in printed.replace("\n", "")} & OBEYED == set()


@given(st.text())
def test_a_line_break_is_gone_when_text_is_put_on_one_line(text: str) -> None:
    assert "\n" not in one_line(text)


@given(st.text())
def test_json_is_read_back_when_it_was_escaped_for_terminals(text: str) -> None:
    written = dumped({"text": text})

    assert json.loads(written) == {"text": text}
    assert written[:-1].isprintable()


def test_text_says_the_same_when_it_is_shown_as_string_or_untrusted() -> None:
    assert shown("a\x9b") == shown(Untrusted("a\x9b")) == "a\\u009b"


def test_a_record_stands_on_one_line_when_it_goes_into_a_pipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing of it is cut, however narrow a window there may be elsewhere."""
    monkeypatch.setenv("COLUMNS", "20")
    words = "one word after another " * 40
    screen = Screen()

    screen.table(("id", "says"), [("req_1", words), ("req_2", "a\n\nb")])
    screen.facts([("label", words)])
    screen.line(words, indent=2)
    screen.line(one_line(words, 40))

    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines[1:3]] == [
        ["req_1", *words.split()],
        ["req_2", "a⏎", "⏎", "b"],
    ]
    assert [line.split()[-40:] for line in lines[3:]] == [words.split()[-40:]] * 3


def test_a_record_is_broken_over_lines_without_the_shipped_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "_ENDLESS", 100)

    Screen().table(("id", "says"), [("req_1", "one word after another " * 40)])

    assert len(capsys.readouterr().out.splitlines()) > 2


def test_words_are_cut_when_they_are_shown_in_a_row_of_a_window(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sit_at(monkeypatch, columns=80)

    assert len(one_line("one word after another " * 40, 40)) == 40
    assert capsys.readouterr().out == ""
