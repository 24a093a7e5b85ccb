"""A target that does not answer is given up on, and nothing is believed that may yet change."""

from asyncio import CancelledError
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import ClassVar

import pytest

from govagents.action.targets import Targets
from govagents.adapters import limited as shipped
from govagents.adapters.limited import MOST_LEFT, Asked, Hanging, Kind, Limited, unasked
from govagents.adapters.targets import Silent, open_targets
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId, RequestId, RoleId, SystemId
from govagents.domain.outcome import Done, NotDone, Outcome, Trouble
from govagents.domain.request import Status
from govagents.errors import OutcomeUnknownError, TargetRefusedError, TargetUnavailableError
from govagents.ports import Connector, Order
from govagents.settings import TARGET_LIMIT as LIMIT
from tests.unit.action.noted import TRACER, calls
from tests.unit.adapters.stores import ANA, BO, READER, grant

SHOP, VAULT = SystemId("shop"), SystemId("vault")
WRITER = RoleId("writer")
BRIEF = timedelta(milliseconds=20)
GIVE, TAKE = Order(SHOP, READER, ANA, "gr_1"), Order(SHOP, READER, ANA, "gr_1")
READ_SHOP = Asked(Kind.READING, SHOP, READER)


@dataclass
class Hung(Connector):
    """Carries out what it is told once it is `freed`, on the systems that hang; else at once."""

    hangs: frozenset[str] = frozenset({"grant", "revoke", "holders"})
    freed: Event = field(default_factory=Event)
    came_back: Event = field(default_factory=Event)
    held: set[IdentityId] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)

    scheme = "hung"

    @classmethod
    def at(cls, address: str, folder: Path) -> "Hung":
        raise TypeError(address, folder)

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        self._hang("holders", system)
        return frozenset(self.held)

    def grant(self, order: Order) -> None:
        self._hang("grant", order.system)
        self.held.add(order.subject)
        self.came_back.set()

    def revoke(self, order: Order) -> None:
        self._hang("revoke", order.system)
        self.held.discard(order.subject)

    def _hang(self, what: str, system: SystemId) -> None:
        self.calls.append(what)
        if what in self.hangs and system == SHOP:
            self.freed.wait()


@pytest.fixture
def hung() -> Iterator[Hung]:
    target = Hung()
    yield target
    target.freed.set()


WAYS: Mapping[str, tuple[Callable[[Connector], object], type[Exception]]] = {
    "grant": (lambda target: target.grant(GIVE), OutcomeUnknownError),
    "revoke": (lambda target: target.revoke(TAKE), OutcomeUnknownError),
    "holders": (lambda target: target.holders(SHOP, READER), TargetUnavailableError),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_call_is_given_up_when_the_target_does_not_come_back(hung: Hung, way: str) -> None:
    """S39 S44: what an order did is unknown; a reading says nothing."""
    call, raised = WAYS[way]

    with pytest.raises(raised, match=r"no answer within 0\.02 s"):
        call(Limited(hung, BRIEF))


def test_a_hanging_system_holds_up_no_other_and_itself_once(hung: Hung) -> None:
    """S39: of three grants on it one waits, and the other system answers all the while."""
    limited = Limited(hung, BRIEF)
    targets = Targets({}, limited, TRACER)

    outcomes: list[Outcome] = [targets.set(held(), calls(), held=False)]
    limited.limit = LIMIT
    outcomes += [targets.set(held(), calls(), held=False) for _ in range(2)]
    elsewhere = targets.set(held(VAULT), calls(), held=False)

    assert [outcome.trouble for outcome in outcomes if isinstance(outcome, NotDone)] == [
        Trouble.UNKNOWN,
        Trouble.UNREACHABLE,
        Trouble.UNREACHABLE,
    ]
    assert elsewhere == Done()
    assert hung.calls == ["revoke", "revoke", "holders"]  # one on the first, two on the other


def test_nobody_comes_back_from_a_target_that_hangs_without_the_shipped_line(hung: Hung) -> None:
    """The harm: whoever asks it stands there until it answers, and so does all that comes after."""
    after = list[str]()

    def sweep() -> None:
        hung.revoke(TAKE)
        after.append("the next grant")

    waiting = Thread(target=sweep, daemon=True)
    waiting.start()
    waiting.join(0.2)

    assert waiting.is_alive()
    assert not after
    hung.freed.set()
    waiting.join()
    assert after


def late(hung: Hung, monkeypatch: pytest.MonkeyPatch) -> Targets:
    """An order to give hangs; it is asked again at once."""
    monkeypatch.setattr(shipped, "_PAUSES", 0)
    hung.hangs = frozenset({"grant"})
    limited = Limited(hung, BRIEF)
    targets = Targets({}, limited, TRACER)
    assert isinstance(targets.set(held(), calls(), held=True), NotDone)
    limited.limit = LIMIT
    return targets


def test_an_end_is_not_confirmed_while_an_order_to_give_may_yet_be_carried_out(
    hung: Hung, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S39: nobody holds it now, and somebody may in a moment."""
    targets = late(hung, monkeypatch)

    early = targets.set(held(), calls(), held=False)
    hung.freed.set()
    assert hung.came_back.wait(5)
    assert hung.held == {ANA}

    assert isinstance(early, NotDone)
    assert "may yet be carried out" in early.said
    assert settled(targets) == Done()
    assert not hung.held


def test_an_end_is_confirmed_too_early_without_the_shipped_line(
    hung: Hung, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: over by the record, and held for ever.

    removes: govagents/adapters/limited.py
    """
    monkeypatch.setattr(shipped, "_unsettled", lambda *_: False)
    targets = late(hung, monkeypatch)

    assert targets.set(held(), calls(), held=False) == Done()
    hung.freed.set()
    assert hung.came_back.wait(5)

    assert hung.held == {ANA}


def settled(targets: Targets) -> object:
    """As soon as the thread of the late order is through."""
    for _ in range(1000):
        outcome = targets.set(held(), calls(), held=False)
        if outcome == Done():
            return outcome
    return None


def test_what_a_connector_raises_reaches_whoever_asked() -> None:
    class Refusing(Hung):
        def revoke(self, order: Order) -> None:
            raise TargetRefusedError(order.fence)

    with pytest.raises(TargetRefusedError, match="gr_1"):
        Limited(Refusing(), BRIEF).revoke(TAKE)


LEAVING = pytest.mark.parametrize("leaves", [SystemExit, CancelledError, KeyboardInterrupt])


def leaving(with_: type[BaseException]) -> Connector:
    """Leaves on SHOP, whatever it is asked."""

    class Leaving(Hung):
        def _hang(self, what: str, system: SystemId) -> None:
            if system == SHOP:
                raise with_(what)

    return Leaving(held={ANA})


@LEAVING
@pytest.mark.parametrize("way", WAYS)
def test_a_call_has_no_answer_when_the_connector_leaves(
    leaves: type[BaseException], way: str
) -> None:
    """Rule 4, S39 S44: as where it does not come back."""
    call, raised = WAYS[way]

    with pytest.raises(raised, match=f"it left with {leaves.__name__}"):
        call(Limited(leaving(leaves), LIMIT))


def ended_in_turn(target: Connector) -> list[Outcome]:
    """What a sweep does: the grant on the system that leaves, then another."""
    targets = Targets({}, target, TRACER)
    return [targets.set(held(each), calls(), held=False) for each in (SHOP, VAULT)]


@LEAVING
def test_what_comes_after_is_ended_when_a_connector_leaves(leaves: type[BaseException]) -> None:
    """S39."""
    first, second = ended_in_turn(Limited(leaving(leaves), LIMIT))

    assert isinstance(first, NotDone)
    assert first.trouble is Trouble.UNKNOWN
    assert second == Done()


@LEAVING
def test_nothing_that_comes_after_is_ended_without_the_shipped_line(
    leaves: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: one connector that leaves keeps everybody's access."""

    def outcome(self: shipped.Waiting[object]) -> object:
        return self.call()

    monkeypatch.setattr(shipped.Waiting, "within", lambda *_: True)
    monkeypatch.setattr(shipped.Waiting, "outcome", outcome)
    target = leaving(leaves)

    with pytest.raises(leaves):
        ended_in_turn(Limited(target, LIMIT))

    assert isinstance(target, Hung)
    assert target.held == {ANA}


def showing(found: object) -> Connector:
    """Whatever it is asked, this holds the role."""

    class Showing(Hung):
        def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
            return found  # type: ignore[return-value]  # a foreign file

    return Showing()


NO_SETS: Mapping[str, Callable[[], object]] = {
    "str": lambda: f"{ANA},other",
    "list": lambda: [ANA],
    "dict": lambda: {ANA: True},
    "tuple": lambda: (ANA,),
    "generator": lambda: (each for each in [ANA]),
    "NoneType": lambda: None,
    "set": lambda: {ANA.encode()},
}


@pytest.mark.parametrize("kind", NO_SETS)
def test_a_connector_is_broken_when_it_returns_no_set_of_names(kind: str) -> None:
    """Rule 5: that somebody holds a role, or does not, is never read out of anything else."""
    targets = Targets({}, Limited(showing(NO_SETS[kind]()), LIMIT), TRACER)

    said = f"TypeError: `holders` returned a {kind}, not a set of names"
    assert targets.seen(held(), SHOP, calls()) == NotDone(SHOP, Trouble.BROKEN, said)


def test_somebody_is_held_by_part_of_a_name_without_the_shipped_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The harm, and the other: an end is confirmed where names are read as bytes."""
    monkeypatch.setattr(shipped, "_names", lambda found: found)

    def seen(kind: str) -> object:
        return Targets({}, Limited(showing(NO_SETS[kind]()), LIMIT), TRACER).seen(
            held(), SHOP, calls()
        )

    assert seen("str") is True
    assert seen("set") is False


def test_a_set_that_never_ends_is_read_within_the_limit(hung: Hung) -> None:
    """Rule 5: whoever asked gets a plain set, or is told that there is no answer."""

    class Endless(set[IdentityId]):
        def __iter__(self) -> Iterator[IdentityId]:
            hung.freed.wait()
            return iter(())

    with pytest.raises(TargetUnavailableError, match="no answer within"):
        Limited(showing(Endless({ANA})), BRIEF).holders(SHOP, READER)
    assert type(Limited(showing({ANA}), LIMIT).holders(SHOP, READER)) is frozenset


PAUSE = shipped._PAUSES * LIMIT.total_seconds()
JUST = 0.001


@pytest.mark.parametrize(
    ("asked", "earlier", "after", "answer"),
    [
        (READ_SHOP, [], 0, None),
        (READ_SHOP, [READ_SHOP], PAUSE - JUST, "it left a call hanging"),
        (READ_SHOP, [READ_SHOP], PAUSE, None),
        (READ_SHOP, [Asked(Kind.GIVING, SHOP, READER, ANA)], PAUSE, "may yet be carried out"),
        (READ_SHOP, [Asked(Kind.GIVING, SHOP, WRITER, ANA)], PAUSE, None),
        (READ_SHOP, [Asked(Kind.TAKING, SHOP, READER, ANA)], PAUSE, None),
        (
            Asked(Kind.GIVING, SHOP, READER, ANA),
            [Asked(Kind.TAKING, SHOP, READER, ANA)],
            PAUSE,
            "may yet be carried out",
        ),
        (
            Asked(Kind.GIVING, SHOP, READER, BO),
            [Asked(Kind.TAKING, SHOP, READER, ANA)],
            PAUSE,
            None,
        ),
        (
            Asked(Kind.TAKING, SHOP, READER, ANA),
            [Asked(Kind.GIVING, SHOP, READER, ANA)],
            PAUSE,
            None,
        ),
        (READ_SHOP, [READ_SHOP] * (MOST_LEFT - 1), PAUSE, None),
        (READ_SHOP, [READ_SHOP] * MOST_LEFT, PAUSE, "never came back: start this program anew"),
    ],
)
def test_a_system_is_asked_again_or_not_by_what_hangs_there(
    asked: Asked, earlier: list[Asked], after: float, answer: str | None
) -> None:
    """S39: taking back is tried again after every pause."""
    why = unasked(asked, [Hanging(each, 0) for each in earlier], now=after, limit=LIMIT)

    assert (why is None) is (answer is None)
    assert (answer or "") in (why or "")


def test_a_target_that_does_not_open_is_named_and_the_others_are_opened(
    hung: Hung, tmp_path: Path
) -> None:
    """S39."""

    class NeverOpen(Hung):
        scheme = "never"
        waiting: ClassVar[Event] = hung.freed

        @classmethod
        def at(cls, address: str, folder: Path) -> "NeverOpen":
            cls.waiting.wait()
            return cls()

    class Open(Hung):
        scheme = "open"

        @classmethod
        def at(cls, address: str, folder: Path) -> "Open":
            return cls()

    classes = {"never": NeverOpen, "open": Open}
    opened = open_targets(classes, ["never:a", "open:b"], tmp_path, limit=BRIEF)

    assert opened.problems == ("target `never:a` cannot be opened: no answer within 0.02 s",)
    assert isinstance(opened.targets["never:a"], Silent)
    assert opened.targets["open:b"].holders(VAULT, READER) == frozenset()


def held(system: SystemId = SHOP) -> Grant:
    return Grant(**{**vars(grant(RequestId("req_1"), Status.ACTIVE)), "targets": (system,)})
