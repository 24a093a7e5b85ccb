"""Parts of a store that are gone and that ending needs, made anew where it is opened to end.

Rules:
1. INVARIANT (taking back never waits): where grants are filed is empty then, and the next sweep
   files what is live from the log; settings are those of a store that nobody set anything in.
2. Whether it is a demo, and for a demo the time, are what the log says of them: the first entry,
   and the latest.
3. What was made is said, and nothing is given by whoever opened it so.
4. Notices the log does not replace: they are lost, but some ends are told of as they are begun.
"""

from sqlalchemy import inspect
from sqlmodel import Session

from govagents.adapters.sql.columns import TABLES
from govagents.adapters.sql.going import GoingRow
from govagents.adapters.sql.notices import NoticeRow
from govagents.adapters.sql.seals import SealedRow, SealRow
from govagents.adapters.sql.store import SettingRow, SqlSettings
from govagents.audit.clock import told_by
from govagents.audit.trail import event_of
from govagents.domain.canonical import instant

_LEAVES = "SELECT leaf FROM entry ORDER BY idx"
_MADE = "the table `{}` was gone: it is made anew from the log, and the next sweep goes by it"
_EMPTY = "the table `{}` was gone: it is made anew, and what people were told before is lost"
_UNSEALED = "the table `{}` was gone: what is written from now on is sealed, what was before is not"
_SAID = {"notice": _EMPTY, "seal": _UNSEALED, "sealed": _UNSEALED}


def mend(session: Session) -> tuple[str, ...]:
    """Sentences on what was gone.

    Raises:
        IntegrityError: an entry of the log, which would tell what was there, cannot be read.
    """
    connection = session.connection()
    kept = inspect(connection)
    wanted = (
        str(row.__tablename__) for row in (GoingRow, SettingRow, NoticeRow, SealRow, SealedRow)
    )
    gone = [name for name in wanted if not kept.has_table(name)]
    for name in gone:
        TABLES.tables[name].create(connection)  # (1)
    if SettingRow.__tablename__ in gone:
        _tell_again(session)
    return tuple(_SAID.get(name, _MADE).format(name) for name in gone)  # (3)


def _tell_again(session: Session) -> None:
    """(2)."""
    leaves = [bytes(row[0]) for row in session.connection().exec_driver_sql(_LEAVES)]
    first, settings = event_of(leaves[0] if leaves else b"{}"), SqlSettings(session)
    demo = first.decision == "demo"
    settings.fix("demo", demo)
    if demo:
        settings.set("clock", instant(told_by(leaves, first.at)))
