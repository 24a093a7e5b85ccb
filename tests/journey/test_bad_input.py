"""Bad input: a clear word on what is wrong, the right exit code, and nothing lost or half-done."""

import pytest

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


@pytest.mark.parametrize(
    "text", ["redrive\u202e the tracking dlq, 2h", "redrive the \x1b[2Jdlq 2h"]
)
def test_control_and_bidirectional_characters_are_shown_and_do_no_harm(
    terminal: Terminal, text: str
) -> None:
    """S72: such a request is read, and shown with what it hides made visible."""
    said = terminal.type("ask", text, *SRE)
    shown = terminal.type("request", "list")

    assert said.code in {0, 4, 5}
    assert "\x1b" not in said.out + shown.out
    assert "\u202e" not in said.out + shown.out
