"""Grants: who was given what, until when, and what became of it.

Rules:
1. One request has at most one live grant of a role, whoever tries to add another.
2. A grant never changes hands: its request, beneficiary and role stay as they were added.
3. An ended grant stays ended; having the role again takes a new grant.
4. INVARIANT (access ends): what is read here is what the log says (`audit.life`), not what was
   written into a row since. A row that was put back, changed or taken out gives nothing, hides
   nothing and lengthens nothing. What can be read from neither is left out of lists, and named.
5. An ended row whose grant the log does not call live is believed without looking further.
6. What is listed costs what is shown: the log is read through by a sweep alone (`doubted`).
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from govagents.adapters.sql.grant_rows import GrantRows
from govagents.adapters.sql.lives import Lives
from govagents.adapters.sql.requests import SqlFindings
from govagents.adapters.sql.store import Store
from govagents.audit.life import Entry, Reading, read
from govagents.domain.canonical import canonical
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId
from govagents.domain.request import Status
from govagents.errors import IntegrityError, StateError, UnknownNameError
from govagents.findings import decode

_ENDED = frozenset({Status.EXPIRED, Status.REVOKED, Status.CANCELLED, Status.LAPSED, Status.DENIED})
_SAID = {"row": "it cannot be read, or is gone", "log": "the log knows no such grant"}


class SqlGrants:
    """`ports.Grants`."""

    def __init__(self, session: Session, store: Store) -> None:
        """One transaction's view."""
        self._rows, self._lives = GrantRows(session, store), Lives(session)
        self._findings = SqlFindings(session)
        self._as_of: Mapping[GrantId, Sequence[Entry]] | None = None
        self._known: dict[GrantId, Grant | None] = {}

    def add(self, grant: Grant) -> None:
        """Keep a new grant, and a copy of it as it was given, for (4).

        Raises:
            StateError: its request has a live grant of the role already, or the name is taken.
        """
        if self.get(grant.id) is not None:
            message = f"there is a grant `{grant.id}` already: draw a fresh name"
            raise StateError(message)
        for other in self.of_request(grant.request):
            if other.role == grant.role and {other.status, grant.status} <= LIVE:  # (1)
                message = f"`{other.id}` already gives `{grant.role}` for `{grant.request}`"
                raise StateError(message)
        self._put(grant)
        self._findings.add(grant.request, _copy_of(grant.id), canonical(grant))

    def get(self, grant: GrantId) -> Grant | None:
        """The grant, or None if there is none of that name.

        Raises:
            IntegrityError: its row cannot be read, and the log does not know it.
        """
        reading = self._read(grant)
        return None if reading is None else reading.grant

    def differs(self, grant: GrantId) -> tuple[str, ...]:
        """In which fields a grant's row is not what the log says; none where they agree."""
        reading = self._read(grant)
        return () if reading is None else reading.differs

    def doubted(self, *, whole: bool = False) -> Mapping[GrantId, str]:
        """Grants that are live by row or log, and why one of the two is not believed.

        `whole` = read all of the log (6), and file again what it calls live.
        """
        lacking = self._lives.whole() if whole else ()
        found = {
            name: f"the grant `{name}` was not filed as going on; it is now" for name in lacking
        }
        live = [*self._rows.names(LIVE), *self._lives.live()]
        for name in dict.fromkeys(live):
            try:
                differs = self.differs(name)
            except IntegrityError as error:
                found[name] = str(error)
                continue
            if differs:
                how = ", ".join(_SAID.get(each, each) for each in differs)
                found[name] = f"the row of grant `{name}` is not what the log says ({how})"
        return found

    def save(self, grant: Grant) -> None:
        """Keep what became of a grant.

        Raises:
            UnknownNameError: there is no such grant.
            StateError: it has ended, or it would become somebody else's.
        """
        before = self.get(grant.id)
        if before is None:
            message = f"there is no grant `{grant.id}`: `grant list` shows what there is"
            raise UnknownNameError(message)
        if (before.request, before.beneficiary, before.role) != (
            grant.request,
            grant.beneficiary,
            grant.role,
        ):  # (2)
            message = f"`{grant.id}` is `{before.role}` for `{before.beneficiary}` and stays that"
            raise StateError(message)
        if before.status in _ENDED and grant.status is not before.status:  # (3)
            message = f"`{grant.id}` is {before.status} and stays that: ask anew"
            raise StateError(message)
        # SECURITY: a row that the log does not know, made to look like this one, would stop its end
        self._rows.make_way(grant)
        self._put(grant)

    def of_request(self, request: RequestId) -> tuple[Grant, ...]:
        """Every grant of one request, oldest first."""
        names = [*self._rows.of_request(request), *self._lives.of_request(request)]
        return tuple(grant for grant in self._whole(names) if grant.request == request)

    def of_identity(self, identity: IdentityId) -> tuple[Grant, ...]:
        """Every grant to one identity, oldest first."""
        live = self._lives.live().items()
        given = [name for name, entries in live if entries[0].event.subject == identity]
        names = [*self._rows.of_identity(identity), *given]
        return tuple(grant for grant in self._whole(names) if grant.beneficiary == identity)

    def names(
        self, statuses: frozenset[Status] | None, beneficiary: IdentityId | None = None
    ) -> tuple[GrantId, ...]:
        """Ids, oldest first, with those that can be read from neither row nor log.

        `statuses` None = whatever the status is. One that is no word of the vocabulary could stand
        for any, so that such a row is named whichever were asked for.
        """
        damaged = {*self._rows.names(statuses), *self._rows.odd()}
        return tuple(
            name
            for name, grant in self._each(self._named(statuses))
            if (name in damaged if grant is None else _is(grant, statuses, beneficiary))
        )

    def list(self, statuses: frozenset[Status] | None = None) -> tuple[Grant, ...]:
        """Every grant, oldest first."""
        whole = self._whole(self._named(statuses))
        return tuple(grant for grant in whole if _is(grant, statuses, None))

    def ended(self, since: datetime) -> tuple[Grant, ...]:
        """Every grant that ended at `since` or later, oldest first."""
        whole = self._whole(self._rows.ended(since))
        return tuple(grant for grant in whole if grant.status not in LIVE)

    def _named(self, statuses: frozenset[Status] | None) -> Iterable[GrantId]:
        wanted = None if statuses is None else statuses | LIVE
        named = {*self._rows.names(wanted), *self._rows.odd(), *self._lives.live()}
        return sorted(named, key=lambda name: (self._rows.place(name), name))

    def _whole(self, names: Iterable[GrantId]) -> Iterator[Grant]:
        return (grant for _, grant in self._each(names) if grant is not None)

    def _each(self, names: Iterable[GrantId]) -> Iterable[tuple[GrantId, Grant | None]]:
        """Each once; None = it can be read from neither row nor log.

        What was read before is known, unless a row was written since or the log has grown: nobody
        else writes before this transaction has ended.
        """
        live, wanted = self._lives.live(), tuple(dict.fromkeys(names))
        if live is not self._as_of:
            self._as_of, self._known = live, {}
        new = [name for name in wanted if name not in self._known]
        rows = self._rows.several(new) if new else {}
        for name in new:
            self._known[name] = self._quickly(name, rows.get(name), live)
        return ((name, self._known[name]) for name in wanted)

    def _quickly(self, name: GrantId, row: Grant | None, live: Container[GrantId]) -> Grant | None:
        """(5)."""
        if row is not None and name not in live and row.status not in LIVE:
            return row
        try:
            return self.get(name)
        except IntegrityError:
            return None

    def _put(self, grant: Grant) -> None:
        self._rows.put(grant)
        self._as_of = None

    def _read(self, name: GrantId) -> Reading | None:
        """(4)."""
        try:
            row, damage = self._rows.get(name), None
        except IntegrityError as error:
            row, damage = None, error
        entries = self._lives.of_grant(name)
        if damage is not None and not entries:
            raise damage
        return read(row, entries, lambda: self._copy(name, entries))

    def _copy(self, name: GrantId, entries: Sequence[Entry]) -> Grant | None:
        body = self._findings.latest(RequestId(entries[0].event.about), _copy_of(name))
        try:
            return None if body is None else decode(body, Grant)
        except IntegrityError:
            return None


def _copy_of(name: GrantId) -> str:
    return f"grant {name}"


def _is(grant: Grant, statuses: frozenset[Status] | None, beneficiary: IdentityId | None) -> bool:
    return (statuses is None or grant.status in statuses) and beneficiary in {
        None,
        grant.beneficiary,
    }
