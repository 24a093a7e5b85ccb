"""A small company and its ports in memory, for tests of perception."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from govagents.adapters.models.local import LocalModel
from govagents.adapters.prompts import FilePrompts
from govagents.domain.catalog import AccessLevel, Catalog, Permission, Role, Sensitivity
from govagents.domain.identity import Ceiling, Identity, Kind, NonHuman, Person
from govagents.domain.ids import IdentityId, PermissionId, RequestId, RoleId, SystemId, TicketId
from govagents.domain.prompt import Prompt
from govagents.domain.question import Resolution
from govagents.domain.request import Reading, Request
from govagents.domain.rules import Eligibility, Prohibition
from govagents.domain.text import Untrusted
from govagents.domain.world import System, Ticket, World
from govagents.perception.reader import Reader
from govagents.perception.resolver import Resolver, ToResolve
from govagents.ports import Model

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PROMPTS = FilePrompts(Path(__file__).parents[3] / "prompts")

_DOES = {
    "library:books:read": "Look up books and where they stand.",
    "library:books:write": "Catalogue a book or correct its entry.",
    "library:loans:read": "See who has borrowed which book.",
    "library:loans:extend": "Extend a loan by two weeks.",
    "library:fines:waive": "Waive an overdue fine.",
    "greenhouse:vents:read": "See how far the roof vents are open.",
    "greenhouse:vents:write": "Open or close the roof vents.",
    "greenhouse:irrigation:run": "Start an irrigation cycle by hand.",
    "greenhouse:irrigation:read": "See when each bed was watered.",
    "observatory:dome:rotate": "Rotate the dome of the telescope.",
    "observatory:plates:read": "View photographic plates of the sky survey.",
    "observatory:plates:export": "Export photographic plates in bulk.",
}
_CHANGES = ("write", "extend", "waive", "run", "rotate")


def _permission(name: str, does: str) -> Permission:
    action = name.rsplit(":", 1)[1]
    level = AccessLevel.WRITE if action in _CHANGES else AccessLevel.READ
    system = SystemId(name.split(":", maxsplit=1)[0])
    return Permission(PermissionId(name), level, Sensitivity.INTERNAL, does, system)


def _role(name: str, title: str, system: str, *permissions: str) -> Role:
    held = frozenset(map(PermissionId, permissions))
    return Role(RoleId(name), title, held, title, SystemId(system))


def _all_of(system: str) -> tuple[str, ...]:
    return tuple(name for name in _DOES if name.startswith(system))


CATALOG = Catalog(
    "small",
    "1",
    "small",
    {PermissionId(name): _permission(name, does) for name, does in _DOES.items()},
    {
        role.id: role
        for role in (
            _role(
                "lib-desk", "Lending Desk", "library", "library:loans:read", "library:loans:extend"
            ),
            replace(
                _role("lib-admin", "Library Administrator", "library", *_all_of("library")),
                privileged=True,
            ),
            _role("gh-keeper", "Vent Keeper", "greenhouse", *_all_of("greenhouse:vents")),
            _role("gh-water", "Irrigation Hand", "greenhouse", *_all_of("greenhouse:irrigation")),
            _role("ob-dome", "Dome Turner", "observatory", "observatory:dome:rotate"),
            _role("ob-plates", "Plate Reader", "observatory", *_all_of("observatory:plates")),
        )
    },
)


def _person(name: str, title: str, department: str, team: str, **more: str) -> Identity:
    person = Person(
        title,
        department,
        team,
        IdentityId(more["manager"]) if "manager" in more else None,
        more.get("location", "North"),
        more.get("employment", "employee"),
        1,
        more.get("status", "active"),
    )
    ident = name.casefold().replace(" ", ".").replace("é", "e")
    return Identity(IdentityId(ident), Kind.PERSON, name, person=person)


PEOPLE = (
    _person("Ada Quill", "Librarian", "Library", "Lending"),
    _person("Max Winter", "Library Clerk", "Library", "Lending", manager="ada.quill"),
    _person("Max Sommer", "Gardener", "Garden", "Beds"),
    _person("Zoé Brook", "Astronomer", "Sky", "Survey"),
    _person("Finn Lund", "Intern", "Library", "Lending", manager="ada.quill", employment="intern"),
    _person("Otto Gone", "Librarian", "Library", "Lending", status="leaver"),
)
ROBOT = Identity(
    IdentityId("agent-shelf"),
    Kind.AGENT,
    "Shelf agent",
    nonhuman=NonHuman(
        IdentityId("ada.quill"),
        None,
        "prod",
        None,
        "Sorts",
        Ceiling(Sensitivity.INTERNAL, frozenset({SystemId("library")})),
    ),
)
TICKETS = (
    Ticket(TicketId("INC-1001"), "incident", "Loans are wrong", "open", IdentityId("max.winter")),
    Ticket(TicketId("INC-1002"), "incident", "Old", "closed", IdentityId("ada.quill")),
    Ticket(
        TicketId("CHG-2001"),
        "change",
        "Stocktaking",
        "scheduled",
        IdentityId("ada.quill"),
        window=(datetime(2026, 11, 28, 6, tzinfo=UTC), datetime(2026, 11, 29, 18, tzinfo=UTC)),
    ),
)
SYSTEMS = tuple(
    System(SystemId(name), title, IdentityId("ada.quill"))
    for name, title in (
        ("library", "Town library"),
        ("greenhouse", "Greenhouse control"),
        ("observatory", "Observatory"),
    )
)
WORLD = World(
    1,
    {identity.id: identity for identity in (*PEOPLE, ROBOT)},
    {system.id: system for system in SYSTEMS},
    (),
    {ticket.id: ticket for ticket in TICKETS},
    (),
    Eligibility({}, 3, {}, (Prohibition("keep-a-copy", "No copies for oneself."),)),
    settings={"warnings": {"cues": {"keep-a-copy": ("private mail*", "unknown")}}},
)


@dataclass
class Ports:
    """Words, catalog, directory, tickets and clock at once."""

    said: list[str] = field(default_factory=list)
    catalog: Catalog = CATALOG
    company: World = WORLD

    def of(self, request: RequestId) -> tuple[Untrusted, ...]:
        assert request
        return tuple(Untrusted(text) for text in self.said)

    def current(self) -> Catalog:
        return self.catalog

    def world(self) -> World:
        return self.company

    def now(self) -> datetime:
        return NOW

    def find(self, ticket: TicketId) -> Ticket | None:
        return self.company.tickets.get(ticket)


def request_of(speaker: str, asked_for: str | None = None) -> Request:
    given = IdentityId(asked_for) if asked_for else None
    return Request(RequestId("r1"), IdentityId(speaker), given, NOW, "digest")


def read(ports: Ports, speaker: str = "ada.quill", model: Model | None = None) -> Reading:
    reader = Reader(model or LocalModel(), PROMPTS, ports, ports, ports)
    return reader({"request": request_of(speaker)})["reading"]


def understand(
    *said: str,
    speaker: str = "ada.quill",
    asked_for: str | None = None,
    model: Model | None = None,
) -> Resolution:
    """Reads and resolves the request, then each answer in turn, as the graph does."""
    ports, found = Ports(), None
    for count in range(1, len(said) + 1):
        ports.said = list(said[:count])
        state: ToResolve = {
            "request": request_of(speaker, asked_for),
            "reading": read(ports, speaker, model),
        }
        if found is not None:
            state["resolution"] = found
        found = Resolver(ports, ports, ports, ports, ports)(state)["resolution"]
    assert found is not None
    return found


class Scripted:
    """A model that gives one prepared answer and keeps what it was asked."""

    name = "scripted"

    def __init__(self, answer: Mapping[str, Any] | Exception) -> None:
        self._answer = answer
        self.inputs: Mapping[str, object] = {}

    def answer(
        self,
        prompt: Prompt,
        inputs: Mapping[str, object],
        words: Sequence[Untrusted],
        *,
        into: type[Any],
    ) -> Any:  # noqa: ANN401  # whatever form was asked for
        assert prompt.id == "read"
        assert words
        self.inputs = inputs
        if isinstance(self._answer, Exception):
            raise self._answer
        return into.model_validate(self._answer)
