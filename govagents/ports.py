"""Every hole in the system on one page: what the engine needs and the outside supplies.

Inside the engine ports are small Protocols. `Connector` and `Lookup` are abstract classes, because
privileged code must opt in by name and the loader needs something it can recognise.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from govagents.domain.canonical import Plain
from govagents.domain.case import Case
from govagents.domain.catalog import Catalog
from govagents.domain.decision import Answer, Decision
from govagents.domain.event import Event
from govagents.domain.facts import FactSheet
from govagents.domain.grant import Change, Effect, Grant
from govagents.domain.ids import (
    GrantId,
    IdentityId,
    PermissionId,
    RequestId,
    RoleId,
    SystemId,
    TicketId,
)
from govagents.domain.notice import Notice, Posted
from govagents.domain.precedent import Precedent, Recalled
from govagents.domain.prompt import Prompt
from govagents.domain.proposal import Proposal
from govagents.domain.request import Request, Status, Window
from govagents.domain.sight import Shown
from govagents.domain.span import Call, Span
from govagents.domain.text import Untrusted
from govagents.domain.world import Ticket, Use, World

# What a connector raises; files in tools/ import this page and the nouns alone.
from govagents.errors import OutcomeUnknownError as OutcomeUnknownError  # noqa: PLC0414  # on purpose
from govagents.errors import TargetRefusedError as TargetRefusedError  # noqa: PLC0414  # on purpose
from govagents.errors import (  # on purpose
    TargetUnavailableError as TargetUnavailableError,  # noqa: PLC0414
)

T = TypeVar("T")


class Clock(Protocol):
    """The one source of time. A demo store's clock stands still between commands."""

    def now(self) -> datetime: ...


# --- what perception reads


class Words(Protocol):
    """What the speaker wrote, oldest first: the request, then each answer. Erased text is empty."""

    def of(self, request: RequestId) -> tuple[Untrusted, ...]: ...


class Catalogs(Protocol):
    """The catalog in force."""

    def current(self) -> Catalog: ...


class Directory(Protocol):
    """Identities, systems and who stands how to whom."""

    def world(self) -> World: ...


class Tickets(Protocol):
    """The ticket system's own word; text about tickets counts for nothing."""

    def find(self, ticket: TicketId) -> Ticket | None: ...


class Model(Protocol):
    """Answers one prompt about untrusted words, as data of the form asked for.

    `inputs` is trusted data the prompt names; the words travel apart from it.

    Raises:
        ModelError: unreachable, or the answer does not fit `into`.
    """

    @property
    def name(self) -> str: ...

    def answer(
        self,
        prompt: Prompt,
        inputs: Mapping[str, object],
        words: Sequence[Untrusted],
        *,
        into: type[T],
    ) -> T: ...


class Prompts(Protocol):
    """Prompts by the name of the node that sends them."""

    def __getitem__(self, name: str) -> Prompt: ...


# --- what planning reads


@dataclass(frozen=True)
class Holding:
    """One role somebody has or is about to have; `window` None = standing, without end."""

    identity: IdentityId
    role: RoleId
    window: Window | None
    source: str


class Holdings(Protocol):
    """Held, active, pending and scheduled roles of an identity and all its agents."""

    def of(self, identity: IdentityId, window: Window) -> tuple[Holding, ...]: ...


class Readings(Protocol):
    """What targets show of each planned change; only looks. `of_a_plan`: of which none is kept."""

    def of(self, request: Request, planned: Sequence[Change]) -> tuple[Shown, ...]: ...

    def of_a_plan(self) -> "Readings": ...


class Usage(Protocol):
    """The usage log, for evidence; None = there is no log, which is not "never used"."""

    def of(
        self, identities: Collection[IdentityId], permissions: Collection[PermissionId]
    ) -> Mapping[IdentityId, tuple[Use, ...]] | None: ...


class Facts(Protocol):
    """Gathers the fact sheet of a case; `again` is for what is live and was given on `given`."""

    def sheet(self, case: Case) -> FactSheet: ...

    def again(self, case: Case, given: FactSheet) -> FactSheet: ...


class DecisionPoint(Protocol):
    """Policy over facts. Never raises for a bad policy or fact: that is a deny with the reason."""

    def decide(self, sheet: FactSheet, proposal: Proposal) -> Decision: ...


class Memory(Protocol):
    """An index over closed cases. It advises; losing it changes no verdict."""

    def recall(self, request: RequestId, words: Sequence[Untrusted]) -> Recalled: ...

    def remember(self, precedent: Precedent, words: Sequence[Untrusted]) -> None: ...


# --- what acts


class Guard(Protocol):
    """The one door to targets. Giving takes a request id and nothing else."""

    def grant(self, request: RequestId) -> Effect: ...

    def observe(self, request: RequestId) -> tuple[Change, ...]: ...

    def end(self, grant: GrantId, *, actor: IdentityId, cause: str) -> Status: ...


@dataclass(frozen=True)
class Order:
    """What a connector is told: make `subject` hold `role` on `system`, or not."""

    system: SystemId
    role: RoleId
    subject: IdentityId
    fence: str


class Tracer(Protocol):
    """Draws an id for each call of a tool, and keeps its span if it is told where."""

    def span(self, call: Call) -> AbstractContextManager[Span]: ...


@dataclass(frozen=True)
class Limits:
    """What a target can and cannot do. `native_expiry` = it ends access by itself."""

    max_time: timedelta | None = None
    native_expiry: bool = False


class Connector(ABC):
    """One kind of target. Set-state and idempotent: both changes may be repeated.

    A connector holds no policy, audit, retry or time arithmetic. It raises TargetError's
    subclasses; after any failure the guard believes `holders` alone. Its docstring says what
    "holding" means there and which rights its own account needs. Each call comes from a thread of
    its own, which is left alone when it does not come back within the limit of the settings.
    """

    scheme: str
    limits: Limits = Limits()

    @classmethod
    @abstractmethod
    def at(cls, address: str, folder: Path) -> "Connector":
        """The target at `address` (what follows the scheme); `folder` is the store's."""

    @abstractmethod
    def holders(self, system: SystemId, role: RoleId) -> frozenset[IdentityId]:
        """Who holds `role` now, read from the target: a set of names, and nothing else is one."""

    @abstractmethod
    def grant(self, order: Order) -> None:
        """Make it so; already so is success."""

    @abstractmethod
    def revoke(self, order: Order) -> None:
        """Make it not so, and end open sessions; already not so is success."""


@runtime_checkable
class Seedable(Protocol):
    """A simulated target, which can be told what was held before anything was asked of us."""

    def seed(self, holdings: Iterable[tuple[SystemId, RoleId, IdentityId]]) -> None: ...


class Turns(Protocol):
    """Whose turn it is to run a request: one holder at a time, over all processes.

    A turn is never outlived: it is free again as soon as its holder is dead.
    """

    def take(self, request: RequestId, *, wait: bool) -> AbstractContextManager[bool]: ...


class Courier(Protocol):
    """Tells a person something outside of the store. What it raises: TargetError's subclasses."""

    def deliver(self, notice: Notice) -> None: ...


# --- the database of record


class Findings(Protocol):
    """What each node found, by state key, newest last. Bodies are canonical JSON."""

    def add(self, request: RequestId, key: str, body: bytes) -> str: ...

    def latest(self, request: RequestId, key: str) -> bytes | None: ...

    def all(self, request: RequestId) -> tuple[tuple[str, bytes], ...]: ...


class Requests(Protocol):
    """Requests, their words and their status."""

    def add(
        self, speaker: IdentityId, asked_for: IdentityId | None, at: datetime, text: str
    ) -> Request: ...

    def get(self, request: RequestId) -> Request | None: ...

    def status(self, request: RequestId) -> Status: ...

    def set_status(
        self, request: RequestId, status: Status, *, at: datetime, note: str = ""
    ) -> None: ...

    def note(self, request: RequestId) -> str: ...

    def since(self, request: RequestId) -> datetime: ...

    def list(self, statuses: frozenset[Status] | None = None) -> tuple[RequestId, ...]: ...

    def say(self, request: RequestId, speaker: IdentityId, text: str) -> str: ...

    def words(self, request: RequestId) -> tuple[Untrusted, ...]: ...


class Answers(Protocol):
    """People's answers; what is settled takes no second one (StateError)."""

    def add(self, answer: Answer) -> None: ...

    def of(self, request: RequestId) -> tuple[Answer, ...]: ...

    def denials(self, beneficiary: IdentityId, since: datetime) -> tuple[Answer, ...]: ...


class Grants(Protocol):
    """Grants as the log bears them out, whatever was written into their rows since.

    `add` refuses (StateError) a second live grant of one request and role. `differs` names the
    fields in which a row is not believed, `doubted` says so of all that may be held; `whole` looks
    for them in all of the log. `ended` are those that ended at `since` or later.
    """

    def add(self, grant: Grant) -> None: ...

    def get(self, grant: GrantId) -> Grant | None: ...

    def save(self, grant: Grant) -> None: ...

    def of_request(self, request: RequestId) -> tuple[Grant, ...]: ...

    def of_identity(self, identity: IdentityId) -> tuple[Grant, ...]: ...

    def names(
        self, statuses: frozenset[Status] | None, beneficiary: IdentityId | None = None
    ) -> tuple[GrantId, ...]: ...

    def list(self, statuses: frozenset[Status] | None = None) -> tuple[Grant, ...]: ...

    def ended(self, since: datetime) -> tuple[Grant, ...]: ...

    def differs(self, grant: GrantId) -> tuple[str, ...]: ...

    def doubted(self, *, whole: bool = False) -> Mapping[GrantId, str]: ...


class Log(Protocol):
    """The transparency log, written in the transaction of what it tells."""

    def append(self, event: Event) -> int: ...

    def of(self, about: str) -> tuple[tuple[int, Event], ...]: ...

    def size(self) -> int: ...


class Settings(Protocol):
    """Small facts of the store: demo, clock, latest instant seen, sweeper's last sign of life."""

    def get(self, name: str) -> Plain: ...

    def set(self, name: str, value: Plain) -> None: ...


class Transaction(Protocol):
    """One unit of work: all of it and its log entries, or none.

    `version` counts changes of what decisions read, told by `bump`; `vouched` = all was signed.
    """

    findings: Findings
    requests: Requests
    answers: Answers
    grants: Grants
    log: Log
    settings: Settings

    def version(self) -> int: ...

    def bump(self) -> None: ...

    def world(self) -> World: ...

    def catalog(self, name: str | None = None) -> Catalog: ...

    def uses(
        self, identities: Collection[IdentityId], permissions: Collection[PermissionId]
    ) -> Mapping[IdentityId, tuple[Use, ...]] | None: ...

    def precedents(self) -> Iterator[Precedent]: ...

    def keep(self, precedent: Precedent) -> None: ...

    def notify(
        self, person: IdentityId, about: str, text: str, at: datetime, *, once: bool = False
    ) -> bool: ...

    def notices(self, person: IdentityId) -> tuple[tuple[datetime, str, str], ...]: ...

    def unsent(self, since: datetime) -> tuple[Posted, ...]: ...

    def save_posted(self, posted: Posted) -> None: ...
    def vouched(self) -> bool: ...


class Records(Protocol):
    """The database of record. `begin` is serialisable: BEGIN IMMEDIATE or SERIALIZABLE."""

    def begin(self) -> AbstractContextManager[Transaction]: ...
