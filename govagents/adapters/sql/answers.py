"""People's answers to one exact proposal.

Rules:
1. Nobody answers the same proposal twice.
2. A denial settles a proposal: no answer comes after it.
3. A consent settles it when, with it, every role has its quorum of seats. Where no decision about
   the proposal is on record, the first consent settles it. If seats pass to other people before
   anything is given, a later decision says so, and they may answer.
4. Whoever comes second is told who decided and when; two at once yield one row, because one waits
   for the other's transaction and an index admits one settling row.
5. A denial is remembered for the beneficiary of the proposal, not for who asked. What was denied is
   read from the log, found by what its entries say and not by how they are filed; rows must agree.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, Session, col, select

from govagents.adapters.sql.columns import Instant, Row
from govagents.adapters.sql.log import EntryRow
from govagents.adapters.sql.requests import FindingRow, RequestRow
from govagents.adapters.sql.sealed import touch
from govagents.adapters.sql.speech import POSTGRES, SQLITE, speech_of
from govagents.adapters.sql.store import Store
from govagents.audit.trail import event_of
from govagents.domain.canonical import canonical, digest
from govagents.domain.decision import Answer
from govagents.domain.event import Event
from govagents.domain.ids import IdentityId, RequestId
from govagents.errors import IntegrityError, StateError, UnknownNameError

_DENIED = "answer.denied"
IS_DENIAL = {
    speech: text(speech.holds.format(f'"kind":"{_DENIED}"')) for speech in (SQLITE, POSTGRES)
}
# finds them in a log of any length
Index("denial", col(EntryRow.idx), sqlite_where=IS_DENIAL[SQLITE]).ddl_if(dialect="sqlite")
ON_POSTGRES = f"CREATE INDEX denial ON entry (idx) WHERE {IS_DENIAL[POSTGRES]}"


class AnswerRow(Row, table=True):
    """One answer; `settles` = nothing comes after it."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("request", "proposal_digest", "person"),  # (1)
        Index(
            "one_settles",
            "request",
            "proposal_digest",
            unique=True,
            sqlite_where=text("settles"),
        ),  # (4)
    )
    n: int | None = Field(default=None, primary_key=True)
    request: str = Field(index=True)
    person: str
    consent: bool
    proposal_digest: str
    catalog_digest: str
    at: datetime = Field(sa_type=Instant)
    reason_digest: str = ""
    beneficiary: str = Field(index=True)
    settles: bool


class SqlAnswers:
    """`ports.Answers`."""

    def __init__(self, session: Session, store: Store) -> None:
        """One transaction's view."""
        self._session, self._store = session, store

    def add(self, answer: Answer) -> None:
        """Keep an answer.

        Raises:
            StateError: the proposal is settled, or this person answered it already.
            UnknownNameError: there is no such request.
        """
        earlier = [
            row
            for row in self._rows(answer.request)
            if row.proposal_digest == answer.proposal_digest
        ]
        for row in earlier:
            if row.person == answer.person or not row.consent:  # (1) (2)
                raise _too_late(row)
        consenting = {row.person for row in earlier}
        for row in earlier:
            if row.settles and self._complete(answer, consenting):  # (3)
                raise _too_late(row)
            row.settles = False
            touch(self._session, "answer", row.n)
        self._session.flush()
        kept = AnswerRow(
            request=answer.request,
            person=answer.person,
            consent=answer.consent,
            proposal_digest=answer.proposal_digest,
            catalog_digest=answer.catalog_digest,
            at=answer.at,
            reason_digest=answer.reason_digest,
            beneficiary=self._beneficiary(answer),
            settles=not answer.consent or self._complete(answer, consenting | {answer.person}),
        )
        self._session.add(kept)
        self._session.flush()
        touch(self._session, "answer", kept.n, new=True)
        self._store.row.version += 1

    def of(self, request: RequestId) -> tuple[Answer, ...]:
        """Every answer, oldest first."""
        return tuple(_answer(row) for row in self._rows(request))

    def denials(self, beneficiary: IdentityId, since: datetime) -> tuple[Answer, ...]:
        """What people denied this beneficiary from `since` on, oldest first (5).

        Raises:
            IntegrityError: the log says something else than the rows.
        """
        logged = self._logged(beneficiary, since)
        names = {event.digests.get("answer", "") for event in logged}
        query = select(AnswerRow).where(
            (col(AnswerRow.beneficiary) == beneficiary)
            | col(AnswerRow.request).in_(sorted({event.about for event in logged})),
            col(AnswerRow.consent).is_(False),
            AnswerRow.at >= since,
        )
        rows = {digest(_answer(row)): row for row in self._session.exec(query)}
        counted = {name for name, row in rows.items() if row.beneficiary == beneficiary}
        if not counted <= names <= rows.keys():
            message = f"the denials kept for `{beneficiary}` are not those in the log"
            raise IntegrityError(f"{message}: run `audit verify`")
        return tuple(_answer(rows[event.digests["answer"]]) for event in logged)

    def _logged(self, beneficiary: IdentityId, since: datetime) -> Sequence[Event]:
        named = canonical({"subject": beneficiary})[1:-1]  # as it stands in a leaf
        denials = select(EntryRow.leaf).where(IS_DENIAL[speech_of(self._session)])
        leaves = self._session.exec(denials.order_by(col(EntryRow.idx)))
        events = (event_of(leaf) for leaf in leaves if named in leaf)
        return [
            event
            for event in events
            if (event.kind, event.subject) == (_DENIED, beneficiary) and event.at >= since
        ]

    def _rows(self, request: RequestId) -> Sequence[AnswerRow]:
        query = select(AnswerRow).where(AnswerRow.request == request)
        return self._session.exec(query.order_by(col(AnswerRow.n))).all()

    def _beneficiary(self, answer: Answer) -> str:
        """(5)."""
        for body in self._findings(answer.request):
            if sha256(body).hexdigest() == answer.proposal_digest:
                return str(_parsed(body).get("beneficiary"))
        request = self._session.get(RequestRow, answer.request)
        if request is None:
            message = (
                f"there is no request `{answer.request}`: `inbox` shows what waits for an answer"
            )
            raise UnknownNameError(message)
        return request.asked_for or request.speaker

    def _complete(self, answer: Answer, consenting: set[str]) -> bool:
        """(3)."""
        for body in self._findings(answer.request):
            found = _parsed(body)
            if "consents" in found and found.get("proposal_digest") == answer.proposal_digest:
                return all(_filled(consent, consenting) for consent in found["consents"])
        return True

    def _findings(self, request: RequestId) -> Sequence[bytes]:
        """Newest first."""
        query = select(FindingRow.body).where(FindingRow.request == request)
        return self._session.exec(query.order_by(col(FindingRow.n).desc())).all()


def _parsed(body: bytes) -> Mapping[str, Any]:
    found = json.loads(body)
    return found if isinstance(found, dict) else {}


def _filled(consent: Mapping[str, Any], consenting: set[str]) -> bool:
    seated = {seat["person"] for seat in consent["seats"]}
    return len(seated & consenting) >= int(consent["quorum"])


def _too_late(row: AnswerRow) -> StateError:
    word = "approved" if row.consent else "denied"
    when = f"{row.at:%Y-%m-%d %H:%M} UTC"
    return StateError(
        f"`{row.request}` is already answered: `{row.person}` {word} it on {when}; "
        f"see `request show {row.request}`"
    )


def _answer(row: AnswerRow) -> Answer:
    return Answer(
        request=RequestId(row.request),
        person=IdentityId(row.person),
        consent=row.consent,
        proposal_digest=row.proposal_digest,
        catalog_digest=row.catalog_digest,
        at=row.at,
        reason_digest=row.reason_digest,
    )
