"""What policy obliges to besides yes or no: a fresh word of whoever gets it, words kept back (S59).

The company's policies are given the obligation in the store of a test, on every permit.
"""

import re
from datetime import timedelta

import pytest

from govagents.action import guard
from govagents.action.confirming import TO_CONFIRM
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.errors import StateError
from govagents.policy import engine, lint
from govagents.testing.company import Company
from tests.journey.breaking import HOLDER, OWNER, ROLE, SYSTEM
from tests.journey.terminal import Terminal

REDRIVE = "Redrive the tracking dlq, 2h"
AGENT, ANSWERS = "agent-sre-responder", "katarzyna.wolska"
DISCREET = "Redrive the tracking dlq, 2h, because Ona is being investigated"
ITS_ID = re.compile(r'^(@id\("[^"]+"\))$', re.MULTILINE)


def obliged(company: Company, obligation: str) -> Company:
    """Every policy of the store obliges to it."""
    for file in sorted((company.home / "policies").glob("*.cedar")):
        text = file.read_text().replace('@obligation("notify")\n', "")
        file.write_text(ITS_ID.sub(rf'\1\n@obligation("{obligation}")', text))
    return company.restarted()


@pytest.fixture
def stepping(company: Company) -> Company:
    return obliged(company, "notify, step_up")


def approved(company: Company, who: str = HOLDER, by: str = OWNER) -> View:
    return company.approve(company.ask(who, REDRIVE), by)


def confirm(company: Company, view: View, who: str = HOLDER) -> Status:
    """Say so, and let a sweep come."""
    company.app.runner.confirm(view.request.id, IdentityId(who))
    company.sweep()
    return company.view(view.request.id).status


def test_it_is_given_when_whoever_gets_it_has_confirmed(
    stepping: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S59: after everybody else has agreed; they are told, in their inbox and by what is next."""
    view = approved(stepping)
    assert (view.status, view.note) == (Status.BLOCKED, TO_CONFIRM)
    assert not stepping.holds(HOLDER, ROLE, SYSTEM)
    terminal = Terminal(stepping.restarted().home, capsys)
    typed = f"govagents request confirm {view.request.id} --as {HOLDER}"
    assert terminal.data("request", "show", view.request.id)["next"] == typed
    mine = terminal.data("inbox", "--as", HOLDER)
    assert [each["request_id"] for each in mine["confirm"]] == [view.request.id]
    assert mine["next"] == typed
    assert any("waits for you" in each["text"] for each in mine["notices"])
    assert "waits for you to confirm" in terminal.type("inbox", "--as", HOLDER).words
    assert terminal.data("inbox", "--as", OWNER)["confirm"] == []

    said = terminal.type("request", "confirm", view.request.id, "--as", HOLDER)
    terminal.type("sweep", "--once")

    assert said.code == 0
    after = stepping.view(view.request.id)
    assert (after.status, len(after.grants)) == (Status.ACTIVE, 1)
    assert stepping.holds(HOLDER, ROLE, SYSTEM)
    (entry,) = [event for _, event in after.entries if event.kind == "request.confirmed"]
    assert (entry.principal, entry.subject) == (HOLDER, HOLDER)
    assert terminal.type("audit", "verify").code == 0


def test_only_whoever_gets_it_confirms(stepping: Company) -> None:
    view = approved(stepping)

    for who in (OWNER, "wei.zhang"):
        with pytest.raises(StateError, match=f"is not for `{who}` to confirm: {HOLDER} may"):
            stepping.app.runner.confirm(view.request.id, IdentityId(who))

    assert stepping.view(view.request.id).status is Status.BLOCKED


def test_whoever_answers_for_an_agent_confirms_for_it(stepping: Company) -> None:
    view = approved(stepping, AGENT, ANSWERS)
    assert view.note == TO_CONFIRM

    with pytest.raises(StateError, match=f"{ANSWERS} may"):
        stepping.app.runner.confirm(view.request.id, IdentityId(AGENT))

    assert confirm(stepping, view, ANSWERS) is Status.ACTIVE


def test_nothing_is_confirmed_before_it_is_asked_for(stepping: Company) -> None:
    """S65: said beforehand it would be no second word."""
    asked = stepping.ask(HOLDER, REDRIVE)

    with pytest.raises(StateError, match="does not wait to be confirmed"):
        stepping.app.runner.confirm(asked.request.id, IdentityId(HOLDER))


def test_a_stale_confirmation_gives_nothing(stepping: Company) -> None:
    """S59: no sweep came for a quarter of an hour; it is asked for again, and may be given."""
    view = approved(stepping)
    stepping.app.runner.confirm(view.request.id, IdentityId(HOLDER))
    stepping.pass_time(timedelta(minutes=15))
    stepping.sweep()

    late = stepping.view(view.request.id)

    assert (late.status, late.note) == (Status.BLOCKED, TO_CONFIRM)
    first, again = asked_to_confirm(stepping)
    assert "counts no more" not in first
    assert "what was confirmed 2026-11-23 09:00:00 UTC counts no more: `govagents req" in again
    stepping.sweep()
    assert asked_to_confirm(stepping) == [first, again]
    assert confirm(stepping, view) is Status.ACTIVE


def asked_to_confirm(company: Company) -> list[str]:
    """What the holder was told to confirm, oldest first."""
    with company.app.records.begin() as tx:
        told = [text for _, _, text in tx.notices(IdentityId(HOLDER))]
    return [text for text in told if "request confirm" in text]


def test_a_confirmation_of_another_proposal_gives_nothing(
    stepping: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S65: it binds one exact proposal; of what is proposed by now it has to be asked for again."""
    view = approved(stepping)
    stepping.app.runner.confirm(view.request.id, IdentityId(HOLDER))
    monkeypatch.setattr("govagents.action.confirming.digest", lambda proposal: "0" * 64)

    stepping.sweep()

    after = stepping.view(view.request.id)
    assert (after.status, after.note) == (Status.BLOCKED, TO_CONFIRM)
    assert not stepping.holds(HOLDER, ROLE, SYSTEM)
    assert len(asked_to_confirm(stepping)) == 2


def test_it_would_be_given_unconfirmed_without_the_shipped_line(
    stepping: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(guard, "confirmed", lambda *_: True)

    assert approved(stepping).status is Status.ACTIVE


def test_what_nobody_confirms_lapses_after_a_day(stepping: Company) -> None:
    view = approved(stepping)
    stepping.pass_time(timedelta(hours=24))
    stepping.sweep()

    after = stepping.view(view.request.id)

    assert (after.status, after.note) == (Status.LAPSED, "nobody confirmed it")
    with pytest.raises(StateError, match="does not wait to be confirmed"):
        stepping.app.runner.confirm(view.request.id, IdentityId(HOLDER))


def test_it_would_wait_for_ever_without_the_shipped_line(
    stepping: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = approved(stepping)
    monkeypatch.setattr("govagents.action.lapse.waits_for_confirmation", lambda *_: False)
    stepping.pass_time(timedelta(hours=48))
    stepping.sweep()

    assert stepping.view(view.request.id).status is Status.BLOCKED


def test_an_obligation_that_nobody_knows_is_a_no(company: Company) -> None:
    """S59: and so is one of several."""
    view = approved(obliged(company, "notify, page"))

    assert view.status is Status.DENIED
    assert "`page`, which this guard cannot do: denied" in view.note


@pytest.fixture
def discreet(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Something is asked for in words that are not for whoever decides."""
    obliged(company, "redact").ask(HOLDER, DISCREET)
    return Terminal(company.restarted().home, capsys)


LOOKS = [("inbox",), ("request", "show", "--last"), ("why", "--last"), ("request", "list")]


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_the_words_are_kept_from_whoever_decides(
    words: tuple[str, ...], discreet: Terminal
) -> None:
    """S59: what is asked for is shown as ever, in whose words it was not."""
    by_owner = [
        discreet.type(*words, "--as", OWNER),
        discreet.type(*words, "--as", OWNER, "--json"),
    ]
    by_nobody = discreet.type(*words) if words != ("inbox",) else by_owner[0]

    for said in (*by_owner, by_nobody):
        assert said.code == 0
        for told in ("Ona", "investigated", "tracking"):
            assert told not in said.out
        assert ROLE in said.out
    mine = discreet.type(*words, "--as", HOLDER)
    assert ("tracking" in mine.out) is (words != ("inbox",))


def test_the_answer_says_that_it_was_given_without_the_words(discreet: Terminal) -> None:
    said = discreet.type("approve", "--last", "--as", OWNER)

    assert said.code == 0
    assert "investigated" not in said.out
    entries = discreet.data("audit", "show")["entries"]
    (answer,) = [each["event"] for each in entries if each["event"]["kind"] == "answer.approved"]
    assert answer["reason"] == "words-withheld"
    assert "obliged to redact" in discreet.type("why", "--last", "--as", OWNER).words
    assert discreet.data("request", "show", "--last", "--as", OWNER)["words_withheld"] is True
    assert discreet.data("request", "show", "--last", "--as", HOLDER)["words_withheld"] is False


def test_whoever_decides_would_read_them_without_the_shipped_line(
    discreet: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(View, "seen_by", lambda self, person: self)

    assert "investigated" in discreet.type("inbox", "--as", OWNER).out


@pytest.fixture
def refused(company: Company) -> Company:
    """A policy that says nothing of words forbids what others, that keep them back, allow."""
    obliged(company, "redact")
    (company.home / "policies" / "stop.cedar").write_text(
        '@id("stop") @reason("not now") forbid (principal, action, resource);\n'
    )
    return company.restarted()


def test_the_words_are_kept_back_when_what_they_ask_for_is_denied(
    refused: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S59: nobody decides then, and nobody needs them."""
    asked = refused.ask(HOLDER, DISCREET)
    terminal = Terminal(refused.restarted().home, capsys)

    shown = [terminal.type(*words, "--as", OWNER).out for words in LOOKS]

    assert asked.status is Status.DENIED
    assert not [each for each in shown if "investigated" in each]
    assert "investigated" in terminal.type("request", "show", "--last", "--as", HOLDER).out


def test_a_denial_would_show_them_without_the_shipped_line(
    refused: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(engine, "_kept", lambda _: frozenset())
    refused.ask(HOLDER, DISCREET)
    terminal = Terminal(refused.restarted().home, capsys)

    assert "investigated" in terminal.type("request", "show", "--last", "--as", OWNER).out


def test_the_words_are_kept_back_when_it_is_denied_as_late_as_at_the_door(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S59: policies changed between the yes and the giving; what is scheduled is decided again."""
    tomorrow = "Redrive the tracking dlq tomorrow from 10:00 to 12:00, because Ona is investigated"
    ahead = company.approve(company.ask(HOLDER, tomorrow), OWNER)
    assert ahead.status is Status.APPROVED
    (company.home / "policies" / "stop.cedar").write_text(
        '@id("stop") @obligation("redact") forbid (principal, action, resource);\n'
    )
    company.restarted()
    company.pass_time(timedelta(hours=26))
    company.sweep()

    assert company.view(ahead.request.id).status is Status.DENIED
    terminal = Terminal(company.restarted().home, capsys)
    assert "Ona" not in terminal.type("request", "show", "--last", "--as", OWNER).out
    assert terminal.type("audit", "verify").code == 0


def test_lint_knows_what_the_guard_can_do() -> None:
    assert lint.OBLIGATIONS == guard.KNOWN_OBLIGATIONS
