"""Which grants may be live, filed as entries are written, so that no list reads the whole log.

Rules:
1. A grant is filed with the entry that begins it and taken out with that of its end, in the same
   transaction.
2. It says where to look and nothing else: what is live is judged by the entries (`lives`). A name
   too many is looked up in vain.
3. SECURITY: a name that somebody took out hides its grant only where he changed its row too, and
   until the next sweep, which reads the log from end to end, names it and files it again.
"""

from collections.abc import Iterable

from sqlalchemy import String, bindparam, delete, exists, insert
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, select

from govagents.adapters.sql.columns import TABLES, Row
from govagents.domain.ids import GrantId

_BEGUN, _ENDED, _REASON = b'"kind":"grant.intended"', b'"kind":"grant.ended"', b'"reason":"'


class GoingRow(Row, table=True):
    """One grant that was begun and not ended."""

    __tablename__ = "going"
    grant: str = Field(primary_key=True)


_TABLE = TABLES.tables["going"]
_NAME = bindparam("name", type_=String)
_FILED = insert(_TABLE).from_select(
    ["grant"], select_columns(_NAME).where(~exists().where(_TABLE.c.grant == _NAME))
)


def file_entry(session: Session, leaf: bytes) -> None:
    """(1)."""
    if _BEGUN in leaf:
        session.execute(_FILED, {"name": grant_in(leaf)})
    elif has_ended(leaf):
        session.execute(delete(_TABLE).where(_TABLE.c.grant == grant_in(leaf)))


def refile(session: Session, live: Iterable[GrantId]) -> tuple[GrantId, ...]:
    """(3) Files what is live as it should be; names that were lacking."""
    filed, wanted = set(session.exec(select(GoingRow.grant))), set(live)
    lacking = sorted(wanted - filed)
    for name in sorted(filed - wanted):
        session.execute(delete(_TABLE).where(_TABLE.c.grant == name))
    if lacking:
        session.execute(insert(_TABLE), [{"grant": name} for name in lacking])
    return tuple(lacking)


def has_ended(leaf: bytes) -> bool:
    """Whether it is the entry of a grant's end."""
    return _ENDED in leaf


def grant_in(leaf: bytes) -> GrantId:
    """The first word of an entry's reason, found without reading all of it.

    >>> grant_in(b'{"kind":"grant.ended","reason":"gr_1 expired"}')
    'gr_1'
    """
    _, _, reason = leaf.partition(_REASON)
    word = reason.partition(b'"')[0].partition(b" ")[0]
    return GrantId(word.decode(errors="replace"))
