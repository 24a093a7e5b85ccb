"""A small company, its catalog, closed cases, and a record of them that lies in the test's hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

from govagents.domain.catalog import AccessLevel, Catalog, Permission, Sensitivity
from govagents.domain.identity import Ceiling, Identity, Kind, NonHuman, Person
from govagents.domain.ids import IdentityId, PermissionId, RequestId, SystemId
from govagents.domain.precedent import Precedent, Recalled
from govagents.domain.question import About, Clarity, Option, Question, Resolution
from govagents.domain.request import Need, Request, Status, Understanding
from govagents.domain.rules import Eligibility
from govagents.domain.text import Span, Untrusted
from govagents.domain.world import World
from govagents.errors import GovAgentsError
from govagents.ports import Transaction

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
READ, WRITE, DUMP = (PermissionId(f"ledger:{verb}") for verb in ("read", "write", "dump"))
SPEAKER, AGENT, GONE = (IdentityId(name) for name in ("lea", "agent-7", "gus"))
ASKED = "please let me look at the November ledger entries of the Basel office until tonight"
OTHER = "restart the billing workers after the deployment"


def permission(item: PermissionId, sensitivity: Sensitivity) -> Permission:
    return Permission(item, AccessLevel.READ, sensitivity, f"May {item}")


CATALOG = Catalog(
    name="small",
    version="1",
    digest="catalog-1",
    permissions={
        READ: permission(READ, Sensitivity.INTERNAL),
        WRITE: permission(WRITE, Sensitivity.CONFIDENTIAL),
        DUMP: permission(DUMP, Sensitivity.RESTRICTED),
    },
    roles={},
)


def person(clearance: int, status: str = "active") -> Person:
    return Person("clerk", "finance", "ledger", None, "Basel", "employee", clearance, status)


def machine(limit: Sensitivity) -> NonHuman:
    ceiling = Ceiling(limit, frozenset({SystemId("ledger")}))
    return NonHuman(SPEAKER, None, "prod", None, "posting", ceiling)


ELIGIBILITY = Eligibility(
    clearance={
        Sensitivity.PUBLIC: 0,
        Sensitivity.INTERNAL: 1,
        Sensitivity.CONFIDENTIAL: 2,
        Sensitivity.RESTRICTED: 3,
    },
    clearance_restricted_management=4,
    department_bound={},
    prohibitions=(),
)
WORLD = World(
    version=1,
    identities={
        SPEAKER: Identity(SPEAKER, Kind.PERSON, "Lea", person(2)),
        AGENT: Identity(AGENT, Kind.AGENT, "Agent", nonhuman=machine(Sensitivity.INTERNAL)),
        GONE: Identity(GONE, Kind.PERSON, "Gus", person(4, "leaver")),
    },
    systems={},
    assignments=(),
    tickets={},
    separation=(),
    eligibility=ELIGIBILITY,
)


def precedent(request: str = "req_old", *needs: PermissionId, **changes: object) -> Precedent:
    made = Precedent(
        request=RequestId(request),
        kind="outcome",
        beneficiary=SPEAKER,
        department="finance",
        needs=needs or (READ,),
        roles=(),
        ending=Status.EXPIRED.value,
        at=NOW - timedelta(days=30),
        expires=NOW + timedelta(days=150),
        catalog=CATALOG.digest,
        sensitivity=max(CATALOG.permissions[item].sensitivity.rank for item in needs or (READ,)),
        source="librarian",
        entry=7,
        text_digest=f"digest of {request}",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # each test names real fields


def request(identity: IdentityId = SPEAKER, name: str = "req_new") -> Request:
    return Request(RequestId(name), identity, None, NOW, f"digest of {name}")


def understanding(*needs: PermissionId) -> Understanding:
    wanted = tuple(Need(item, 90, Span(0, 5)) for item in needs)
    return Understanding(SPEAKER, SPEAKER, wanted, None, None, None)


def clear(*needs: PermissionId) -> Resolution:
    return Resolution(Clarity.CLEAR, understanding(*needs))


def question(*offered: PermissionId, about: About = About.PERMISSION) -> Question:
    return Question(about, "which?", tuple(Option(item, f"May {item}") for item in offered))


def unclear(*offered: PermissionId, about: About = About.PERMISSION) -> Resolution:
    return Resolution(Clarity.UNCLEAR, understanding(), question(*offered, about=about))


@dataclass
class Ledger:
    """A record of closed cases and of words, as plain values; None = erased."""

    cases: list[Precedent] = field(default_factory=list)
    texts: dict[RequestId, str] = field(default_factory=dict)
    status: Status = Status.EXPIRED
    entries: int = 0

    def close(self, case: Precedent, text: str) -> Precedent:
        """A case is kept and its words are spoken, without any index knowing."""
        self.cases.append(case)
        self.texts[case.request] = text
        return case

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Only what memory touches."""
        parts = SimpleNamespace(
            requests=SimpleNamespace(words=self.of, status=lambda _: self.status),
            log=SimpleNamespace(of=lambda about: tuple((n, about) for n in range(self.entries))),
            precedents=lambda: iter(tuple(self.cases)),
            keep=self.cases.append,
        )
        yield cast("Transaction", parts)

    def of(self, request: RequestId) -> tuple[Untrusted, ...]:
        """`ports.Words`, too."""
        return (Untrusted(self.texts.get(request, "")),)


@dataclass(frozen=True)
class Company:
    """`ports.Catalogs`, `Directory` and `Clock` in one."""

    catalog: Catalog = CATALOG
    at: datetime = NOW

    def current(self) -> Catalog:
        return self.catalog

    def world(self) -> World:
        return WORLD

    def now(self) -> datetime:
        return self.at


@dataclass
class Remembering:
    """`ports.Memory` that recalls what the test says and keeps what it is told."""

    cases: Sequence[tuple[Precedent, int]] = ()
    kept: list[Precedent] = field(default_factory=list)

    def recall(self, request: RequestId, words: Sequence[Untrusted]) -> Recalled:
        del request, words
        return Recalled(tuple(self.cases), "by hand")

    def remember(self, precedent: Precedent, words: Sequence[Untrusted]) -> None:
        del words
        self.kept.append(precedent)


@dataclass(frozen=True)
class Failing:
    """`ports.Memory` that cannot be used."""

    error: GovAgentsError

    def recall(self, request: RequestId, words: Sequence[Untrusted]) -> Recalled:
        del request, words
        raise self.error

    def remember(self, precedent: Precedent, words: Sequence[Untrusted]) -> None:
        del precedent, words
        raise self.error
