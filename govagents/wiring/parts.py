"""The single parts of a store, each from its settings."""

from datetime import UTC, datetime
from typing import NamedTuple

from govagents.action.expiry import Expiry
from govagents.action.guard import GuardedTargets
from govagents.action.looking import TargetReadings, Unasked
from govagents.action.proof import ProofCheck
from govagents.action.redecide import Deciding, Redecide
from govagents.action.sweeper import alive
from govagents.action.targets import Targets
from govagents.adapters.clock import DemoClock, FixedClock, MachineClock
from govagents.adapters.connectors import load_connectors
from govagents.adapters.facts import RecordedFacts
from govagents.adapters.models.chat import chat_model
from govagents.adapters.models.local import LocalModel
from govagents.adapters.policy_folder import read_policies
from govagents.adapters.precedents import IndexedMemory
from govagents.adapters.prompts import FilePrompts
from govagents.adapters.sources import (
    RecordedCatalogs,
    RecordedDirectory,
    RecordedHoldings,
    RecordedTickets,
    RecordedUsage,
    RecordedWords,
)
from govagents.adapters.sql.records import SqlRecords
from govagents.adapters.targets import open_targets
from govagents.adapters.traces import Spans
from govagents.adapters.weights import read_weights
from govagents.content import content
from govagents.domain.ids import SystemId
from govagents.errors import InputError
from govagents.policy.engine import CedarDecisionPoint, Refusing, decision_point
from govagents.policy.source import policy_digest
from govagents.ports import Clock, Model, Readings
from govagents.services import Services
from govagents.settings import StoreSettings

DEMO_START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def clock_of(records: SqlRecords, now: datetime | None, *, plan_only: bool) -> Clock:
    """The clock a command goes by.

    Raises:
        InputError: `now` where it may not be given, or before where a demo clock stands.
    """
    if now is not None and plan_only:
        return FixedClock(now)
    if not records.demo:
        if now is not None:
            message = "`--now` is for demo stores; elsewhere it goes with `--plan-only`"
            raise InputError(message)
        return MachineClock()
    clock = DemoClock(records)
    if now is not None:
        clock = clock.moved(now)
        records.with_what_is_written = clock.keep_in
    return clock


def guard_of(
    settings: StoreSettings, expiry: Expiry, policy: CedarDecisionPoint | Refusing
) -> GuardedTargets:
    """The one door, on the same targets as the way out."""
    records, clock = expiry.records, expiry.clock
    proof = ProofCheck(read_weights(settings.weights))

    def sweeper_alive() -> bool:
        with records.begin() as tx:
            return alive(tx, MachineClock().now())

    return GuardedTargets(
        records=records,
        facts=RecordedFacts(records, clock, policy.panels, proof),
        policy=policy,
        targets=expiry.targets,
        expiry=expiry,
        proof=proof,
        clock=clock,
        sweeper_alive=sweeper_alive,
    )


def redecide_of(settings: StoreSettings, expiry: Expiry) -> Redecide:
    """What decides again on live access, by the policies that lie there at that moment.

    It asks nothing of targets: one that cannot be opened keeps nothing from being decided on.
    """

    def policies() -> str:
        return policy_digest(read_policies(settings.policies))

    def deciding() -> Deciding:
        guard = guard_of(settings, expiry, decision_point(read_policies(settings.policies)))
        return Deciding(guard.facts, guard.policy)

    return Redecide(expiry.records, policies, deciding, settings.redecide)


def services_of(settings: StoreSettings, guard: GuardedTargets, memory: IndexedMemory) -> Services:
    """Every power there is."""
    records = guard.records
    return Services(
        words=RecordedWords(records),
        catalogs=RecordedCatalogs(records),
        directory=RecordedDirectory(records),
        tickets=RecordedTickets(records),
        model=_model(settings.model),
        prompts=FilePrompts(content("prompts")),
        holdings=RecordedHoldings(records, guard.clock),
        readings=_readings_of(guard),
        usage=RecordedUsage(records),
        weights=guard.proof.weights,
        facts=guard.facts,
        policy=guard.policy,
        memory=memory,
        guard=guard,
        records=records,
        clock=guard.clock,
    )


def _readings_of(guard: GuardedTargets) -> Readings:
    """A clock that stands at a given instant is that of a plan for another time."""
    if isinstance(guard.clock, FixedClock):
        return Unasked()
    return TargetReadings(guard.records, guard.targets, guard.clock)


def _model(spec: str) -> Model:
    return LocalModel() if spec == "local" else chat_model(spec)


def spans_of(settings: StoreSettings) -> Spans:
    """What notes each call of a target, on the machine's clock."""
    return Spans(MachineClock(), settings.traces)


class _Targets(NamedTuple):
    targets: Targets
    problems: tuple[str, ...]


def targets_of(settings: StoreSettings, *, demo: bool) -> _Targets:
    """Every target that can be opened, and what is wrong with the others."""
    enabled, problems = dict(settings.connectors), []
    if demo and set(enabled) - {"sim"}:  # SECURITY: in a demo store anybody is whoever they say
        enabled = {name: digest for name, digest in enabled.items() if name == "sim"}
        problems.append("a demo store loads no connector but `sim`: make a store of your own")
    loaded = load_connectors(enabled)
    addresses, limit = set(settings.systems.values()), settings.target_limit
    opened = open_targets(loaded.classes, addresses, settings.home, limit=limit)
    by_system = {
        SystemId(system): opened.targets[target]
        for system, target in settings.systems.items()
        if system != "*"
    }
    everything_else = settings.systems.get("*")
    otherwise = opened.targets[everything_else] if everything_else is not None else None
    spans = spans_of(settings)
    unwritten = (spans.problem,) if spans.problem else ()
    found = (*problems, *loaded.problems, *opened.problems, *unwritten)
    return _Targets(Targets(by_system, otherwise, spans), found)
