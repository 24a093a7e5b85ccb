"""Acts of any number of processes, in any order, against what must hold after each of them.

Each rule below is one transaction's worth of what a process does, so an order of rules is an order
in which sixteen of them could come. What a process has decided and not yet kept lies in a bundle:
others act in between. The model is what the invariants say (4, 5, 6 and 7), nothing more.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from govagents.action import expiry
from govagents.action.giving import Grants
from govagents.adapters.sql.answers import SqlAnswers
from govagents.adapters.sql.reader import misfiled, stored_log
from govagents.adapters.sql.records import open_records
from govagents.adapters.sql.transaction import SqlTransaction
from govagents.audit.verify import Outside, verify
from govagents.domain.decision import Answer
from govagents.domain.event import Event
from govagents.domain.grant import GIVING, LIVE, Grant
from govagents.domain.ids import IdentityId, RequestId, RoleId
from govagents.domain.request import Status
from govagents.errors import StaleDecisionError, StateError
from tests.concurrency.office import ANA, APPROVERS, BEN, BUDGET, Office, Permitted
from tests.concurrency.shop import READER, WRITER
from tests.unit.adapters.stores import FILES, ROLES, stocked

_WORLD = {
    **FILES,
    "roles.jsonl": ROLES + ROLES.replace("reader", "writer").replace(":read", ":write"),
    "identities.jsonl": FILES["identities.jsonl"]
    + '{"id": "ben", "kind": "person", "name": "Ben", "department": "Sales", "manager": "bo", '
    '"clearance": 1, "status": "active"}\n',
}
PERSON = st.sampled_from([ANA, ANA, ANA, BEN])
ROLE = st.sampled_from([READER, WRITER])
CAUSE = st.sampled_from(["expired", "given_back", "revoked", "contained"])
_ONCE = ("grant.intended", "grant.applied", "grant.verified", "grant.ending", "grant.ended")


class Acts(RuleBasedStateMachine):
    """The store is copied from one that was made once."""

    made: Path
    requests: Bundle[RequestId] = Bundle("requests")
    permitted: Bundle[Permitted] = Bundle("permitted")
    intended: Bundle[tuple[Permitted, Grants]] = Bundle("intended")

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        shutil.copytree(self.made, self.place / "store")
        (self.place / "store").chmod(0o700)
        self.office = Office(open_records(self.place / "store"))
        self.grants: tuple[Grant, ...] = ()
        self.by_hand: set[tuple[RoleId, IdentityId]] = set()
        self.said: dict[RequestId, dict[IdentityId, bool]] = {}

    @rule(target=requests, person=PERSON, role=ROLE, agreed=st.booleans())
    def ask(self, person: IdentityId, role: RoleId, agreed: bool) -> RequestId:
        """And, where two agree to it, that."""
        return self._asked(person, role, agreed=agreed)

    @rule(request=requests, person=st.sampled_from(APPROVERS), consent=st.booleans())
    def answer(self, request: RequestId, person: IdentityId, consent: bool) -> None:
        self._answered(request, person, consent=consent)

    @rule(target=permitted, request=requests)
    def decide(self, request: RequestId) -> Any:  # noqa: ANN401  # what goes into a bundle
        found = self.office.decide(request)
        return multiple() if found is None else found

    @initialize(target=permitted, roles=st.sampled_from([(READER, WRITER), (READER, READER)]))
    def begin(self, roles: tuple[RoleId, RoleId]) -> Any:  # noqa: ANN401  # what goes into a bundle
        """Two of one person's have been permitted on the same facts."""
        asked = [self._asked(ANA, role, agreed=True) for role in roles]
        return multiple(*filter(None, map(self.office.decide, asked)))

    @rule(target=intended, permitted=consumes(permitted), killed=st.booleans())
    def intend(self, permitted: Permitted, killed: bool) -> Any:  # noqa: ANN401  # a bundle's
        """And put it on the target, where the process lives so long."""
        found: Permitted | None = permitted
        while found is not None:
            with suppress(StaleDecisionError):
                grants = self.office.intend(found)
                if not killed:
                    self.office.apply(found, grants)
                return (found, grants)
            found = self.office.decide(permitted.case.request.id)  # as the guard does
        return multiple()

    @rule(intended=intended)
    def apply(self, intended: tuple[Permitted, Grants]) -> None:
        """By whoever intended it, or by who goes on after a crash, or by both."""
        self.office.apply(*intended)

    @rule(intended=intended, cause=CAUSE)
    def end(self, intended: tuple[Permitted, Grants], cause: str) -> None:
        (grant,) = intended[1]
        actor = {"given_back": grant.beneficiary, "revoked": IdentityId("bo")}
        self.office.expiry.end(
            grant.id, actor=actor.get(cause, IdentityId("provisioner")), cause=cause
        )

    @precondition(lambda self: self.grants)
    @rule()
    def sweep(self) -> None:
        self.office.clock.at += timedelta(minutes=20)
        for grant in self.grants:
            if grant.status in LIVE - GIVING or grant.window.end <= self.office.clock.now():
                self.office.expiry.end(grant.id, actor=IdentityId("provisioner"), cause="expired")

    @precondition(lambda self: self.grants)
    @rule(down=st.booleans())
    def target(self, down: bool) -> None:
        self.office.shop.down = down

    @precondition(lambda self: not self.by_hand)
    @rule(person=PERSON)
    def give_by_hand(self, person: IdentityId) -> None:
        """Before anything of ours is there: what is on the target then is not ours to take."""
        if not [each for each in self.grants if each.beneficiary == person]:
            self.office.shop.held.add((READER, person))
            self.by_hand.add((READER, person))

    @invariant()
    def what_holds(self) -> None:
        """All of it as one process would read it now."""
        with self.office.reading() as tx:
            self.grants = tx.grants.list()
            entries = [entry for name in tx.requests.list() for _, entry in tx.log.of(name)]
            kept = {
                name: {each.person: each.consent for each in tx.answers.of(name)}
                for name in self.said
            }
        self.access_ends()
        self.one_effect(entries)
        assert kept == self.said, "6: an answer was lost, or another put in its place"
        self.bounds_hold()

    def access_ends(self) -> None:
        """4: what no live grant gives is held by nobody; what one gives is held."""
        held = self.office.shop.held
        live = {(each.role, each.beneficiary) for each in self.grants if each.status in LIVE}
        assert held - live - self.by_hand == set()
        assert {(g.role, g.beneficiary) for g in self.grants if g.status is Status.ACTIVE} <= held

    def one_effect(self, entries: Sequence[Event]) -> None:
        """5: one live grant of a request, and one entry for each transition."""
        live = Counter(each.request for each in self.grants if each.status in LIVE)
        assert [name for name, count in live.items() if count > 1] == []
        told = Counter((one.kind, one.reason.split()[0]) for one in entries if one.kind in _ONCE)
        assert [what for what, count in told.items() if count > 1] == []

    def bounds_hold(self) -> None:
        """7: duties apart, and the budget, over all that is live or was given unasked."""
        for person in (ANA, BEN):
            own = [each for each in self.grants if each.beneficiary == person]
            assert len({each.role for each in own if each.status in LIVE}) <= 1
            assert len([each for each in own if not self.said.get(each.request)]) <= BUDGET

    def teardown(self) -> None:
        self.office.records.close()
        with stored_log(self.place / "store") as stored:
            assert verify(stored, Outside()).findings == ()
        assert misfiled(self.place / "store") == ()
        shutil.rmtree(self.place)

    def _asked(self, person: IdentityId, role: RoleId, *, agreed: bool) -> RequestId:
        self.office.ask(person, role)
        request = list(self.office.asked)[-1]
        for approver in APPROVERS * agreed:
            self._answered(request, approver, consent=True)
        return request

    def _answered(self, request: RequestId, person: IdentityId, *, consent: bool) -> None:
        said = self.said.setdefault(request, {})
        open_ = person not in said and all(said.values())
        try:
            self.office.answer(request, person, consent=consent)
        except StateError:
            assert not open_
        else:
            assert open_, "an answer was taken from whoever had answered, or after a no"
            said[person] = consent


@pytest.fixture(scope="module", autouse=True)
def made(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("office")
    stocked(place, _WORLD).close()
    Acts.made = place / "store"


def test_no_order_of_acts_breaks_an_invariant() -> None:
    """S64: twenty acts at a time, drawn alike on every machine."""
    run_state_machine_as_test(Acts, settings=settings(max_examples=40, stateful_step_count=20))


def _both(acts: Acts, *roles: RoleId) -> None:
    """Two of one person's, permitted on the same facts; one then ends before its time."""
    permitted = [acts.office.decide(acts._asked(ANA, role, agreed=True)) for role in roles]
    for each in permitted:
        assert each is not None
        bundled = acts.intend(each, killed=False)
    acts.what_holds()
    if isinstance(bundled, tuple):  # else the second was refused
        acts.end(bundled, "expired")


def _apart(acts: Acts) -> None:
    _both(acts, READER, WRITER)


def _overlapping(acts: Acts) -> None:
    _both(acts, READER, READER)


def _after_a_no(acts: Acts) -> None:
    request = acts._asked(ANA, READER, agreed=False)
    for person, consent in zip(APPROVERS, (False, True), strict=True):
        acts._answered(request, person, consent=consent)


_ADD = SqlAnswers.add


def _nobody(*_: object) -> tuple[()]:
    return ()


def _unchecked(answers: SqlAnswers, answer: Answer) -> None:
    """As if nobody had answered before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "_rows", _nobody)
        _ADD(answers, answer)


LINES: Mapping[str, tuple[Any, str, Callable[..., object], Callable[[Acts], None]]] = {
    "an intent is kept only while facts are those it was permitted on": (
        SqlTransaction, "version", lambda _: 0, _apart,
    ),
    "another grant of the role keeps it on the target": (
        expiry, "_references", _nobody, _overlapping,
    ),
    "an answer is held against the earlier ones": (SqlAnswers, "add", _unchecked, _after_a_no),
}  # fmt: skip


@pytest.mark.parametrize("line", sorted(LINES))
def test_the_model_sees_the_harm_when_a_line_is_gone(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Orders of acts that are harmless as shipped, and break an invariant without the line."""
    owner, name, instead, order = LINES[line]

    shipped = Acts()
    order(shipped)
    shipped.what_holds()
    shipped.teardown()

    monkeypatch.setattr(owner, name, instead)
    with pytest.raises(AssertionError):
        _played(order)


def _played(order: Callable[[Acts], None]) -> None:
    acts = Acts()
    order(acts)
    acts.what_holds()
