"""One unit of work on the database of record."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from govagents.adapters.sql import catalogs, notices, remembered, worlds
from govagents.adapters.sql.answers import SqlAnswers
from govagents.adapters.sql.either import attempt, changes
from govagents.adapters.sql.grants import SqlGrants
from govagents.adapters.sql.log import SqlLog
from govagents.adapters.sql.requests import SqlFindings, SqlRequests
from govagents.adapters.sql.seals import Seals
from govagents.adapters.sql.store import SCHEMA, SqlSettings, Store
from govagents.adapters.world.assemble import world_of
from govagents.adapters.world.company import company_of
from govagents.audit.checkpoint import Signer
from govagents.audit.sealing import Signed, unsigned
from govagents.domain.catalog import Catalog
from govagents.domain.event import OF_THE_LOG
from govagents.domain.ids import IdentityId, PermissionId
from govagents.domain.notice import Posted
from govagents.domain.precedent import Precedent
from govagents.domain.world import Use, World
from govagents.errors import IntegrityError
from govagents.policy.answering import accountable
from govagents.ports import Answers, Findings, Grants, Log, Requests, Settings

IMPORTED = "world.imported"
WORLD = "world"
_MOST_CATALOGS = 4


@dataclass
class Cache:
    """What transactions of one `Records` need not read again: named by digest, so never stale."""

    world: tuple[str, World] | None = None
    catalogs: dict[str, Catalog] = field(default_factory=dict)
    caught_up: bool = False
    signed: "tuple[Signed | None, int] | None" = None  # what was signed last, at how many entries


class SqlTransaction:
    """`ports.Transaction`. Everything written here is committed together, or not at all."""

    findings: Findings
    requests: Requests
    answers: Answers
    grants: Grants
    log: Log
    settings: Settings

    def __init__(self, session: Session, signer: Signer | None, cache: Cache) -> None:
        """Reads nothing yet."""
        self.session = session
        self._before = changes(session)
        self.store = Store(session)
        self._signer, self._seals = signer, Seals(session)
        self._cache, self._log = cache, SqlLog(session, signer, self._answers_for)
        self.findings = SqlFindings(session)
        self.requests = SqlRequests(session, self.store)
        self.answers = SqlAnswers(session, self.store)
        self.grants = SqlGrants(session, self.store)
        self.log = self._log
        self.settings = SqlSettings(session)

    def version(self) -> int:
        """How often anything changed that a decision reads."""
        return self.store.row.version

    def bump(self) -> None:
        """Something did."""
        self.store.row.version += 1

    def world(self) -> World:
        """The company in force.

        Raises:
            ConfigurationError: none was ever loaded.
            IntegrityError: its records are not those that were imported.
        """
        digest, version = self.store.row.world, self.version()
        cached = self._cache.world
        if cached is None or digest is None or cached[0] != digest:
            with attempt(self.session):  # whoever can do without the company goes on
                company = company_of(worlds.items(self.session, self.store))
                self._check_logged(str(digest))
            cached = (str(digest), world_of(company, version))
        if cached[1].version != version:
            cached = (cached[0], replace(cached[1], version=version))
        self._cache.world = cached
        return cached[1]

    def catalog(self, name: str | None = None) -> Catalog:
        """The catalog in force, the newest of a name, or one by its digest.

        Raises:
            ConfigurationError: no company was ever loaded.
            UnknownNameError: there is none of that name.
            IntegrityError: it is not what its digest says.
        """
        digest = catalogs.catalog_digest(self.session, self.store, name)
        cached = self._cache.catalogs
        if digest not in cached:
            kept = dict(list(cached.items())[1 - _MOST_CATALOGS :])
            cached = {**kept, digest: catalogs.read_catalog(self.session, digest)}
            self._cache.catalogs = cached
        return cached[digest]

    def uses(
        self, identities: Collection[IdentityId], permissions: Collection[PermissionId]
    ) -> Mapping[IdentityId, tuple[Use, ...]] | None:
        """What the usage log says of each that used any of these; None = there is no log."""
        return worlds.uses(self.session, identities, permissions)

    def precedents(self) -> Iterator[Precedent]:
        """Every ending kept, oldest first."""
        return remembered.precedents(self.session)

    def keep(self, precedent: Precedent) -> None:
        """Keep an ending, with where it comes from."""
        remembered.keep(self.session, self._log, precedent)

    def notify(
        self, person: IdentityId, about: str, text: str, at: datetime, *, once: bool = False
    ) -> bool:
        """Leave a notice, `once` = unless the same was said already; whether it was left."""
        row = notices.NoticeRow(person=person, about=about, text=text, at=at)
        return notices.notify(self.session, row, once=once)

    def notices(self, person: IdentityId) -> tuple[tuple[datetime, str, str], ...]:
        """A person's notices, oldest first."""
        return notices.notices(self.session, person)

    def unsent(self, since: datetime) -> tuple[Posted, ...]:
        """Notices since then that were told nowhere but here, oldest first."""
        return notices.unsent(self.session, since)

    def save_posted(self, posted: Posted) -> None:
        """How far telling it elsewhere has come."""
        notices.save_posted(self.session, posted)

    def wrote(self) -> bool:
        """Whether anything was written so far."""
        self._write_down()
        return changes(self.session) != self._before

    def seal(self) -> None:
        """Signs what was appended and what is kept; the last thing before the commit."""
        self._write_down()
        if not self._cache.caught_up or self._seals.touched or self.wrote():
            signer = self._signer if self._told_unsigned() else None
            self._log.catch_up()
            self._log.seal()
            size = self._log.size()
            self._cache.signed, self._cache.caught_up = (
                (self._seals.close(signer, size), size),
                True,
            )

    def vouched(self) -> bool:
        """Whether all that was there when it began was signed; without a key nobody could tell."""
        key = None if self._signer is None else self._signer.key
        kept, size = self._seals.kept(), self._log.before()
        if key is None or size == 0:
            return True
        if kept is None:
            return False
        return (kept, size) == self._cache.signed or kept.size_under(key) == size

    def _told_unsigned(self) -> bool:
        """Whether all that was there is signed, or an entry says now that it was not (`seals`)."""
        if self.vouched():
            return True
        if self._seals.kept() is None:
            return False
        try:
            self._log.append(unsigned(self._log.newest(), SCHEMA))
        except IntegrityError:  # a damaged tree: what only reads goes on, and nothing is signed
            return False
        return True

    def _write_down(self) -> None:
        """What objects hold and no row does yet."""
        self.session.flush()
        self.store.save()

    def _answers_for(self, principal: str) -> str:
        """Who answers for a principal now; a company that cannot be read keeps nothing from ending.

        INVARIANT (taking back never waits): what gives has read the company before it comes here.
        """
        if principal in OF_THE_LOG:
            return principal
        try:
            return accountable(self.world(), IdentityId(principal)) or "none"
        except Exception:  # noqa: BLE001  # whatever was put in its rows
            return "unknown"

    def _check_logged(self, digest: str) -> None:
        """INVARIANT (one door): who edits the company and its digest, but not the log, is found."""
        logged = [event for _, event in self.log.of(WORLD) if event.kind == IMPORTED]
        catalog = self.store.row.catalog
        if not logged or (digest, catalog) != (
            logged[-1].digests.get("world"),
            logged[-1].digests.get("catalog"),
        ):
            message = (
                "the company in the store is not the one the log saw imported: import it again"
            )
            raise IntegrityError(message)
