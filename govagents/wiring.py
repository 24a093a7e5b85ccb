"""Settings to services: the only place where adapters are constructed.

INVARIANT (taking back never waits): `open_ending` builds what taking back needs and looks at
nothing else; what is broken is left out and named. `open_app` builds the rest on it, and nothing is
given while anything is left out.
"""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from govagents.action.expiry import Expiry
from govagents.action.guard import GuardedTargets
from govagents.action.proof import ProofCheck
from govagents.action.sweeper import Sweeper, alive
from govagents.action.targets import Targets
from govagents.adapters.checkpoints import memory_saver, sqlite_saver
from govagents.adapters.clock import DemoClock, FixedClock, MachineClock
from govagents.adapters.connectors import load_connectors
from govagents.adapters.embedders.lexical_hash import LexicalHash
from govagents.adapters.facts import RecordedFacts
from govagents.adapters.models.chat import chat_model
from govagents.adapters.models.local import LocalModel
from govagents.adapters.precedents import IndexedMemory
from govagents.adapters.prompts import FilePrompts
from govagents.adapters.settings_file import company_settings, demo_settings, to_enable
from govagents.adapters.sources import (
    RecordedCatalogs,
    RecordedDirectory,
    RecordedHoldings,
    RecordedTickets,
    RecordedUsage,
    RecordedWords,
)
from govagents.adapters.sql import imports
from govagents.adapters.sql.reader import misfiled, stored_log
from govagents.adapters.sql.records import SqlRecords, create_records, open_records
from govagents.adapters.sql.unbacked import unbacked
from govagents.adapters.targets import open_targets
from govagents.adapters.weights import read_weights
from govagents.adapters.world.catalogue import read_catalogue_file
from govagents.adapters.world.read import read_world
from govagents.content import content
from govagents.domain.canonical import instant
from govagents.domain.catalog import Catalog
from govagents.domain.ids import IdentityId, SystemId
from govagents.errors import ConfigurationError, GovAgentsError, InputError, StateError
from govagents.policy.engine import CedarDecisionPoint, Refusing, decision_point
from govagents.policy.source import PolicyFile
from govagents.ports import Clock, Model, Seedable
from govagents.roster import ROSTER, Agent
from govagents.runner import Runner
from govagents.services import Services
from govagents.settings import FILE, StoreSettings, home, read_settings

__all__ = [
    "App",
    "Ending",
    "create_store",
    "example_files",
    "import_catalog",
    "import_world",
    "misfiled",
    "open_app",
    "open_ending",
    "policy_files",
    "rebuild_memory",
    "stored_log",
    "to_enable",
    "unbacked",
]

DEMO_START = datetime(2026, 11, 23, 9, tzinfo=UTC)
_DEMO_TARGET = "sim:sim.db"
_OPERATOR = IdentityId("operator")


@dataclass(frozen=True)
class Ending:
    """What taking back needs of one store. `skipped` = sentences on what was left out."""

    records: SqlRecords
    expiry: Expiry
    sweeper: Sweeper
    clock: Clock
    settings: StoreSettings
    skipped: tuple[str, ...]


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
    policy = decision_point(policy_files(settings.policies))
    guard = _guard(settings, ending.expiry, policy)
    memory = IndexedMemory(ending.records, LexicalHash(), settings.home / "memory")
    services = _services(settings, guard, memory)
    saver = partial(sqlite_saver, settings.home / "checkpoints.db")
    return App(
        records=ending.records,
        services=services,
        runner=Runner(services, ending.records, saver, memory_saver, roster),
        guard=guard,
        sweeper=replace(ending.sweeper, guard=lambda: guard),
        clock=ending.clock,
        decision_point=policy,
        memory=memory,
        settings=settings,
    )


def create_store(folder: Path | None, *, world: Path, demo: bool) -> App:
    """A new store with the company in `world`; whole, or not at all.

    Raises:
        StateError: there is a store already.
        InputError: the world's files are wrong; every problem is named.
    """
    place = home(folder)
    if (place / FILE).exists():
        message = f"there is a store at `{place}` already: use it, or choose another `--home`"
        raise StateError(message)
    files = read_world(world)
    place.parent.mkdir(parents=True, exist_ok=True)
    # ORDER: all is made beside the place and moved there last, so that nothing is ever half a store
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".govagents-") as beside:
        draft = Path(beside) / "store"
        records = create_records(draft, demo=demo, at=DEMO_START if demo else MachineClock().now())
        with records.begin() as tx:
            at = DEMO_START if demo else MachineClock().now()
            imports.apply(tx, files, principal=_OPERATOR, at=at)
            if demo:
                tx.settings.set("clock", instant(DEMO_START))
        _furnish(draft, world, demo=demo)
        if demo:
            _seed(read_settings(draft), records)
        records.close()
        if place.exists():
            place.rmdir()
        draft.rename(place)
    return open_app(place)


def policy_files(folder: Path | None) -> Sequence[PolicyFile]:
    """The policy files of a folder, by name; none where there is no folder."""
    return _texts(folder, "*.cedar")


def example_files(folder: Path) -> Sequence[PolicyFile]:
    """The examples that lie beside the policies of a folder."""
    return _texts(folder / "examples", "*.yaml")


def _texts(folder: Path | None, pattern: str) -> Sequence[PolicyFile]:
    if folder is None or not folder.is_dir():
        return ()
    try:
        return tuple(
            PolicyFile(path.name, path.read_text(encoding="utf-8", errors="replace"))
            for path in sorted(folder.glob(pattern))
        )
    except OSError as error:
        message = f"`{error.filename}` in the policies cannot be read: {error.strerror}"
        raise ConfigurationError(message) from error


def import_world(app: App, folder: Path, *, apply: bool) -> tuple[str, ...]:
    """What differs between `folder` and the store, in lines; with `apply` it is loaded."""
    files = read_world(folder)
    with app.records.begin() as tx:
        if apply:
            found = imports.apply(tx, files, principal=_OPERATOR, at=app.clock.now())
        else:
            found = imports.difference(tx, files)
    return found.lines()


def import_catalog(app: App, file: Path, *, apply: bool) -> Catalog:
    """A catalogue file, read; with `apply` kept as a named snapshot beside the company's own."""
    catalog = read_catalogue_file(file)
    if apply:
        with app.records.begin() as tx:
            imports.import_catalog(tx, catalog, principal=_OPERATOR, at=app.clock.now())
    return catalog


def rebuild_memory(app: App) -> int:
    """Make the index anew from the database of record; how many cases it holds."""
    return app.memory.rebuild().indexed


def _clock(records: SqlRecords, now: datetime | None, *, plan_only: bool) -> Clock:
    if now is not None and plan_only:
        return FixedClock(now)
    if not records.demo:
        if now is not None:
            message = "`--now` is for demo stores; elsewhere it goes with `--plan-only`"
            raise InputError(message)
        return MachineClock()
    clock = DemoClock(records)
    if now is not None:
        clock.move(now)
    return clock


def _ending(settings: StoreSettings, now: datetime | None, *, plan_only: bool) -> Ending:
    records = open_records(settings.home, unsigned=True)
    clock = _clock(records, now, plan_only=plan_only)
    targets, problems = _targets(settings, demo=records.demo)
    expiry = Expiry(records, targets, clock)
    unsigned = (records.unsigned,) if records.unsigned else ()
    skipped = (*unsigned, *settings.problems, *problems)
    guard = partial(_late_guard, settings, expiry, skipped)
    sweeper = Sweeper(records, expiry, guard, clock, MachineClock())
    return Ending(records, expiry, sweeper, clock, settings, skipped)


def _late_guard(
    settings: StoreSettings, expiry: Expiry, skipped: tuple[str, ...]
) -> GuardedTargets:
    """The guard, made when there is something to give.

    Raises:
        GovAgentsError: it cannot be made, whatever the cause.
    """
    _insist(skipped)
    try:
        return _guard(settings, expiry, decision_point(policy_files(settings.policies)))
    except GovAgentsError:
        raise
    except Exception as error:
        message = f"what giving needs cannot be made: {error}"
        raise ConfigurationError(message) from error


def _insist(problems: Sequence[str]) -> None:
    """Giving needs the store whole: the first problem stops it."""
    if problems:
        raise ConfigurationError(problems[0])


def _guard(
    settings: StoreSettings, expiry: Expiry, policy: CedarDecisionPoint | Refusing
) -> GuardedTargets:
    records, clock = expiry.records, expiry.clock

    def sweeper_alive() -> bool:
        with records.begin() as tx:
            return alive(tx, MachineClock().now())

    return GuardedTargets(
        records=records,
        facts=RecordedFacts(records, clock, policy.panels),
        policy=policy,
        targets=expiry.targets,
        expiry=expiry,
        proof=ProofCheck(read_weights(settings.weights)),
        clock=clock,
        sweeper_alive=sweeper_alive,
    )


def _services(settings: StoreSettings, guard: GuardedTargets, memory: IndexedMemory) -> Services:
    records = guard.records
    return Services(
        words=RecordedWords(records),
        catalogs=RecordedCatalogs(records),
        directory=RecordedDirectory(records),
        tickets=RecordedTickets(records),
        model=_model(settings.model),
        prompts=FilePrompts(content("prompts")),
        holdings=RecordedHoldings(records, guard.clock),
        usage=RecordedUsage(records),
        weights=guard.proof.weights,
        facts=guard.facts,
        policy=guard.policy,
        memory=memory,
        guard=guard,
        records=records,
        clock=guard.clock,
    )


def _model(spec: str) -> Model:
    return LocalModel() if spec == "local" else chat_model(spec)


class _Targets(NamedTuple):
    targets: Targets
    problems: tuple[str, ...]


def _targets(settings: StoreSettings, *, demo: bool) -> _Targets:
    """Every target that can be opened, and what is wrong with the others."""
    enabled, problems = dict(settings.connectors), []
    if demo and set(enabled) - {"sim"}:  # SECURITY: in a demo store anybody is whoever they say
        enabled = {name: digest for name, digest in enabled.items() if name == "sim"}
        problems.append("a demo store loads no connector but `sim`: make a store of your own")
    loaded = load_connectors(enabled)
    opened = open_targets(loaded.classes, set(settings.systems.values()), settings.home)
    by_system = {
        SystemId(system): opened.targets[target]
        for system, target in settings.systems.items()
        if system != "*"
    }
    everything_else = settings.systems.get("*")
    otherwise = opened.targets[everything_else] if everything_else is not None else None
    found = (*problems, *loaded.problems, *opened.problems)
    return _Targets(Targets(by_system, otherwise), found)


def _furnish(draft: Path, world: Path, *, demo: bool) -> None:
    """What an operator edits: policies, weights, settings; to begin with as the world has them."""
    policies, weights = (world / "policies").is_dir(), (world / "weights.toml").is_file()
    if policies:
        shutil.copytree(world / "policies", draft / "policies")
    if weights:
        shutil.copyfile(world / "weights.toml", draft / "weights.toml")
    text = (
        demo_settings(policies=policies, weights=weights, target=_DEMO_TARGET)
        if demo
        else company_settings(policies=policies, weights=weights)
    )
    (draft / FILE).write_text(text, encoding="utf-8")


def _seed(settings: StoreSettings, records: SqlRecords) -> None:
    """The demo company's targets show what was held before anything was asked of us."""
    target = _targets(settings, demo=True).targets.otherwise
    if not isinstance(target, Seedable):
        return
    with records.begin() as tx:
        world, catalog = tx.world(), tx.catalog()
    target.seed(
        (system, item.role, item.identity)
        for item in world.assignments
        if item.expires is None or item.expires > DEMO_START
        for system in catalog.systems_of(catalog.roles[item.role])
    )
