"""A store opened: as much of it as ending takes, or all of it.

What giving needs is made late where a store is opened for ending: when there is something to give,
or a run to finish. What keeps it from being made keeps nothing from ending.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import cast

from govagents.action.expiry import Expiry
from govagents.action.guard import GuardedTargets
from govagents.action.posting import Posting
from govagents.action.reminding import remind
from govagents.action.sweeper import Sweeper
from govagents.adapters.checkpoints import memory_saver, sqlite_saver
from govagents.adapters.clock import DemoClock, MachineClock, uptime
from govagents.adapters.embedders.lexical_hash import LexicalHash
from govagents.adapters.notices import courier_of
from govagents.adapters.policy_folder import read_policies
from govagents.adapters.precedents import IndexedMemory
from govagents.adapters.sources import RecordedCatalogs
from govagents.adapters.sql.records import SqlRecords, open_records
from govagents.adapters.turns import FileTurns
from govagents.domain.ids import RequestId
from govagents.errors import ConfigurationError, GovAgentsError
from govagents.policy.engine import CedarDecisionPoint, Refusing, decision_point
from govagents.ports import Clock, Guard, Turns
from govagents.roster import ROSTER, Agent, Withheld, agent_of
from govagents.runner import Runner
from govagents.services import Services
from govagents.settings import StoreSettings, home, read_settings
from govagents.wiring.parts import (
    clock_of,
    guard_of,
    redecide_of,
    services_of,
    targets_of,
)

_SERVING = RequestId("serve")
"""No request has this name."""


@dataclass(frozen=True)
class Ending:
    """What taking back needs of one store. `skipped` = sentences on what was left out."""

    records: SqlRecords
    expiry: Expiry
    sweeper: Sweeper
    clock: Clock
    settings: StoreSettings
    skipped: tuple[str, ...]
    turns: Turns
    posting: Posting

    def remind(self) -> None:
        """Put what waits too long, and what ends soon, into people's inboxes."""
        with self.records.begin() as tx:
            remind(tx, self.clock.now(), self.settings.notices.remind)

    def keep_time(self) -> None:
        """A demo clock that was moved for this command stands there from now on."""
        _keep_time(self.clock)

    def alone(self) -> AbstractContextManager[bool]:
        """Whether no other process serves this store; held for as long, and freed by a kill."""
        return self.turns.take(_SERVING, wait=False)

    def left_behind(self, requests: Sequence[RequestId]) -> tuple[RequestId, ...]:
        """Those of unfinished requests that no living process is at."""
        return tuple(request for request in requests if _free(self.turns, request))


@dataclass(frozen=True)
class App:
    """One store, opened: everything an entrypoint may use."""

    records: SqlRecords
    services: Services
    runner: Runner
    guard: GuardedTargets
    sweeper: Sweeper
    clock: Clock
    decision_point: CedarDecisionPoint | Refusing
    memory: IndexedMemory
    settings: StoreSettings

    @property
    def home(self) -> Path:
        """The store's folder."""
        return self.settings.home

    def keep_time(self) -> None:
        """A demo clock that was moved for this command stands there from now on."""
        _keep_time(self.clock)

    @property
    def catalogs(self) -> RecordedCatalogs:
        """The catalog in force."""
        return RecordedCatalogs(self.records)


def open_ending(folder: Path | None = None, *, now: datetime | None = None) -> Ending:
    """As much of the store as ending access takes.

    Raises:
        ConfigurationError: there is none, or its settings are not TOML.
        InputError: `now` where it may not be given, or before where a demo clock stands.
    """
    return _ending(read_settings(home(folder)), now, plan_only=False)


def open_app(
    folder: Path | None = None,
    *,
    now: datetime | None = None,
    plan_only: bool = False,
    roster: tuple[Agent, ...] = ROSTER,
) -> App:
    """The store in `folder`, or where the environment says.

    Raises:
        ConfigurationError: there is none, or something in its settings cannot be used.
        InputError: `now` where it may not be given, or before where a demo clock stands.
    """
    settings = read_settings(home(folder))
    _insist(settings.problems)
    ending = _ending(settings, now, plan_only=plan_only)
    _insist(ending.skipped)
    policy = decision_point(read_policies(settings.policies))
    guard = guard_of(settings, ending.expiry, policy)
    memory = IndexedMemory(ending.records, LexicalHash(), settings.home / "memory")
    services = services_of(settings, guard, memory)
    runner = _runner(settings, services, ending.turns, roster)
    return App(
        records=ending.records,
        services=services,
        runner=runner,
        guard=guard,
        sweeper=replace(
            ending.sweeper,
            guard=lambda: _handed(guard, roster),
            runner=lambda: nullcontext(runner),
        ),
        clock=ending.clock,
        decision_point=policy,
        memory=memory,
        settings=settings,
    )


def _ending(settings: StoreSettings, now: datetime | None, *, plan_only: bool) -> Ending:
    records = open_records(settings.home, unsigned=True)
    clock = clock_of(records, now, plan_only=plan_only)
    targets, problems = targets_of(settings, demo=records.demo)
    expiry = Expiry(records, targets, clock)
    unsigned = (records.unsigned,) if records.unsigned else ()
    skipped = (*unsigned, *records.mended, *settings.problems, *problems)
    turns = FileTurns(settings.home / "runs")
    guard = partial(_late_handed, settings, expiry, skipped)
    runner = partial(_late_runner, settings, expiry, skipped, turns)
    redecide = redecide_of(settings, expiry)
    sweeper = Sweeper(records, expiry, guard, runner, redecide, clock, MachineClock())
    if not records.demo:  # whose clock stands still while the machine runs
        sweeper = replace(sweeper, uptime=uptime)
    posting = Posting(records, courier_of(settings.notices, settings.home), clock, MachineClock())
    return Ending(records, expiry, sweeper, clock, settings, skipped, turns, posting)


def _handed(guard: Guard, roster: tuple[Agent, ...]) -> Guard:
    """The guard as the agent that grants has it: a sweep gives on nobody else's power."""
    agent = agent_of("grant", roster)
    return guard if "guard" in agent.powers else cast("Guard", Withheld(agent.name, "guard"))


def _late_handed(settings: StoreSettings, expiry: Expiry, skipped: tuple[str, ...]) -> Guard:
    return _handed(_late_guard(settings, expiry, skipped), ROSTER)


def _late_guard(
    settings: StoreSettings, expiry: Expiry, skipped: tuple[str, ...]
) -> GuardedTargets:
    """The guard, made when there is something to give.

    Raises:
        GovAgentsError: it cannot be made, whatever the cause.
    """
    _insist(skipped)
    try:
        return guard_of(settings, expiry, decision_point(read_policies(settings.policies)))
    except GovAgentsError:
        raise
    except Exception as error:
        message = f"what giving needs cannot be made: {error}"
        raise ConfigurationError(message) from error


@contextmanager
def _late_runner(
    settings: StoreSettings, expiry: Expiry, skipped: tuple[str, ...], turns: Turns
) -> Iterator[Runner]:
    """The runner, for as long as there are runs to finish: its memory is let go afterwards.

    Raises:
        GovAgentsError: it cannot be made, whatever the cause.
    """
    guard = _late_guard(settings, expiry, skipped)
    memory = IndexedMemory(guard.records, LexicalHash(), settings.home / "memory")
    try:
        yield _runner(settings, services_of(settings, guard, memory), turns, ROSTER)
    finally:
        memory.close()


def _runner(
    settings: StoreSettings, services: Services, turns: Turns, roster: tuple[Agent, ...]
) -> Runner:
    saver = partial(sqlite_saver, settings.home / "checkpoints.db")
    return Runner(services, services.records, saver, turns, memory_saver, roster)


def _keep_time(clock: Clock) -> None:
    if isinstance(clock, DemoClock):
        clock.keep()


def _free(turns: Turns, request: RequestId) -> bool:
    with turns.take(request, wait=False) as mine:
        return mine


def _insist(problems: Sequence[str]) -> None:
    """Giving needs the store whole: the first problem stops it."""
    if problems:
        raise ConfigurationError(problems[0])
