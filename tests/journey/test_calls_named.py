"""Calls of targets = spans = what the entries of the log name, over a whole life (S73)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from stat import S_IMODE
from typing import Any

import pytest

from govagents.action import noting, targets
from govagents.action.guard import TRIES
from govagents.action.looking import TargetReadings
from govagents.action.noting import CALLED
from govagents.action.targets import Targets
from govagents.adapters.sql.reader import stored_log
from govagents.adapters.traces import trace_of
from govagents.audit.trail import event_of
from govagents.domain.event import Event
from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.domain.request import Status
from govagents.domain.span import Call, Span
from govagents.domain.view import View
from govagents.errors import TargetUnavailableError
from govagents.ports import Connector, Order, Tracer
from govagents.settings import FILE
from govagents.testing.company import Company
from tests.crash.test_interrupted import MANAGER, REDRIVE, ROLE, SRE, SYSTEM
from tests.journey.standing_in import Watched

TRACES = "traces.jsonl"


@dataclass
class Open:
    """The tracer of the company, which also says which span is open."""

    behind: Tracer
    now: list[str] = field(default_factory=list)

    @contextmanager
    def span(self, call: Call) -> Iterator[Span]:
        with self.behind.span(call) as span:
            self.now.append(span.id)
            try:
                yield span
            finally:
                self.now.pop()


@dataclass
class Seen(Watched):
    """The real target; `spans` has for each call the span that is open then, or none."""

    tracer: Open | None = None
    spans: list[str] = field(default_factory=list)
    lies: int = 0

    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        self._count()
        shown = super().holders(system, role)
        self.lies -= 1
        return frozenset() if self.lies == 0 else shown

    def grant(self, order: Order) -> None:
        self._count()
        super().grant(order)

    def revoke(self, order: Order) -> None:
        self._count()
        super().revoke(order)

    def _count(self) -> None:
        assert self.tracer is not None
        self.spans.append(self.tracer.now[-1] if self.tracer.now else "none")


@pytest.fixture
def target(company: Company) -> Seen:
    """The company's, which keeps its spans; every call goes by here."""
    settings = company.home / FILE
    settings.write_text(f'traces = "{TRACES}"\n{settings.read_text()}')
    return watch(company, [])


def watch(company: Company, spans: list[str]) -> Seen:
    app = company.app
    real = app.guard.targets
    assert real.otherwise is not None
    tracer = Open(real.tracer)
    target = Seen(real.otherwise, tracer=tracer, spans=spans)
    expiry = replace(app.guard.expiry, targets=replace(real, otherwise=target, tracer=tracer))
    guard = replace(app.guard, targets=expiry.targets, expiry=expiry)
    readings = TargetReadings(app.records, expiry.targets, app.clock)
    company._app = replace(
        app,
        guard=guard,
        sweeper=replace(app.sweeper, expiry=expiry, guard=lambda: guard),
        runner=replace(app.runner, services=replace(app.services, guard=guard, readings=readings)),
    )
    return target


def given(company: Company) -> View:
    return company.approve(company.ask(SRE, REDRIVE), MANAGER)


def end(company: Company, view: View, actor: str, cause: str) -> None:
    company.app.guard.end(view.grants[0].id, actor=IdentityId(actor), cause=cause)


def busy() -> None:
    message = "no answer"
    raise TargetUnavailableError(message)


def whole_life(company: Company, target: Seen) -> None:
    """Given; given back, revoked, expired, undone, tried again, put back, looked at."""
    end(company, given(company), SRE, "given_back")
    end(company, given(company), MANAGER, "revoked")

    target.lies = 4  # by the planner, before, by the guard, by the verifier
    assert given(company).status is Status.BLOCKED

    failing = given(company)
    for _ in range(2):  # the second is no news
        target.before_revoke.append(busy)
        end(company, failing, SRE, "given_back")
    company.app.guard.expiry.look(failing.grants[0])
    company.sweep()

    first, asked = given(company), company.ask(SRE, "Redrive the tracking dlq, 3h")

    def approve() -> None:
        company.approve(asked, MANAGER)

    target.before_revoke.append(approve)
    end(company, first, SRE, "given_back")
    assert company.holds(SRE, ROLE, SYSTEM)
    target.spans.remove("none")  # that was the test's own look

    company.pass_time(timedelta(hours=4))
    watch(company, target.spans).before_revoke.append(busy)
    company.sweep()
    company.sweep()
    assert not [grant for grant in company.grants() if grant.status is not Status.REVOKED][1:]


def named(company: Company) -> list[str]:
    return [name for event in entries(company) for name in event.calls]


def entries(company: Company) -> list[Event]:
    with stored_log(company.home) as stored:
        return [event_of(entry.leaf) for entry in stored.entries]


def spans(company: Company) -> list[dict[str, Any]]:
    lines = (company.home / TRACES).read_text().splitlines()
    return [json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"][0] for line in lines]


def told(company: Company) -> list[str]:
    return sorted(str(span["spanId"]) for span in spans(company))


def test_every_call_is_a_span_and_named_by_one_entry_over_a_whole_life(
    company: Company, target: Seen
) -> None:
    """S73: calls executed = entries = spans, one by one."""
    whole_life(company, target)

    assert len(target.spans) > 30
    assert sorted(target.spans) == sorted(named(company)) == told(company)
    kinds = {event.kind for event in entries(company) if event.calls}
    way_in, way_out = {"grant.intended", "grant.applied"}, {"grant.ended", "grant.end_failed"}
    assert kinds == {*way_in, *way_out, CALLED}


def test_calls_that_brought_no_news_are_named_by_nothing_without_the_shipped_line(
    company: Company, target: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: what was done is done, and the log does not know.

    removes: govagents/action/noting.py
    """
    monkeypatch.setattr(noting.Calls, "name_the_rest", lambda _: None)

    whole_life(company, target)

    assert sorted(target.spans) == told(company)
    assert set(named(company)) < set(target.spans)


def test_a_target_is_read_unseen_without_the_shipped_line(
    company: Company, target: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: past the box there is neither span nor entry."""

    def look(connector: Connector, system: SystemId, *, grant: Grant, calls: object) -> bool:
        return grant.beneficiary in connector.holders(system, grant.role)

    monkeypatch.setattr(targets, "look", look)

    given(company)

    assert "none" in target.spans


def test_what_was_asked_while_facts_kept_changing_is_named_too(
    company: Company, target: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S73: the reading before an intent that was never committed."""
    asked = company.ask(SRE, REDRIVE)
    planned = len(target.spans)
    real = Targets.holds

    def holds(*arguments: object) -> bool:
        with company.app.records.begin() as tx:
            tx.bump()
        return real(*arguments)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(Targets, "holds", holds)

    assert company.approve(asked, MANAGER).status is Status.BLOCKED

    assert len(target.spans) == planned + TRIES
    assert sorted(named(company)) == sorted(target.spans)
    reasons = [event.reason for event in entries(company) if event.kind == CALLED]
    assert {reason.partition(" ")[2] for reason in reasons} == {f"holders@{SYSTEM}:not_held"}


def test_a_span_says_for_which_request_grant_and_decision_and_what_came_of_it(
    company: Company, target: Seen
) -> None:
    """S73: its trace is the request; nobody else can read the file."""
    view = given(company)

    planned, before, put, shown, verified = spans(company)

    (grant,) = view.grants
    assert {span["traceId"] for span in spans(company)} == {trace_of(view.request.id)}
    assert [span["name"] for span in (planned, before, put, shown)] == [
        "target.holders",
        "target.holders",
        "target.grant",
        "target.holders",
    ]
    assert attributes(put) == {
        "govagents.tool": "grant",
        "govagents.scope": "giving",
        "govagents.system": SYSTEM,
        "govagents.grant": grant.id,
        "govagents.request": view.request.id,
        "govagents.decision": grant.decision,
        "govagents.outcome": "done",
    }
    outcomes = [
        attributes(span)["govagents.outcome"] for span in (planned, before, shown, verified)
    ]
    assert outcomes == ["not_held", "not_held", "held", "held"]
    assert attributes(planned)["govagents.decision"] == "none"
    assert S_IMODE((company.home / TRACES).stat().st_mode) == 0o600
    assert len(target.spans) == 5


def attributes(span: dict[str, Any]) -> dict[str, str]:
    return {each["key"]: each["value"]["stringValue"] for each in span["attributes"]}


def test_the_look_of_the_planner_is_named_by_its_own_name(company: Company, target: Seen) -> None:
    """S14 S73: a plan that was sent looks once at each role; the entry says who looked."""
    view = company.ask(SRE, REDRIVE)

    (looked,) = [event for event in entries(company) if event.kind == CALLED]

    assert (looked.agent, looked.about, looked.subject) == ("planner", view.request.id, SRE)
    assert looked.principal == SRE
    assert looked.reason.partition(" ")[2] == f"holders@{SYSTEM}:not_held"
    assert [*looked.calls] == target.spans == told(company)


def test_the_looks_of_a_plan_that_is_not_sent_are_spans_alone(
    company: Company, target: Seen
) -> None:
    """S14 S73: a plan leaves nothing in the store, its log included."""
    before = entries(company)

    company.app.runner.plan(IdentityId(SRE), REDRIVE)

    assert entries(company) == before
    assert target.spans == told(company)
    assert len(target.spans) == 1
