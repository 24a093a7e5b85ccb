"""A store and a company small enough to be read at a glance."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from govagents.adapters.sql.imports import apply
from govagents.adapters.sql.records import SqlRecords, create_records
from govagents.adapters.sql.sqlite_file import DATABASE
from govagents.adapters.world.read import read_world
from govagents.audit.life import grant_digest
from govagents.domain.decision import Answer
from govagents.domain.event import Event
from govagents.domain.grant import GIVING, LIVE, Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId, RoleId, SystemId
from govagents.domain.request import Status, Window
from govagents.ports import Transaction

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANA, BO = IdentityId("ana"), IdentityId("bo")
READER = RoleId("reader")

SYSTEMS = "- {id: shop, name: Shop, owner: bo}\n"
PERMISSIONS = (
    '{"id": "shop:orders:read", "system": "shop", "access_level": "read", '
    '"sensitivity": "internal", "description": "See orders."}\n'
    '{"id": "shop:orders:write", "system": "shop", "access_level": "write", '
    '"sensitivity": "confidential", "description": "Change orders."}\n'
)
ROLES = (
    '{"id": "reader", "name": "Reader", "system": "shop", "permissions": ["shop:orders:read"], '
    '"owner": "bo", "privileged": false, "max_hours": 8, "requestable_by": ["human", "agent"]}\n'
)
IDENTITIES = (
    '{"id": "bo", "kind": "person", "name": "Bo", "department": "Sales", "manager": null, '
    '"clearance": 2, "status": "active"}\n'
    '{"id": "ana", "kind": "person", "name": "Ana", "department": "Sales", "manager": "bo", '
    '"clearance": 1, "status": "active"}\n'
    '{"id": "helper", "kind": "agent", "name": "Helper", "owner": "ana", "expires": "2027-01-01", '
    '"purpose": "Helps.", "ceiling": {"max_sensitivity": "internal", "systems": ["shop"]}}\n'
)
FILES = {
    "systems.yaml": SYSTEMS,
    "permissions.jsonl": PERMISSIONS,
    "roles.jsonl": ROLES,
    "identities.jsonl": IDENTITIES,
}


def folder_of(place: Path, files: Mapping[str, str | bytes] = FILES) -> Path:
    """A world's folder with these files."""
    folder = place / "shop"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def store_in(place: Path, name: str = "0a1b2c3d", address: str | None = None) -> SqlRecords:
    """An empty demo store."""
    return create_records(place / "store", demo=True, at=NINE, name=name, address=address)


def stocked(
    place: Path, files: Mapping[str, str | bytes] = FILES, *, address: str | None = None
) -> SqlRecords:
    """A demo store with the small company in it."""
    records = store_in(place, address=address)
    with records.begin() as tx:
        apply(tx, read_world(folder_of(place, files)), principal=BO, at=NINE)
    return records


def event(about: str = "req_1", kind: str = "grant.applied", **digests: str) -> Event:
    return Event(
        kind=kind,
        at=NINE,
        agent="provisioner",
        principal="ana",
        subject="ana",
        about=about,
        policy="none",
        evaluation="none",
        decision="permit",
        reason="none",
        ttl=timedelta(hours=1),
        digests=digests,
    )


def grant(request: RequestId, status: Status = Status.ACTIVATING, name: str = "gr_aaaaaa") -> Grant:
    return Grant(
        id=GrantId(name),
        request=request,
        beneficiary=ANA,
        role=READER,
        targets=(SystemId("shop"),),
        window=Window(NINE, NINE + timedelta(hours=1)),
        status=status,
        decision="ev_1",
        owners=(BO,),
    )


def keep(tx: Transaction, grant: Grant) -> None:
    """A grant as it is, with the entries that its life up to there would have left."""
    tx.grants.add(grant)
    for kind, then in _life(grant):
        entry = event(grant.request, f"grant.{kind}", grant=grant_digest(then))
        said = f"{grant.id} {grant.role} {' '.join(grant.targets)}"
        if kind.startswith("end"):
            said = f"{grant.id} {grant.cause or 'none'}"
        tx.log.append(replace(entry, reason=said, subject=grant.beneficiary, decision=then.status))


def _life(grant: Grant) -> Iterator[tuple[str, Grant]]:
    given = replace(grant, status=Status.ACTIVATING, cause="", ended=None)
    yield "intended", given
    if grant.status is not Status.ACTIVATING:
        yield "verified", replace(given, status=Status.ACTIVE)
    if grant.status in LIVE - GIVING:
        yield "ending", grant
    elif grant.status not in LIVE:
        yield "ended", grant


def answer(request: RequestId, person: str, *, consent: bool, proposal: str = "p1") -> Answer:
    return Answer(request, IdentityId(person), consent, proposal, "c1", NINE)


def decision_body(quorum: int, *seats: str, proposal: str = "p1") -> bytes:
    seated = [{"kind": "role-owner", "person": seat, "why": "owner"} for seat in seats]
    consents = [{"role": "reader", "seats": seated, "quorum": quorum}]
    return json.dumps({"consents": consents, "proposal_digest": proposal}).encode()


def tamper(records: SqlRecords, statement: str, *values: object) -> None:
    """What whoever can write the file can do: change rows, and leave no other trace."""
    with closing(sqlite3.connect(records.folder / DATABASE)) as connection:
        triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        there = connection.execute(triggers).fetchall()
        for name, _ in there:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement, values)
        for _, trigger in there:
            with suppress(sqlite3.OperationalError):  # its table is gone
                connection.execute(trigger)
        connection.commit()
