"""Bad input: a clear word on what is wrong, the right exit code, and nothing lost or half-done."""

import json

import pytest

from govagents.domain.request import Status
from govagents.perception import triage
from govagents.testing.company import Company
from tests.journey.terminal import Terminal

SRE = ("--as", "samuel.adeyemi")


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(company.home, capsys)


BAD = {
    "empty": (("ask", "", *SRE), "empty"),
    "blank": (("ask", " \n\t ", *SRE), "empty"),
    "only-control": (("ask", "\x00\x1b\u202e", *SRE), "empty"),
    "too-long": (("ask", "please " * 1000, *SRE), "4000"),
    "unknown-speaker": (("ask", "redrive the dlq", "--as", "nobody.here"), "nobody.here"),
    "unknown-beneficiary": (
        ("ask", "redrive the dlq, 2h", *SRE, "--for", "nobody.here"),
        "nobody.here",
    ),
    "unknown-role": (("who-has", "no-such-role"), "no-such-role"),
    "unknown-request": (("request", "show", "req_zzzzzz"), "req_zzzzzz"),
    "unknown-grant": (("grant", "show", "gr_zzzzzz"), "gr_zzzzzz"),
    "end-before-start": (
        ("ask", "redrive the tracking dlq from 26 November 10:00 until 25 November 10:00", *SRE),
        "2026-11-25",
    ),
    "ten-years": (("ask", "redrive the tracking dlq for ten years", *SRE), "366"),
    "no-instant": (("ask", "redrive the tracking dlq, 2h", *SRE, "--now", "soon"), "soon"),
    "backwards": (
        ("ask", "redrive the tracking dlq, 2h", *SRE, "--now", "2026-11-20T09:00:00Z"),
        "cannot go back",
    ),
}


@pytest.mark.parametrize(("words", "told"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_told_and_leaves_nothing(
    company: Company, terminal: Terminal, words: tuple[str, ...], told: str
) -> None:
    with company.app.records.begin() as tx:
        size = tx.log.size()

    said = terminal.type(*words)

    assert said.code == 2
    assert told in said.err
    assert "Traceback" not in said.err
    with company.app.records.begin() as tx:
        assert tx.log.size() == size
        assert tx.requests.list() == ()


@pytest.mark.parametrize("character", ["\u202e", "\x9b", "\udcff"], ids=ascii)
@pytest.mark.parametrize("flag", ["--plan-only", "--json", "--wait"])
def test_a_character_no_request_may_hold_is_named_and_leaves_nothing(
    company: Company, terminal: Terminal, character: str, flag: str
) -> None:
    """S72: named, placed, shown escaped, and the text that may be sent is said."""
    said = terminal.type("ask", f"redrive{character} the tracking dlq, 2h", *SRE, flag)

    message = json.loads(said.err)["error"]["message"] if flag == "--json" else said.err
    assert (said.code, said.out) == (2, "")
    assert f"U+{ord(character):04X}" in message
    assert "at character 8" in message
    assert f"`redrive\\u{ord(character):04x} the tracking dlq, 2h`" in message
    sentence, *_ = message.partition("\n\nnext  ")
    assert sentence.rstrip().endswith("`redrive the tracking dlq, 2h`")
    assert character not in said.err
    with company.app.records.begin() as tx:
        assert tx.requests.list() == ()


def test_a_refused_answer_leaves_its_question_open(company: Company, terminal: Terminal) -> None:
    asked = terminal.data("ask", "redrive the tracking dlq until Monday", *SRE)

    said = terminal.type("request", "answer", "--last", "for 2\u202eh", *SRE)

    assert (said.code, "RIGHT-TO-LEFT OVERRIDE" in said.err) == (2, True)
    view = company.view(asked["request_id"])
    assert (view.status, len(view.words)) == (Status.NEEDS_INFO, 1)


@pytest.mark.parametrize("answer", ["for ten years", "until yesterday", "for 2 hours tomorrow"])
def test_an_answer_that_is_no_window_is_asked_about_again(
    company: Company, terminal: Terminal, answer: str
) -> None:
    """An answer that cannot be read ends no request."""
    asked = terminal.data("ask", "redrive the tracking dlq until Monday", *SRE)

    again = terminal.data("request", "answer", "--last", answer, *SRE)
    settled = terminal.data("request", "answer", "--last", "2h", *SRE)

    assert (asked["question"]["about"], again["question"]["about"]) == ("window", "window")
    assert again["question"]["text"].startswith("`")
    assert settled["understood"]["window"] is not None
    assert company.view(asked["request_id"]).status is not Status.BLOCKED


def test_bad_input_is_told_under_json_as_it_is_on_a_screen(
    company: Company, terminal: Terminal
) -> None:
    """What cannot be read is refused before it is stored, whichever way the answer is written."""
    words, told = BAD["end-before-start"]

    said = terminal.type(*words, "--json")

    assert (said.code, said.out) == (2, "")
    assert told in json.loads(said.err)["error"]["message"]
    with company.app.records.begin() as tx:
        assert tx.requests.list() == ()


def test_escape_codes_are_shown_and_do_no_harm(terminal: Terminal) -> None:
    """S72: such a request is read, and shown with what it hides made visible."""
    said = terminal.type("ask", "redrive the \x1b[2Jdlq 2h", *SRE)
    shown = terminal.type("request", "list")

    assert said.code in {0, 4, 5}
    assert "\x1b" not in said.out + shown.out
    assert "\\u001b[2J" in shown.out


def test_a_hidden_character_is_stored_when_the_door_is_open(
    company: Company, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triage, "check_characters", len)

    terminal.type("ask", "redrive\u202e the tracking dlq, 2h", *SRE)

    with company.app.records.begin() as tx:
        (request,) = tx.requests.list()
    assert "\u202e" in company.view(request).words[0].raw()
