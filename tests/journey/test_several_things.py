"""Two things in one sentence, both unclear: an answer about one drops the other for nobody."""

from typing import Any

import pytest

from govagents.perception import answered
from govagents.testing.company import Company
from tests.journey.terminal import Terminal

SRE = ("--as", "samuel.adeyemi")
TEXT = "change the dashboard and the alarm"


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(company.home, capsys)


def _needs(found: dict[str, Any]) -> list[str]:
    return [need["permission"] for need in found["understood"]["needs"]]


def _answer(terminal: Terminal, text: str) -> dict[str, Any]:
    found: dict[str, Any] = terminal.data("request", "answer", "--last", text, *SRE)
    return found


def test_the_second_thing_is_asked_about_when_the_first_is_settled(terminal: Terminal) -> None:
    """S84 S10: each thing is settled by the speaker, and all of them stand in the plan."""
    first = terminal.data("ask", TEXT, *SRE)
    second = _answer(terminal, "1")
    settled = _answer(terminal, "1")

    assert first["question"]["about"] == "permission"
    assert second["question"]["text"].startswith("and `")
    assert second["status"] == "needs_info"
    assert len(_needs(second)) == 1
    assert settled["question"] is None or settled["question"]["about"] != "permission"
    assert len(_needs(settled)) == 2
    assert {name.split(":")[1] for name in _needs(settled)} == {"alarms", "dashboards"}


def test_both_things_are_settled_when_one_answer_names_both(terminal: Terminal) -> None:
    terminal.data("ask", TEXT, *SRE)

    settled = _answer(terminal, "1 and 2")

    assert len(_needs(settled)) == 2


def test_the_second_thing_is_left_out_when_the_speaker_says_so(terminal: Terminal) -> None:
    terminal.data("ask", TEXT, *SRE)
    _answer(terminal, "1")

    settled = _answer(terminal, "nothing")

    assert len(_needs(settled)) == 1
    assert settled["status"] != "needs_info"


def test_the_second_thing_is_lost_when_nothing_looks_for_what_is_left(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answered, "things", lambda *_: ())
    terminal.data("ask", TEXT, *SRE)

    settled = _answer(terminal, "1")

    assert settled["status"] != "needs_info"
    assert len(_needs(settled)) == 1
