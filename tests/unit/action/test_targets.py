"""What became of an order is what is read back; what a connector raised is kept as the cause."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from govagents.action import targets as shipped
from govagents.action.targets import MOST_SAID, Targets
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId, RequestId, RoleId, SystemId
from govagents.domain.outcome import Done, NotDone, Trouble
from govagents.domain.request import Status
from govagents.errors import GuardError
from govagents.ports import (
    Connector,
    Order,
    OutcomeUnknownError,
    TargetRefusedError,
    TargetUnavailableError,
)
from tests.unit.action.noted import TRACER, calls
from tests.unit.adapters.stores import ANA, grant

SHOP = SystemId("shop")


@dataclass
class Scripted(Connector):
    """Raises what it is told to; `deaf` = accepts every order and does nothing."""

    changing: Exception | None = None
    reading: Exception | None = None
    deaf: bool = False
    held: set[IdentityId] = field(default_factory=set)

    scheme = "scripted"

    @classmethod
    def at(cls, address: str, folder: Path) -> "Scripted":
        raise TypeError(address, folder)

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        assert system
        assert role
        if self.reading:
            raise self.reading
        return frozenset(self.held)

    def grant(self, order: Order) -> None:
        self._change(order, gained=True)

    def revoke(self, order: Order) -> None:
        self._change(order, gained=False)

    def _change(self, order: Order, *, gained: bool) -> None:
        if not self.deaf and not self.changing:
            (self.held.add if gained else self.held.discard)(order.subject)
        if self.changing:
            raise self.changing


def held() -> Grant:
    return grant(RequestId("req_1"), Status.ACTIVE)


@pytest.mark.parametrize(
    ("raised", "trouble", "said"),
    [
        (TargetUnavailableError("no answer"), Trouble.UNREACHABLE, "no answer"),
        (TargetRefusedError("read-only until Monday"), Trouble.REFUSED, "read-only until Monday"),
        (OutcomeUnknownError("cut off"), Trouble.UNKNOWN, "cut off"),
        (GuardError("no fence"), Trouble.BROKEN, "no fence"),
        (KeyError("name"), Trouble.BROKEN, "KeyError: 'name'"),
        (RuntimeError(), Trouble.BROKEN, "RuntimeError"),
    ],
)
def test_the_cause_is_kept_when_a_connector_raises(
    raised: Exception, trouble: Trouble, said: str
) -> None:
    """S39 S44."""
    target = Scripted(changing=raised, held={ANA})

    outcome = Targets({}, target, TRACER).set(held(), calls(), held=False)

    assert outcome == NotDone(SHOP, trouble, said)
    assert said in str(outcome)
    assert "`shop`" in str(outcome)


def test_it_is_done_when_a_connector_raises_and_the_target_shows_it() -> None:
    """Rule 1: what is read back counts, never an exception."""
    target = Scripted(changing=OutcomeUnknownError("cut off"))

    assert Targets({}, target, TRACER).set(held(), calls(), held=False) == Done()


@pytest.mark.parametrize("gained", [True, False])
def test_a_connector_that_lies_is_not_believed_when_it_is_read_back(gained: bool) -> None:
    """S18: it accepted the order."""
    target = Scripted(deaf=True, held=set() if gained else {ANA})

    outcome = Targets({}, target, TRACER).set(held(), calls(), held=gained)

    assert outcome == NotDone(SHOP, Trouble.DIFFERS)
    assert "shows otherwise when read back" in str(outcome)


def test_the_cause_is_that_it_cannot_be_read_when_only_reading_back_fails() -> None:
    target = Scripted(reading=TargetUnavailableError("no answer"))

    outcome = Targets({}, target, TRACER).set(held(), calls(), held=False)

    assert outcome == NotDone(SHOP, Trouble.UNREACHABLE, "no answer")


def test_the_first_cause_is_kept_when_changing_and_reading_both_fail() -> None:
    target = Scripted(changing=TargetRefusedError("no"), reading=TargetUnavailableError("gone"))

    assert Targets({}, target, TRACER).set(held(), calls(), held=False) == NotDone(
        SHOP, Trouble.REFUSED, "no"
    )


def test_other_systems_are_changed_all_the_same_when_one_fails() -> None:
    """Rule 2."""
    good, bad = Scripted(held={ANA}), Scripted(changing=RuntimeError("x"), held={ANA})
    on_both = Grant(**{**vars(held()), "targets": (SystemId("broken"), SHOP)})

    outcome = Targets({SystemId("broken"): bad, SHOP: good}, None, TRACER).set(
        on_both, calls(), held=False
    )

    assert isinstance(outcome, NotDone)
    assert outcome.system == "broken"
    assert not good.held


def test_no_connector_is_a_cause_when_none_serves_a_system() -> None:
    outcome = Targets({}, None, TRACER).set(held(), calls(), held=True)

    assert isinstance(outcome, NotDone)
    assert "no connector serves `shop`" in outcome.said


def test_what_a_target_says_is_made_harmless_when_it_is_kept() -> None:
    """S60: cut, on one line, with nothing that a terminal would obey, and without a password."""
    words = "at ldap://admin:pa55@host\n\x1b[31mred\u202e" + "x" * 5000

    outcome = Targets({}, Scripted(changing=TargetRefusedError(words), held={ANA}), TRACER).set(
        held(), calls(), held=False
    )

    assert isinstance(outcome, NotDone)
    assert outcome.said.startswith("at ldap://…@host \\u001b[31mred\\u202e")
    assert len(outcome.said) == MOST_SAID


def test_what_a_target_says_would_reach_the_record_when_it_were_kept_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The defence taken away."""
    monkeypatch.setattr(shipped, "harmless", str)
    target = Scripted(changing=TargetRefusedError("\x1b[2J"), held={ANA})

    assert "\x1b" in str(Targets({}, target, TRACER).set(held(), calls(), held=False))


def test_a_cause_that_cannot_be_put_in_words_is_kept_when_its_text_raises() -> None:
    class MuteError(Exception):
        def __str__(self) -> str:
            raise ValueError

    outcome = Targets({}, Scripted(changing=MuteError(), held={ANA}), TRACER).set(
        held(), calls(), held=False
    )

    assert isinstance(outcome, NotDone)
    assert outcome.trouble is Trouble.BROKEN
